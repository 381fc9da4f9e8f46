namespace NeuralTrain.Kernels;

/// <summary>Runs long work beside the caller.</summary>
internal static class Background
{
    /// <summary>
    /// Runs the work on a thread of its own, since it may take hours and would keep one of the pool from its many short jobs. The task ends as the work does:
    /// with its result, or with the exception it threw.
    /// </summary>
    public static Task<T> Run<T>(Func<T> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
