namespace NeuralTrain.Tests.Search;

public sealed class WindowedWorkTests
{
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 4, 4)]
    [InlineData(50, 1, 3)]
    [InlineData(50, 3, 1)]
    [InlineData(50, 2, 2)]
    [InlineData(50, 4, 4)]
    [InlineData(50, 4, 7)]
    [InlineData(50, 7, 50)]
    public void Every_item_runs_once_and_after_all_that_are_a_window_older(int count, int threads, int window)
    {
        var ended = new bool[count];
        var runs = new int[count];
        int tooEarly = 0;
        int inside = 0;
        int most = 0;
        WindowedWork.Run(count, threads, window, item =>
        {
            int now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            for (int i = 0; i <= item - window; i++)
            {
                Interlocked.Add(ref tooEarly, Volatile.Read(ref ended[i]) ? 0 : 1);
            }

            // Some are long, so that all others overtake them as far as the window lets them.
            Thread.Sleep(item % 7 == 0 ? 5 : 0);
            Interlocked.Increment(ref runs[item]);
            Interlocked.Decrement(ref inside);
            Volatile.Write(ref ended[item], true);
        });
        runs.Should().Equal(Enumerable.Repeat(1, count));
        tooEarly.Should().Be(0);
        most.Should().BeLessThanOrEqualTo(Math.Min(threads, window));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_item_that_throws_ends_the_row_and_its_exception_comes_out(int threads)
    {
        int begun = 0;
        FluentActions.Invoking(() => WindowedWork.Run(1000, threads, 1000, item =>
        {
            Interlocked.Increment(ref begun);
            if (item == 5)
            {
                throw new InvalidTimeZoneException("five");
            }

            Thread.Yield();
        })).Should().Throw<InvalidTimeZoneException>().WithMessage("five");
        begun.Should().BeLessThan(1000);
    }

    [Fact]
    public void Waiting_items_are_let_go_when_an_earlier_one_throws() =>
        FluentActions.Invoking(() => WindowedWork.Run(20, 4, 2, item =>
        {
            Thread.SpinWait(1000);
            throw new InvalidTimeZoneException($"{item}");
        })).Should().Throw<InvalidTimeZoneException>();

    private static void InterlockedMax(ref int place, int value)
    {
        int seen = Volatile.Read(ref place);
        while (value > seen)
        {
            int before = Interlocked.CompareExchange(ref place, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
