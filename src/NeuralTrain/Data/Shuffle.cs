using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The order of the rows in an epoch: a function of seed and epoch, so that a resumed training gets the same batches without saving a generator.</summary>
internal static class Shuffle
{
    /// <summary>A permutation of 0 to count − 1, by Fisher and Yates: all are equally likely.</summary>
    [MethodImpl(Jit.Full)]
    public static int[] Order(int count, ulong seed, int epoch)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) order[i] = i;

        // The epochs' draws follow each other in the seed's stream.
        var draws = new DrawStream(seed, (ulong)epoch * (ulong)count);
        for (int i = count - 1; i > 0; i--)
        {
            int other = draws.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }
}

/// <summary>Shuffles rows of a stream with a buffer of them in memory: each time one is drawn from it, the next row of the stream takes its place.</summary>
internal sealed class WindowShuffle(RowReader rows, int window, int inputSize, int targetSize, ulong seed, int epoch) : RowReader
{
    private readonly RowBlock _window = new(window, inputSize, targetSize);

    // The number of draws in an epoch is not known before its end, so epochs are far apart in the seed's stream.
    private readonly DrawStream _draws = new(seed, (ulong)epoch << 40);
    private bool _hasBegun;

    public override bool Read(RowBlock block, int row)
    {
        while (!_hasBegun && _window.Used < window && rows.Read(_window, _window.Used)) _window.Used++;
        _hasBegun = true;
        if (_window.Used == 0) return false;

        int drawn = _draws.Below(_window.Used);
        block.Copy(_window.Inputs, _window.Targets, drawn, row);

        // When the stream has ended, the remaining rows are drawn from a shrinking buffer.
        if (_window.Used < window || !rows.Read(_window, drawn)) _window.Copy(_window.Inputs, _window.Targets, --_window.Used, drawn);
        return true;
    }

    public override void Dispose() => rows.Dispose();
}

/// <summary>Whole numbers drawn one after the other from a seeded stream, with a block of it in memory at a time.</summary>
internal sealed class DrawStream(ulong seed, ulong firstDraw)
{
    private const int WordsPerDraw = 2;

    private readonly uint[] _words = new uint[16 * Philox.GroupWords];
    private ulong _position = WordsPerDraw * firstDraw;
    private bool _isFilled;

    /// <summary>A number from 0 to <paramref name="bound"/> − 1, all equally likely (to 2⁻⁴⁸).</summary>
    [MethodImpl(Jit.Full)]
    public int Below(int bound)
    {
        int place = (int)(_position % (ulong)_words.Length);
        if (place == 0 || !_isFilled) Fill();
        _position += WordsPerDraw;

        // 24 bits of each of two words make a number of 48, exact in double and below 1.
        double drawn = ((_words[place] >> 8) + ((double)(_words[place + 1] >> 8) / (1 << 24))) / (1 << 24);
        return (int)(drawn * bound);
    }

    [MethodImpl(Jit.Cold)]
    private void Fill()
    {
        Philox.Fill(_words, seed, _position / (ulong)_words.Length * ((ulong)_words.Length / Philox.GroupWords));
        _isFilled = true;
    }
}
