namespace NeuralTrain;

/// <summary>Seeds for each purpose of each trial, unrelated to those of neighbouring trials, seeds and purposes.</summary>
internal static class Seeds
{
    /// <summary>A seed of 64 bits.</summary>
    public static ulong Of(ulong seed, int trial, string purpose)
    {
        // FNV-1a for the text (Fowler, Noll and Vo), the finalizer of SplitMix64 (Steele, Lea and Flood 2014) for the numbers.
        ulong text = 0xCBF29CE484222325;
        foreach (char letter in purpose) text = (text ^ letter) * 0x100000001B3;
        return Mixed(Mixed((seed << 32) + (uint)trial + 0x9E3779B97F4A7C15) ^ Mixed(seed >> 32) ^ text);
    }

    /// <summary>A generator.</summary>
    public static Random RandomOf(ulong seed, int trial, string purpose) => new((int)(Of(seed, trial, purpose) & int.MaxValue));

    private static ulong Mixed(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
