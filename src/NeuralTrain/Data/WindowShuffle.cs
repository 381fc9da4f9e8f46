namespace NeuralTrain;

/// <summary>
/// Mixes rows that come in a stream: a window of them is in memory; each time one is drawn from it, and the next of the stream takes its place.
/// </summary>
internal sealed class WindowShuffle : RowReader
{
    private readonly RowReader _rows;
    private readonly int _window;
    private readonly Matrix _inputs;
    private readonly Matrix _targets;
    private readonly DrawStream _draws;
    private int _held;
    private bool _hasBegun;

    /// <summary>Takes the rows over.</summary>
    public WindowShuffle(RowReader rows, int window, int inputSize, int targetSize, ulong seed, int epoch)
    {
        _rows = rows;
        _window = window;
        _inputs = new Matrix(window, inputSize);
        _targets = new Matrix(window, targetSize);

        // The number of draws of an epoch is not known before its end: epochs lie far apart in the seed's stream.
        _draws = new DrawStream(seed, (ulong)epoch << 40);
    }

    public override bool Read(Span<float> inputs, Span<float> targets)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            while (_held < _window && _rows.Read(_inputs.Row(_held), _targets.Row(_held)))
            {
                _held++;
            }
        }

        if (_held == 0)
        {
            return false;
        }

        int drawn = _draws.Below(_held);
        _inputs.Row(drawn).CopyTo(inputs);
        _targets.Row(drawn).CopyTo(targets);
        if (_held < _window || !_rows.Read(_inputs.Row(drawn), _targets.Row(drawn)))
        {
            // The stream has ended: what is left is drawn from a window that shrinks.
            _held--;
            _inputs.Row(_held).CopyTo(_inputs.Row(drawn));
            _targets.Row(_held).CopyTo(_targets.Row(drawn));
        }

        return true;
    }

    public override void Dispose() => _rows.Dispose();
}
