using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Gathers the rows of a data set into batches, in their order or in one drawn for the epoch.</summary>
internal sealed class DatasetReader(Dataset data, BatchPlan plan) : BatchReader
{
    // In the original order, batches are views, unless the caller writes into them.
    private readonly int[]? _order = plan.ShuffleSeed is ulong seed ? Shuffle.Order(data.Inputs.Rows, seed, plan.Epoch)
        : plan.Writable ? [.. Enumerable.Range(0, data.Inputs.Rows)] : null;

    private RowBlock? _block;
    private int _next;

    public override ReadOnlySpan<float> SampleWeights => data.SampleWeights.IsEmpty ? []
        : _block is not null ? _block.Weights.AsSpan(0, Inputs.Rows)
        : data.SampleWeights.Slice(_next - Inputs.Rows, Inputs.Rows);

    [MethodImpl(Jit.Full)]
    public override bool Read()
    {
        int left = data.Inputs.Rows - _next;
        int rows = Math.Min(plan.BatchSize, left);
        if (rows == 0) return false;
        if (plan.MergeLastRow && left - rows == 1) rows++;

        if (_order is null) (Inputs, Targets) = (data.Inputs.SliceRows(_next, rows), data.Targets.SliceRows(_next, rows));
        else Gather(_order.AsSpan(_next, rows));
        _next += rows;
        return true;
    }

    [MethodImpl(Jit.Full)]
    private void Gather(ReadOnlySpan<int> rows)
    {
        // A merged row makes the last batch one longer.
        _block ??= new RowBlock(
            (int)Math.Min(plan.BatchSize + (plan.MergeLastRow ? 1L : 0L), data.Inputs.Rows), data.InputSize, data.TargetSize, !data.SampleWeights.IsEmpty);
        (Inputs, Targets) = (_block.Inputs.SliceRows(0, rows.Length), _block.Targets.SliceRows(0, rows.Length));
        RowGather.Run(data.Inputs.Span, rows, Inputs.Span, data.InputSize);
        RowGather.Run(data.Targets.Span, rows, Targets.Span, data.TargetSize);
        for (int i = 0; i < _block.Weights.Length && i < rows.Length; i++) _block.Weights[i] = data.SampleWeights[rows[i]];
    }
}

/// <summary>Memory for some rows, which are copied into it one by one.</summary>
internal sealed class RowBlock(int rows, int inputSize, int targetSize, bool isWeighted = false)
{
    public readonly Matrix Inputs = new(rows, inputSize), Targets = new(rows, targetSize);
    public readonly float[] Weights = isWeighted ? new float[rows] : [];

    /// <summary>The number of rows in use, where that changes.</summary>
    public int Used;

    [MethodImpl(Jit.Entry)]
    public void Copy(Matrix inputs, Matrix targets, int row, int to, ReadOnlySpan<float> weights = default)
    {
        inputs.Row(row).CopyTo(Inputs.Row(to));
        targets.Row(row).CopyTo(Targets.Row(to));
        if (Weights.Length > 0) Weights[to] = weights[row];
    }
}
