namespace NeuralTrain;

/// <summary>Steps of training on a clone, so that whatever is tried out leaves the live network and its optimizer as they are.</summary>
internal sealed class TrialRun
{
    private readonly Optimizer? _optimizer;

    /// <summary>Clones network and optimizer; without an optimizer there are passes, but no steps.</summary>
    /// <exception cref="NotSupportedException">A custom layer or optimizer cannot be cloned.</exception>
    public TrialRun(Sequential network, Loss loss, Optimizer? optimizer)
    {
        (Network, Loss) = (network.Clone(), loss);
        _optimizer = optimizer?.CloneFor(Network);
    }

    /// <summary>A clone with an optimizer made for it.</summary>
    public TrialRun(Sequential network, Loss loss, Func<Sequential, Optimizer> makeOptimizer)
    {
        (Network, Loss) = (network.Clone(), loss);
        _optimizer = makeOptimizer(Network);
    }

    /// <summary>The clone.</summary>
    public Sequential Network { get; }

    public Loss Loss { get; }

    /// <summary>The clone's optimizer.</summary>
    public Optimizer Optimizer => _optimizer ?? throw new InvalidOperationException("This run was made without an optimizer, for passes alone.");

    public bool HasOptimizer => _optimizer is not null;

    /// <summary>The gradient of the loss of the last forward pass.</summary>
    public Matrix Gradient { get; private set; }

    /// <summary>The forward pass of training, with the loss and its gradient; null if something is not finite.</summary>
    public double? Forward(Matrix inputs, Matrix targets, ReadOnlySpan<float> sampleWeights)
    {
        Matrix outputs = Network.Forward(inputs);
        if (Gradient.Rows != outputs.Rows || Gradient.Columns != outputs.Columns) Gradient = new Matrix(outputs.Rows, outputs.Columns);
        try
        {
            return Loss.Evaluate(outputs, targets, Gradient, sampleWeights);
        }
        catch (NotFiniteNumberException)
        {
            return null;
        }
    }

    /// <summary>The backward pass and the step for the last forward pass; false if a gradient is not finite where that matters.</summary>
    public bool Step()
    {
        try
        {
            Network.Backward(Gradient);
            Optimizer.Step();
            return true;
        }
        catch (NotFiniteNumberException)
        {
            return false;
        }
    }
}
