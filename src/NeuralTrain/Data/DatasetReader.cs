namespace NeuralTrain;

/// <summary>Gathers the rows of a data set into batches, in their order or in one drawn for the epoch.</summary>
internal sealed class DatasetReader : BatchReader
{
    private readonly Dataset _data;
    private readonly BatchPlan _plan;
    private readonly int[]? _order;
    private readonly Matrix _inputMemory;
    private readonly Matrix _targetMemory;
    private readonly float[] _weightMemory;
    private Matrix _inputs;
    private Matrix _targets;
    private int _next;

    public DatasetReader(Dataset data, BatchPlan plan)
    {
        Guard.AtLeast(plan.BatchSize, 1, nameof(plan.BatchSize), "a batch has at least one row");
        _data = data;
        _plan = plan;
        if (plan.ShuffleSeed is ulong seed)
        {
            // A merged row makes the last batch one longer.
            int longest = Math.Min(plan.BatchSize + 1, data.Inputs.Rows);
            _order = Shuffle.Order(data.Inputs.Rows, seed, plan.Epoch);
            _inputMemory = new Matrix(longest, data.InputSize);
            _targetMemory = new Matrix(longest, data.TargetSize);
            _weightMemory = data.SampleWeights.IsEmpty ? [] : new float[longest];
        }
        else
        {
            _weightMemory = [];
        }
    }

    public override Matrix Inputs => _inputs;

    public override Matrix Targets => _targets;

    public override ReadOnlySpan<float> SampleWeights => _data.SampleWeights.IsEmpty ? []
        : _order is null ? _data.SampleWeights.Slice(_next - _inputs.Rows, _inputs.Rows)
        : _weightMemory.AsSpan(0, _inputs.Rows);

    public override bool Read()
    {
        int left = _data.Inputs.Rows - _next;
        if (left == 0)
        {
            return false;
        }

        int rows = Math.Min(_plan.BatchSize, left);
        if (_plan.MergeLastRow && left == rows + 1)
        {
            rows++;
        }

        if (_order is null)
        {
            _inputs = _data.Inputs.SliceRows(_next, rows);
            _targets = _data.Targets.SliceRows(_next, rows);
        }
        else
        {
            _inputs = _inputMemory.SliceRows(0, rows);
            _targets = _targetMemory.SliceRows(0, rows);
            Gather(rows);
        }

        _next += rows;
        return true;
    }

    private void Gather(int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            int row = _order![_next + i];
            _data.Inputs.Row(row).CopyTo(_inputs.Row(i));
            _data.Targets.Row(row).CopyTo(_targets.Row(i));
            if (_weightMemory.Length > 0)
            {
                _weightMemory[i] = _data.SampleWeights[row];
            }
        }
    }
}
