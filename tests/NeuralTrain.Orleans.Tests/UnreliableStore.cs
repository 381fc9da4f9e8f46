namespace NeuralTrain.Tests.Orleans;

/// <summary>A checkpoint store that refuses every twelfth time or so, as one on a full disk, or behind a network that comes and goes.</summary>
internal sealed class UnreliableStore(ICheckpointStore store, Random? random) : ICheckpointStore
{
    public bool IsReliable { get; set; }

    public int Faults { get; private set; }

    public void Write(string name, Action<Stream> write)
    {
        Refuse();
        store.Write(name, write);
    }

    public Stream? Open(string name)
    {
        Refuse();
        return store.Open(name);
    }

    public void Delete(string name)
    {
        Refuse();
        store.Delete(name);
    }

    private void Refuse()
    {
        lock (this)
        {
            if (IsReliable || random?.Next(12) != 0) return;
            Faults++;
        }

        throw new IOException("No space left on device.");
    }
}
