namespace NeuralTrain;

/// <summary>Runs long work on its own thread.</summary>
internal static class Background
{
    /// <summary>
    /// Starts the work on a new thread rather than on the pool, because it may take hours. The task ends as the work does: with its
    /// result or its exception.
    /// </summary>
    public static Task<T> Run<T>(Func<T> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
