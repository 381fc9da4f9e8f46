using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Hands blocks of work, each far larger than what a kernel gives a thread, to the threads of the team.</summary>
internal static unsafe class Blocks
{
    /// <summary>
    /// Runs all blocks: on several threads if there are at least two blocks for each, else one after the other, so that the kernels
    /// inside can use the threads. Allocates nothing.
    /// </summary>
    public static void Run<TWork>(int count, ref TWork work)
        where TWork : struct, IBlockWork
    {
        if (Team.Threads == 1 || count < 2 * Team.Threads)
        {
            for (int block = 0; block < count; block++) work.Run(block);
            return;
        }

        // The copy is on this thread's stack, which neither moves nor ends before the team is done.
        TWork shared = work;
        Team.Run(count, &RunBlock<TWork>, Unsafe.AsPointer(ref shared));
    }

    private static void RunBlock<TWork>(void* context, int block)
        where TWork : struct, IBlockWork => Unsafe.AsRef<TWork>(context).Run(block);
}

/// <summary>Work on blocks that do not depend on each other.</summary>
internal interface IBlockWork
{
    /// <summary>Does one block, on any thread.</summary>
    void Run(int block);
}
