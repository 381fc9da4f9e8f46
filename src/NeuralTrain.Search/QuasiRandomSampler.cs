namespace NeuralTrain;

/// <summary>Spreads the trials evenly: a Halton sequence, whose digits are permuted at random.</summary>
/// <remarks>
/// <para>
/// The k-th hyper-parameter a trial asks for has the k-th prime b as its base: trial i gets φ(i) = Σⱼ πⱼ(dⱼ)·b⁻ʲ⁻¹, where dⱼ are the digits of i in base b, and πⱼ is a permutation of
/// the digits drawn from the seed, another one for each j and k. So every stretch of trials covers each range, and each pair of ranges, with fewer gaps than random
/// draws. Sources: Halton, 1960; Owen, "A randomized Halton algorithm in R", arXiv 1706.02808.
/// </para>
/// <para>From the 33rd hyper-parameter of a trial on, values are drawn at random: with so large bases the sequence is no better.</para>
/// </remarks>
public sealed class QuasiRandomSampler : Sampler
{
    private static readonly int[] Primes =
        [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131];

    /// <summary>Creates the sampler.</summary>
    /// <param name="seed">The seed. Default 0.</param>
    public QuasiRandomSampler(ulong seed = 0)
        : base(seed)
    {
    }

    /// <inheritdoc/>
    protected internal override double Draw(string name, SearchRange range, SamplerInput input)
    {
        int place = input.Chosen.Count;
        return range.At(place < Primes.Length ? Halton(Seed, place, input.Trial) : input.Random.NextDouble());
    }

    /// <inheritdoc/>
    protected internal override string Describe() => $"QuasiRandomSampler(seed {Seed})";

    /// <summary>The number in [0, 1) of a trial, in the dimension of this place.</summary>
    internal static double Halton(ulong seed, int place, int trial)
    {
        int radix = Primes[place];
        double value = 0, weight = 1;

        Random random = Seeds.RandomOf(seed, 0, $"Halton {place}");

        // After 2⁻⁵³ digits no longer change the sum. Zeros above the highest digit are permuted as well.
        while (weight > 1.0 / (1L << 53))
        {
            (trial, int d) = Math.DivRem(trial, radix);
            weight /= radix;
            int[] permutation = [.. Enumerable.Range(0, radix)];
            random.Shuffle(permutation);
            value += permutation[d] * weight;
        }

        return Math.Min(value, Math.BitDecrement(1));
    }
}
