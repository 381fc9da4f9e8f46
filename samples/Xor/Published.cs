namespace NeuralTrain.Samples;

/// <summary>The published start and figures of the 11-line network, from lecture L1.3.</summary>
internal static class Published
{
    /// <summary>W₁ as [outputs × inputs]: the transpose of the published 3×4 matrix (NumPy's seed 1).</summary>
    public static readonly Matrix HiddenWeights = new float[,]
    {
        { -0.165955990594852f, -0.7064882183657739f, -0.20646505153866013f },
        { 0.4406489868843162f, -0.8153228104624044f, 0.07763346800671389f },
        { -0.9997712503653102f, -0.6274795772446582f, -0.1616109711934104f },
        { -0.39533485473632046f, -0.3088785459139045f, 0.370439000793519f },
    };

    /// <summary>W₂ as [outputs × inputs].</summary>
    public static readonly Matrix OutputWeights = new float[,]
    {
        { -0.5910955005369651f, 0.7562347248717908f, -0.9452248136041477f, 0.34093502035680445f },
    };

    /// <summary>The mean absolute error at iterations 0, 10 000, …, 50 000.</summary>
    public static readonly double[] Errors =
        [0.496410031903, 0.00858452565325, 0.00578945986251, 0.00462917677677, 0.00395876528027, 0.00351012256786];

    /// <summary>The four outputs after the last iteration.</summary>
    public static readonly double[] Outputs = [0.00260572, 0.99672209, 0.99701711, 0.00386759];

    /// <summary>Prints our figures, next to the published ones if we started with the same weights, and judges whether they agree.</summary>
    /// <remarks>
    /// Errors to 4 significant digits, outputs to 4 decimals only: towards the end the updates fall below what float32 can add
    /// to a weight, and outputs near 0 differ from the published ones, computed in double, by 5 in 10 000.
    /// </remarks>
    public static void Compare(SampleRun sample, double[] errors, double[] outputs)
    {
        double[] published = [.. Errors, .. Outputs], ours = [.. errors, .. outputs];
        string[] cases = ["0 0 1 → 0", "0 1 1 → 1", "1 0 1 → 1", "1 1 1 → 0"];
        string[] names = [.. Enumerable.Range(0, 6).Select(i => $"error at {i * 10_000}"), .. cases.Select(one => $"output {one}")];
        bool[] agrees = [.. published.Select((p, i) => Math.Abs(p - ours[i]) <= (i < 6 ? Math.Pow(10, Math.Floor(Math.Log10(p)) - 3) / 2 : 0.00005))];
        if (sample.GivenSeed is not null)
        {
            SampleRun.Print(["", "ours"], names.Select((name, i) => new[] { name, $"{ours[i]:0.00000000}" }));
            return;
        }

        SampleRun.Print(["", "published", "ours", "agrees"], names.Select((name, i) => new[]
            { name, $"{published[i]:0.00000000}", $"{ours[i]:0.00000000}", agrees[i] ? "yes" : "no" }));
        sample.Claim("Agrees with the published figures", agrees.All(one => one),
            $"{agrees.Count(one => one)} of {agrees.Length} (errors to 4 significant digits, outputs to 4 decimals: the limit of float32 weights)");
    }
}
