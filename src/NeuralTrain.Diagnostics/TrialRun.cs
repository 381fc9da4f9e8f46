namespace NeuralTrain;

/// <summary>Steps of training on a clone, so that whatever is tried out leaves the live network and its optimizer as they are.</summary>
internal sealed class TrialRun
{
    /// <summary>Clones the network; without an optimizer for the clone there are passes, but no steps.</summary>
    /// <exception cref="NotSupportedException">A custom layer or optimizer cannot be cloned.</exception>
    public TrialRun(Sequential network, Loss loss, Func<Sequential, Optimizer>? optimizerFor)
    {
        (Network, Loss) = (network.Clone(), loss);
        Optimizer = optimizerFor?.Invoke(Network);
    }

    /// <summary>The clone.</summary>
    public Sequential Network { get; }

    public Loss Loss { get; }

    /// <summary>The clone's optimizer; null for passes alone.</summary>
    public Optimizer? Optimizer { get; }

    /// <summary>The gradient of the loss of the last forward pass.</summary>
    public Matrix Gradient { get; private set; }

    /// <summary>The forward pass of training, with the loss and its gradient; null if something is not finite.</summary>
    public double? Forward(Matrix inputs, Matrix targets, ReadOnlySpan<float> sampleWeights)
    {
        Matrix outputs = Network.Forward(inputs);
        if (Gradient.Rows != outputs.Rows || Gradient.Columns != outputs.Columns) Gradient = new Matrix(outputs.Rows, outputs.Columns);
        return Evaluate(Loss, outputs, targets, Gradient, sampleWeights);
    }

    /// <summary>The loss, and its gradient where one is asked for; null if it is not finite.</summary>
    public static double? Evaluate(Loss loss, Matrix outputs, Matrix targets, Matrix gradient = default, ReadOnlySpan<float> sampleWeights = default)
    {
        try
        {
            return loss.Evaluate(outputs, targets, gradient, sampleWeights);
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
            Optimizer!.Step();
            return true;
        }
        catch (NotFiniteNumberException)
        {
            return false;
        }
    }
}
