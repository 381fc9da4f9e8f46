namespace NeuralTrain;

/// <summary>
/// The gradients that travel down a row of layers: two matrices in turn, one that a layer reads from and one that it writes into.
/// </summary>
internal sealed class GradientPair
{
    private readonly GrowingMatrix _even = new();
    private readonly GrowingMatrix _odd = new();
    private int _reservedFrom = int.MaxValue;

    /// <summary>The batch has another shape than before.</summary>
    public void Forget() => _reservedFrom = int.MaxValue;

    /// <summary>Takes both matrices at the widest each must hold, so that none is allocated twice on the way down.</summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="widths">The widths between the layers.</param>
    /// <param name="first">The layer at which the backward pass ends; what it writes is not among them.</param>
    public void Reserve(int rows, ReadOnlySpan<int> widths, int first)
    {
        if (first >= _reservedFrom)
        {
            return;
        }

        int even = 0, odd = 0;
        for (int i = first + 1; i < widths.Length - 1; i++)
        {
            even = i % 2 == 0 ? Math.Max(even, widths[i]) : even;
            odd = i % 2 == 0 ? odd : Math.Max(odd, widths[i]);
        }

        _even.View(rows, even);
        _odd.View(rows, odd);
        _reservedFrom = first;
    }

    /// <summary>The matrix that layer <paramref name="i"/> writes the gradient of its input into.</summary>
    public Matrix Below(int i, int rows, int columns) => (i % 2 == 0 ? _even : _odd).View(rows, columns);
}
