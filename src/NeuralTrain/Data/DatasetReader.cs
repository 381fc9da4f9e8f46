using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Gathers the rows of a data set into batches, in their order or in one drawn for the epoch.</summary>
internal sealed class DatasetReader(Dataset data, BatchPlan plan) : BatchReader
{
    private readonly int[]? _order = plan.ShuffleSeed is ulong seed ? Shuffle.Order(data.Inputs.Rows, seed, plan.Epoch) : null;
    private Matrix _inputMemory, _targetMemory;
    private float[] _weightMemory = [];
    private int _next;

    public override ReadOnlySpan<float> SampleWeights => data.SampleWeights.IsEmpty ? []
        : Copies ? _weightMemory.AsSpan(0, Inputs.Rows)
        : data.SampleWeights.Slice(_next - Inputs.Rows, Inputs.Rows);

    // In the original order, batches are views, unless the caller writes into them.
    private bool Copies => _order is not null || plan.Writable;

    [MethodImpl(Jit.Full)]
    public override bool Read()
    {
        int left = data.Inputs.Rows - _next;
        int rows = Math.Min(plan.BatchSize, left);
        if (rows == 0) return false;
        if (plan.MergeLastRow && left - rows == 1) rows++;
        if (Copies)
        {
            if (_inputMemory.IsEmpty) Allocate();
            Inputs = _inputMemory.SliceRows(0, rows);
            Targets = _targetMemory.SliceRows(0, rows);
            Gather(rows);
        }
        else
        {
            Inputs = data.Inputs.SliceRows(_next, rows);
            Targets = data.Targets.SliceRows(_next, rows);
        }

        _next += rows;
        return true;
    }

    // A merged row makes the last batch one longer.
    private void Allocate()
    {
        int longest = (int)Math.Min(plan.BatchSize + (plan.MergeLastRow ? 1L : 0L), data.Inputs.Rows);
        (_inputMemory, _targetMemory, _weightMemory) = (new(longest, data.InputSize), new(longest, data.TargetSize), data.SampleWeights.IsEmpty ? [] : new float[longest]);
    }

    // Rows drawn at random are in no cache. Prefetching some was measured, and is not faster than these copies.
    [MethodImpl(Jit.Full)]
    private void Gather(int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            int row = _order is null ? _next + i : _order[_next + i];
            data.Inputs.Row(row).CopyTo(Inputs.Row(i));
            data.Targets.Row(row).CopyTo(Targets.Row(i));
            if (_weightMemory.Length > 0) _weightMemory[i] = data.SampleWeights[row];
        }
    }
}
