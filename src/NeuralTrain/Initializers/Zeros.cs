namespace NeuralTrain;

/// <summary>All values 0: for biases, never for the weights in front of a hidden layer (lecture L2.1, L2.7).</summary>
/// <remarks>
/// With zero weights all units of a layer compute the same, get the same gradient and stay the same: the symmetry has to be
/// broken by random numbers. PyTorch's <c>init.zeros_</c>, Keras' <c>Zeros</c>.
/// </remarks>
public sealed class Zeros : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        values.Clear();
    }
}
