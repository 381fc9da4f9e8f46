namespace NeuralTrain.PeerBenchmarks;

/// <summary>One piece of work that both libraries do from the same numbers: first compared, then timed.</summary>
internal abstract class PeerCase : IDisposable
{
    /// <summary>What the row of the table is called.</summary>
    public abstract string Name { get; }

    /// <summary>How many times as fast as libtorch it shall be at least; null where nothing was promised.</summary>
    public virtual double? TargetRatio => null;

    /// <summary>The time in seconds that ours shall not exceed; null where nothing was promised.</summary>
    public virtual double? TargetTime => null;

    /// <summary>Whether it is measured on all cores too.</summary>
    public virtual bool ComparesThreads => false;

    /// <summary>Lets both compute once (or take a few steps) and compares the numbers.</summary>
    public abstract Agreement Check();

    /// <summary>Does the work with NeuralTrain.</summary>
    /// <param name="count">How many times.</param>
    public abstract void RunOurs(int count);

    /// <summary>Does the same work with TorchSharp / libtorch.</summary>
    /// <param name="count">How many times.</param>
    public abstract void RunPeer(int count);

    /// <summary>Gives the native memory of the peer back.</summary>
    public abstract void Dispose();
}
