namespace NeuralTrain;

/// <summary>LeCun's initialisation as a uniform distribution, w ~ U(±√(3 / fan_in)), of variance 1 / fan_in (lecture L2.6).</summary>
/// <remarks>
/// Source: LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998, eq. 16. PyTorch's
/// <c>init.kaiming_uniform_(nonlinearity='linear')</c>, Keras' <c>LecunUniform</c>.
/// </remarks>
public sealed class LeCunUniform : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        double bound = Math.Sqrt(3.0 / fanIn);
        FillUniform(values, -bound, bound, random);
    }
}
