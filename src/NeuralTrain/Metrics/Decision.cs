namespace NeuralTrain;

/// <summary>What a network's raw outputs decide, and what the targets say: one rule for all metrics.</summary>
internal static class Decision
{
    /// <summary>Whether each column is a yes-or-no question of its own, rather than one class among several.</summary>
    public static bool IsPerColumn(OutputKind outputKind, int outputs) => outputs == 1 || outputKind == OutputKind.BinaryScores;

    /// <summary>Whether a raw output says yes: above 0 for scores and margins, where σ is ½; above ½ for plain values, taken as probabilities.</summary>
    public static bool IsYes(OutputKind outputKind, float prediction) => prediction > (outputKind == OutputKind.Values ? 0.5f : 0);

    /// <summary>Whether a target says yes: 1 rather than 0, or rather than −1 for margins.</summary>
    public static bool IsYesTarget(OutputKind outputKind, float target) => target > (outputKind == OutputKind.Margins ? 0 : 0.5f);

    /// <summary>The column of the largest value, the first one of several.</summary>
    public static int Largest(ReadOnlySpan<float> row)
    {
        int largest = 0;
        for (int i = 1; i < row.Length; i++)
        {
            if (row[i] > row[largest])
            {
                largest = i;
            }
        }

        return largest;
    }
}
