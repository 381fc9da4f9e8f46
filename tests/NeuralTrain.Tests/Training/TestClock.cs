namespace NeuralTrain.Tests.Training;

/// <summary>A clock that goes on only when told to.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public void Advance(TimeSpan time) => _ticks += time.Ticks;
}
