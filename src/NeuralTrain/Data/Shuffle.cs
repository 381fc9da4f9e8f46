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

        // The epochs' draws lie one behind the other in the seed's stream.
        var draws = new DrawStream(seed, (ulong)epoch * (ulong)count);
        for (int i = count - 1; i > 0; i--)
        {
            int other = draws.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }
}
