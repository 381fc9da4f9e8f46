namespace NeuralTrain;

/// <summary>
/// The gradients that travel down a row of layers: two matrices in turn, one that a layer reads from and one that it writes into.
/// </summary>
/// <param name="layers">How many layers there are.</param>
internal sealed class GradientPair(int layers)
{
    private readonly GrowingMatrix _even = new();
    private readonly GrowingMatrix _odd = new();
    private readonly Matrix[] _below = new Matrix[layers];
    private int _reservedFrom = int.MaxValue;

    /// <summary>The batch has another shape than before.</summary>
    public void Forget() => _reservedFrom = int.MaxValue;

    /// <summary>What each layer writes the gradient of its input into, by the layer's place; made anew for a batch of another shape only.</summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="widths">The widths between the layers.</param>
    /// <param name="first">The layer at which the backward pass ends; what it writes is not among them.</param>
    public ReadOnlySpan<Matrix> Below(int rows, ReadOnlySpan<int> widths, int first)
    {
        if (first < _reservedFrom)
        {
            Reserve(rows, widths, first);
        }

        return _below;
    }

    // Both matrices at the widest each must hold first, so that none is allocated twice on the way down.
    private void Reserve(int rows, ReadOnlySpan<int> widths, int first)
    {
        int even = 0, odd = 0;
        for (int i = first + 1; i < widths.Length - 1; i++)
        {
            even = i % 2 == 0 ? Math.Max(even, widths[i]) : even;
            odd = i % 2 == 0 ? odd : Math.Max(odd, widths[i]);
        }

        _even.View(rows, even);
        _odd.View(rows, odd);
        for (int i = first + 1; i < _below.Length; i++)
        {
            _below[i] = (i % 2 == 0 ? _even : _odd).View(rows, widths[i]);
        }

        _reservedFrom = first;
    }
}
