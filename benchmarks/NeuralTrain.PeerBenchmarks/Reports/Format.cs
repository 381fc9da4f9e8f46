namespace NeuralTrain.PeerBenchmarks;

/// <summary>How figures are written.</summary>
internal static class Format
{
    /// <summary>Seconds in the unit that suits them: <c>0.41 µs</c>, <c>8.3 ms</c>.</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 1e-3 => $"{Digits(seconds * 1e6)} µs",
        < 1 => $"{Digits(seconds * 1e3)} ms",
        _ => $"{Digits(seconds)} s",
    };

    /// <summary>A factor: <c>1.25×</c>.</summary>
    public static string Factor(double factor) => $"{Digits(factor)}×";

    /// <summary>Operations per second: <c>87.1</c> (GFLOP/s).</summary>
    public static string Rate(double operationsPerSecond) => $"{operationsPerSecond / 1e9:0.0}";

    /// <summary>A part of a whole: <c>91 %</c>.</summary>
    public static string Share(double share) => $"{100 * share:0} %";

    private static string Digits(double value) => value switch
    {
        < 10 => $"{value:0.00}",
        < 100 => $"{value:0.0}",
        _ => $"{value:0}",
    };
}
