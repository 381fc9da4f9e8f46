using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Gathers the rows of a data set into batches, in their order or in one drawn for the epoch.</summary>
internal sealed class DatasetReader : BatchReader
{
    private readonly Dataset _data;
    private readonly BatchPlan _plan;
    private readonly int[]? _order;
    private readonly Matrix _inputMemory;
    private readonly Matrix _targetMemory;
    private readonly float[] _weightMemory = [];
    private int _next;

    public DatasetReader(Dataset data, BatchPlan plan)
    {
        plan.Check();
        (_data, _plan) = (data, plan);
        _order = plan.ShuffleSeed is ulong seed ? Shuffle.Order(data.Inputs.Rows, seed, plan.Epoch) : null;
        if (Copies)
        {
            // A merged row makes the last batch one longer.
            int longest = (int)Math.Min(plan.BatchSize + (plan.MergeLastRow ? 1L : 0L), data.Inputs.Rows);
            _inputMemory = new Matrix(longest, data.InputSize);
            _targetMemory = new Matrix(longest, data.TargetSize);
            _weightMemory = data.SampleWeights.IsEmpty ? [] : new float[longest];
        }
    }

    public override ReadOnlySpan<float> SampleWeights => _data.SampleWeights.IsEmpty ? []
        : Copies ? _weightMemory.AsSpan(0, Inputs.Rows)
        : _data.SampleWeights.Slice(_next - Inputs.Rows, Inputs.Rows);

    // In the original order, batches are views, unless the caller writes into them.
    private bool Copies => _order is not null || _plan.Writable;

    [MethodImpl(Jit.Full)]
    public override bool Read()
    {
        int left = _data.Inputs.Rows - _next;
        int rows = Math.Min(_plan.BatchSize, left);
        if (rows == 0) return false;
        if (_plan.MergeLastRow && left - rows == 1) rows++;
        if (Copies)
        {
            Inputs = _inputMemory.SliceRows(0, rows);
            Targets = _targetMemory.SliceRows(0, rows);
            Gather(rows);
        }
        else
        {
            Inputs = _data.Inputs.SliceRows(_next, rows);
            Targets = _data.Targets.SliceRows(_next, rows);
        }

        _next += rows;
        return true;
    }

    // Rows drawn at random are in no cache. Prefetching some was measured, and is not faster than these copies.
    [MethodImpl(Jit.Full)]
    private void Gather(int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            int row = _order is null ? _next + i : _order[_next + i];
            _data.Inputs.Row(row).CopyTo(Inputs.Row(i));
            _data.Targets.Row(row).CopyTo(Targets.Row(i));
            if (_weightMemory.Length > 0) _weightMemory[i] = _data.SampleWeights[row];
        }
    }
}
