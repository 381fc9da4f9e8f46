namespace NeuralTrain;

/// <summary>Steps of training on a clone, so that whatever is tried out leaves the live network and its optimizer as they are.</summary>
internal sealed class TrialRun
{
    private Matrix _gradient;

    /// <summary>Clones both.</summary>
    /// <exception cref="NotSupportedException">A layer or a rule of one's own cannot be cloned.</exception>
    public TrialRun(Sequential network, Loss loss, Optimizer optimizer)
    {
        Network = network.Clone();
        Optimizer = optimizer.CloneFor(Network);
        Loss = loss;
    }

    /// <summary>A clone with an optimizer made for it.</summary>
    public TrialRun(Sequential network, Loss loss, Func<Sequential, Optimizer> makeOptimizer)
    {
        Network = network.Clone();
        Optimizer = makeOptimizer(Network);
        Loss = loss;
    }

    /// <summary>The clone.</summary>
    public Sequential Network { get; }

    /// <summary>The clone's optimizer.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The loss.</summary>
    public Loss Loss { get; }

    /// <summary>The forward pass of training, with the loss and its gradient; null if something is not finite.</summary>
    public double? Forward(Matrix inputs, Matrix targets, ReadOnlySpan<float> sampleWeights)
    {
        Matrix outputs = Network.Forward(inputs);
        if (_gradient.Rows != outputs.Rows || _gradient.Columns != outputs.Columns)
        {
            _gradient = new Matrix(outputs.Rows, outputs.Columns);
        }

        try
        {
            return Loss.Evaluate(outputs, targets, _gradient, sampleWeights);
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
            Network.Backward(_gradient);
            Optimizer.Step();
            return true;
        }
        catch (NotFiniteNumberException)
        {
            return false;
        }
    }

    /// <summary>Whether a network has a layer that needs two rows in each training batch.</summary>
    public static bool NeedsTwoRows(Layer network) => network.SelfAndBelow().Any(below => below.Layer is BatchNorm);
}
