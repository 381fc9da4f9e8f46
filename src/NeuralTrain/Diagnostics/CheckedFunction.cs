namespace NeuralTrain;

/// <summary>A function of some arrays to a single number, with the gradient that somebody's backward pass claims for it.</summary>
internal abstract class CheckedFunction
{
    /// <summary>How the table calls it.</summary>
    public abstract string Name { get; }

    /// <summary>The arrays the function depends on.</summary>
    public abstract IReadOnlyList<CheckedArray> Arrays { get; }

    /// <summary>The number of terms whose sum is the value.</summary>
    public abstract int TermCount { get; }

    /// <summary>
    /// Computes the terms whose sum is the value. Kept apart, because terms that a step leaves as they are cancel without
    /// rounding.
    /// </summary>
    public abstract void Evaluate(Span<double> terms);

    /// <summary>How many values, each rounded to float32 on its own, one term sums up.</summary>
    public abstract int ValuesPerTerm { get; }

    /// <summary>Runs the backward pass, fills <see cref="CheckedArray.Analytic"/>, and notes the rules it breaks.</summary>
    public abstract void Differentiate(List<string> problems);

    /// <summary>The first place where two arrays differ in bits, or −1.</summary>
    protected static int FirstDifference(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        for (int i = 0; i < before.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(before[i]) != BitConverter.SingleToInt32Bits(after[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Notes a problem if an array that is only to be read was written.</summary>
    protected static void NoteIfWritten(List<string> problems, string who, string what, ReadOnlySpan<float> before, Matrix after)
    {
        int place = FirstDifference(before, after.Span);
        if (place >= 0)
        {
            problems.Add(FormattableString.Invariant(
                $"{who} must only read {what}, but changed its value [{place / after.Columns}, {place % after.Columns}] from {before[place]} to {after.Span[place]}."));
        }
    }
}
