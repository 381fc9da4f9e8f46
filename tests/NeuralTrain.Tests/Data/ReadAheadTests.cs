namespace NeuralTrain.Tests.Data;

public sealed class ReadAheadTests
{
    [Fact]
    public void Slots_come_filled_in_order_and_then_the_end_stays()
    {
        int next = 0;
        using var reading = new ReadAhead<int[]>(Slots(3), slot => (slot[0] = next++) < 100, () => { });
        for (int i = 0; i < 100; i++)
        {
            int[] slot = reading.Next()!;
            slot[0].Should().Be(i);
        }

        reading.Next().Should().BeNull();
        reading.Next().Should().BeNull();
    }

    [Fact]
    public void The_slot_in_the_callers_hand_is_not_written_to()
    {
        int filled = 0;
        using var reading = new ReadAhead<int[]>(Slots(3), slot => (slot[0] = Interlocked.Increment(ref filled)) > 0, () => { });
        for (int i = 1; i < 50; i++)
        {
            int[] slot = reading.Next()!;

            // The thread goes on until it has no slot left but this one.
            SpinWait.SpinUntil(() => Volatile.Read(ref filled) == i + 2, TimeSpan.FromSeconds(60)).Should().BeTrue("the others are filled ahead");
            slot[0].Should().Be(i);
        }
    }

    [Fact]
    public void What_the_filling_throws_comes_behind_what_was_filled_before_it()
    {
        int next = 0, closed = 0;
        using var reading = new ReadAhead<int[]>(Slots(2), slot => (slot[0] = next++) < 3 ? true : throw new InvalidDataException("line 3"), () => closed++);
        for (int i = 0; i < 3; i++)
        {
            reading.Next()![0].Should().Be(i);
        }

        for (int i = 0; i < 2; i++)
        {
            reading.Invoking(r => r.Next()).Should().Throw<InvalidDataException>().WithMessage("line 3");
        }

        closed.Should().Be(1);
    }

    [Fact]
    public void What_closing_throws_comes_at_the_end()
    {
        using var reading = new ReadAhead<int[]>(Slots(2), _ => false, () => throw new IOException("closing"));
        reading.Invoking(r => r.Next()).Should().Throw<IOException>().WithMessage("closing");
    }

    [Fact]
    public void Disposed_in_the_middle_it_has_closed_its_source_and_ended_its_thread()
    {
        for (int taken = 0; taken < 4; taken++)
        {
            Thread? thread = null;
            int closed = 0;
            var reading = new ReadAhead<int[]>(
                Slots(3), _ =>
                {
                    thread = Thread.CurrentThread;
                    return true;
                }, () => closed++);
            for (int i = 0; i < taken; i++)
            {
                reading.Next().Should().NotBeNull();
            }

            reading.Dispose();
            reading.Dispose();
            closed.Should().Be(1);
            (thread?.IsAlive ?? false).Should().BeFalse();
            reading.Invoking(r => r.Next()).Should().Throw<ObjectDisposedException>();
        }
    }

    [Fact]
    public void One_slot_is_not_enough() =>
        ((Action)(() => _ = new ReadAhead<int[]>(Slots(1), _ => false, () => { }))).Should().Throw<ArgumentException>();

    private static int[][] Slots(int count) => [.. Enumerable.Range(0, count).Select(_ => new int[1])];
}
