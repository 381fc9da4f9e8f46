namespace NeuralTrain;

/// <summary>A stream whose beginning has been looked at already.</summary>
/// <param name="start">What was read.</param>
/// <param name="rest">What comes after it; it stays open.</param>
/// <param name="check">Looks at the number of bytes given so far, after each reading; null for nothing.</param>
internal sealed class StartedStream(ReadOnlyMemory<byte> start, Stream rest, Action<long>? check = null) : Stream
{
    private int _used;

    /// <summary>The number of bytes given.</summary>
    public long Given { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int length = _used == start.Length ? rest.Read(buffer) : Math.Min(buffer.Length, start.Length - _used);
        if (_used < start.Length)
        {
            start.Span.Slice(_used, length).CopyTo(buffer);
            _used += length;
        }

        Given += length;
        check?.Invoke(Given);
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>A text whose beginning has been looked at already.</summary>
internal sealed class StartedReader(ReadOnlyMemory<char> start, TextReader rest) : TextReader
{
    private int _used;

    public override int Peek() => _used < start.Length ? start.Span[_used] : rest.Peek();

    public override int Read() => _used < start.Length ? start.Span[_used++] : rest.Read();

    public override int Read(Span<char> buffer)
    {
        if (_used == start.Length) return rest.Read(buffer);
        int length = Math.Min(buffer.Length, start.Length - _used);
        start.Span.Slice(_used, length).CopyTo(buffer);
        _used += length;
        return length;
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));
}
