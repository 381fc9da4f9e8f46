using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Process-wide settings of the computations: the number of threads and the vector width.</summary>
/// <remarks>
/// Results never depend on the number of threads: the work is split by outputs, never within a sum, so one thread and seven give
/// the same bits. Small computations always run on the calling thread.
/// </remarks>
public static class Compute
{
    /// <summary>
    /// The maximum number of threads one computation may use, including the calling thread; with 1 it starts no others.
    /// The default is <see cref="Environment.ProcessorCount"/>, which respects the limits of a container.
    /// </summary>
    /// <remarks>
    /// It may be changed at any time, from any thread; computations that have already begun keep the old value. One
    /// computation uses at most 1024 threads even where more are allowed.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public static int MaxThreads
    {
        get => Team.Threads;
        set => Team.Threads = Guard.AtLeast(
            value, 1, nameof(MaxThreads), $"1 computes only on the calling thread, Environment.ProcessorCount ({Environment.ProcessorCount} here) on every processor");
    }

    /// <summary>The processor and the vector width that this process uses, as <c>X64 with vectors of 512 bits</c>.</summary>
    /// <remarks>
    /// Other vector widths add in another order, so the last bits of results differ. A native program has the width it was compiled for, by default only 128 bits, which
    /// is several times slower: set <c>IlcInstructionSet</c> when publishing.
    /// </remarks>
    public static string InstructionSet => Kernels.InstructionSet.Present;
}
