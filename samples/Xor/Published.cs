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

    /// <summary>Whether an error agrees to 4 significant digits: within half a unit of the fourth.</summary>
    public static bool ErrorAgrees(double published, double ours) =>
        Math.Abs(published - ours) <= Math.Pow(10, Math.Floor(Math.Log10(published)) - 3) / 2;

    /// <summary>
    /// Whether an output agrees to 4 decimals. Not to 4 significant digits: towards the end the updates fall below what
    /// float32 can add to a weight, and outputs near 0 differ from the published ones, computed in double, by 5 in 10 000.
    /// </summary>
    public static bool OutputAgrees(double published, double ours) => Math.Abs(published - ours) <= 0.00005;
}
