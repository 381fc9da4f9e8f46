using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Whole numbers drawn one after the other from a seeded stream, with a block of it in memory at a time.</summary>
internal sealed class DrawStream
{
    private const int FloatsPerDraw = 2;
    private const int Block = 256;

    private readonly float[] _uniform = new float[FloatsPerDraw * Block];
    private readonly ulong _seed;
    private ulong _position;
    private int _next = Block;

    /// <summary>Stands before the draw with this number in the stream of this seed.</summary>
    public DrawStream(ulong seed, ulong firstDraw)
    {
        _seed = seed;
        _position = FloatsPerDraw * firstDraw;
    }

    /// <summary>A number of 0 to <paramref name="bound"/> − 1, each with the same chance (to 2⁻⁴⁸).</summary>
    public int Below(int bound)
    {
        if (_next == Block)
        {
            CounterRandom.FillUniform(_uniform, _seed, _position);
            _position += FloatsPerDraw * Block;
            _next = 0;
        }

        // Two floats of 24 bits make a number of 48, exact in double and below 1.
        double drawn = _uniform[FloatsPerDraw * _next] + ((double)_uniform[(FloatsPerDraw * _next) + 1] / (1 << 24));
        _next++;
        return (int)(drawn * bound);
    }
}
