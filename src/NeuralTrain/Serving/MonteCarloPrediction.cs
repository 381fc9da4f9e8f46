namespace NeuralTrain;

/// <summary>What many passes with different masks say together.</summary>
public sealed class MonteCarloPrediction
{
    internal MonteCarloPrediction(Matrix mean, Matrix deviation, int passes)
    {
        Mean = mean;
        Deviation = deviation;
        Passes = passes;
    }

    /// <summary>The mean over the passes, <c>[samples × outputs]</c>.</summary>
    public Matrix Mean { get; }

    /// <summary>The standard deviation over the passes (with T − 1), same shape: how much the answer depends on what was dropped.</summary>
    public Matrix Deviation { get; }

    /// <summary>T, how many passes there were.</summary>
    public int Passes { get; }
}
