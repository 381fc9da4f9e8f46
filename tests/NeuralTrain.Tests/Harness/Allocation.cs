namespace NeuralTrain.Tests.Harness;

/// <summary>Measures what code allocates on the managed heap of the calling thread.</summary>
public static class Allocation
{
    /// <summary>The bytes that a hundred calls allocate, after some calls to warm up.</summary>
    public static long PerCall(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        for (int i = 0; i < 10; i++)
        {
            action();
        }

        // A collection at this very moment may trim array pools, which then fill up again: measure twice, and count what always comes.
        return Math.Min(Measure(action), Measure(action));
    }

    private static long Measure(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
