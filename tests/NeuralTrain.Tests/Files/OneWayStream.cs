namespace NeuralTrain.Tests.Files;

/// <summary>A stream that cannot seek and gives one byte or a few at a time, as a network does; the body of a request is also only read asynchronously.</summary>
internal sealed class OneWayStream(Stream inner, bool isAsynchronous = false) : Stream
{
    private int _most = 1000;

    // One, 1000, one and so on.
    private int Most => _most = 1001 - _most;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) =>
        isAsynchronous ? throw new InvalidOperationException("Synchronous operations are disallowed.") : inner.Read(buffer, offset, Math.Min(count, Most));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return inner.Read(buffer.Span[..Math.Min(buffer.Length, Most)]);
    }

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        throw new InvalidOperationException("It must stay open.");
    }
}
