using System.Buffers;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// The order of the rows in an epoch: a function of seed and epoch, so that a resumed training meets the same batches without any
/// generator to keep.
/// </summary>
internal static class Shuffle
{
    /// <summary>A permutation of 0 to count − 1, by Fisher and Yates: each with the same chance.</summary>
    public static int[] Order(int count, ulong seed, int epoch)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        // The epochs' numbers lie one behind the other in the seed's stream. Two floats of 24 bits make a number of 48.
        float[] uniform = ArrayPool<float>.Shared.Rent(2 * count);
        CounterRandom.FillUniform(uniform.AsSpan(0, 2 * count), seed, (ulong)epoch * 2 * (ulong)count);
        for (int i = count - 1; i > 0; i--)
        {
            double drawn = uniform[2 * i] + (uniform[(2 * i) + 1] / (1 << 24));
            int other = Math.Min((int)(drawn * (i + 1)), i);
            (order[i], order[other]) = (order[other], order[i]);
        }

        ArrayPool<float>.Shared.Return(uniform);
        return order;
    }
}
