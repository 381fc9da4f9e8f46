using System.Diagnostics;
using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

/// <summary>What the team does when work fails or its caller is disturbed, and what it costs when it does nothing.</summary>
[Collection(ComputeTestGroup.Name)]
public sealed unsafe class TeamBehaviorTests : IDisposable
{
    private readonly int _before = Compute.MaxThreads;

    public void Dispose() => Compute.MaxThreads = _before;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Work_that_throws_is_reported_after_all_parts_have_run(int threads)
    {
        Compute.MaxThreads = threads;
        for (int bad = 0; bad < 20; bad++)
        {
            int[] counts = new int[20];
            counts[bad] = -1;

            Action run = () => RunThrowing(counts);

            run.Should().Throw<InvalidOperationException>().WithMessage($"part {bad}");
            counts.Should().AllBeEquivalentTo(1);

            // And the failure is not remembered.
            run.Should().NotThrow();
            counts.Should().AllBeEquivalentTo(2);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void An_exception_in_a_worker_reaches_the_caller_with_the_place_it_came_from(int threads)
    {
        Compute.MaxThreads = threads;
        for (int repeat = 0; repeat < 20; repeat++)
        {
            Action run = () =>
            {
                var meeting = new TeamWork.MeetingContext { Expected = threads, CallerId = Environment.CurrentManagedThreadId };
                Team.Run(threads, &TeamWork.MeetAndThrowInWorkers, &meeting);
            };

            run.Should().Throw<InvalidOperationException>().WithMessage("worker")
                .Which.StackTrace.Should().Contain(nameof(TeamWork.MeetAndThrowInWorkers));
        }

        var after = new TeamWork.MeetingContext { Expected = threads };
        Team.Run(threads, &TeamWork.Meet, &after);
        after.Missed.Should().Be(0);
    }

    [Fact]
    public void A_caller_that_is_interrupted_while_it_waits_still_waits_for_its_workers()
    {
        Compute.MaxThreads = 2;
        var meeting = default(TeamWork.MeetingContext);
        TeamWork.MeetingContext* shared = &meeting;
        int finishedAtReturn = -1;
        bool interruptedAfterwards = false;
        var caller = new Thread(() =>
        {
            shared->Expected = 2;
            shared->CallerId = Environment.CurrentManagedThreadId;
            Team.Run(2, &TeamWork.MeetAndHoldWorkers, shared);
            finishedAtReturn = Volatile.Read(ref shared->Finished);
            try
            {
                Thread.Sleep(0);
            }
            catch (ThreadInterruptedException)
            {
                interruptedAfterwards = true;
            }
        });
        caller.Start();
        SpinWait.SpinUntil(() => Volatile.Read(ref shared->Arrived) == 2, TimeSpan.FromSeconds(60)).Should().BeTrue();
        SpinWait.SpinUntil(() => caller.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin), TimeSpan.FromSeconds(60))
            .Should().BeTrue("the caller parks when its worker takes long");

        caller.Interrupt();
        caller.Join(50).Should().BeFalse("a worker still uses the caller's context");
        Volatile.Write(ref meeting.Released, 1);
        caller.Join();

        finishedAtReturn.Should().Be(1);
        interruptedAfterwards.Should().BeTrue();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void A_run_allocates_nothing_on_the_caller_on_its_workers_or_anywhere(int threads)
    {
        const int Runs = 3000;
        var first = new TeamWork.MeetingContext { Expected = 7 };
        var last = new TeamWork.MeetingContext { Expected = 7 };
        Compute.MaxThreads = threads;
        RunWithPauses(Runs, threads);
        Compute.MaxThreads = 7;
        Team.Run(7, &TeamWork.Meet, &first);
        Compute.MaxThreads = threads;

        long everywhere = GC.GetTotalAllocatedBytes(precise: true);
        long here = GC.GetAllocatedBytesForCurrentThread();
        RunWithPauses(Runs, threads);
        here = GC.GetAllocatedBytesForCurrentThread() - here;
        everywhere = GC.GetTotalAllocatedBytes(precise: true) - everywhere;

        // All seven meet before and after, so every worker is asked twice what it has allocated so far.
        Compute.MaxThreads = 7;
        Team.Run(7, &TeamWork.Meet, &last);

        (first.Missed + last.Missed).Should().Be(0);
        here.Should().Be(0);

        // One object a run would be at least 24 bytes a run. What is allowed for: the runtime's one-time allocation when
        // a worker sleeps for the first time (136 bytes), and the test runner's own threads in the figure for the process.
        Dictionary<int, long> allocatedBefore = AllocatedByWorker(&first);
        Dictionary<int, long> allocatedAfter = AllocatedByWorker(&last);
        allocatedBefore.Should().HaveCount(6);
        allocatedAfter.Should().HaveCount(6);
        foreach ((int worker, long allocated) in allocatedAfter)
        {
            (allocated - allocatedBefore[worker]).Should().BeLessThan(Runs / 6);
        }

        everywhere.Should().BeLessThan(Runs);
    }

    [Fact]
    public void An_idle_team_leaves_the_processors_alone()
    {
        Compute.MaxThreads = 7;
        using var process = Process.GetCurrentProcess();

        // The quietest of several windows, each right after work: the compiler's own thread is at work in some of them,
        // but a worker that does not fall asleep is at work in all, and would use the whole of each.
        double least = double.MaxValue;
        for (int window = 0; window < 20 && least >= 0.1; window++)
        {
            RunWithPauses(200, 7);
            process.Refresh();
            TimeSpan busy = process.TotalProcessorTime;
            long start = Stopwatch.GetTimestamp();
            Thread.Sleep(500);
            TimeSpan idle = Stopwatch.GetElapsedTime(start);
            process.Refresh();
            least = Math.Min(least, (process.TotalProcessorTime - busy) / idle);
        }

        least.Should().BeLessThan(0.1);
    }

    [Fact]
    public void The_team_is_awake_after_work_and_asleep_a_while_later()
    {
        Compute.MaxThreads = 2;

        // A worker that the system takes off its processor right then may fall asleep in its first free instant: not every time.
        bool seenAwake = false;
        for (int run = 0; run < 1000 && !seenAwake; run++)
        {
            var meeting = new TeamWork.MeetingContext { Expected = 2 };
            Team.Run(2, &TeamWork.Meet, &meeting);
            seenAwake = Team.IsAwake;
        }

        seenAwake.Should().BeTrue();
        SpinWait.SpinUntil(() => !Team.IsAwake, TimeSpan.FromSeconds(10)).Should().BeTrue();
    }

    private static Dictionary<int, long> AllocatedByWorker(TeamWork.MeetingContext* meeting)
    {
        var allocated = new Dictionary<int, long>();
        for (int part = 0; part < meeting->Expected; part++)
        {
            if (meeting->ThreadIds[part] != Environment.CurrentManagedThreadId)
            {
                allocated.Add(meeting->ThreadIds[part], meeting->AllocatedBytes[part]);
            }
        }

        return allocated;
    }

    private static void RunThrowing(int[] counts)
    {
        fixed (int* pointer = counts)
        {
            Team.Run(counts.Length, &TeamWork.Throw, pointer);
        }
    }

    /// <summary>Runs in quick succession and runs after which every worker falls asleep.</summary>
    private static void RunWithPauses(int runs, int threads)
    {
        for (int run = 0; run < runs; run++)
        {
            var meeting = new TeamWork.MeetingContext { Expected = run % 100 == 0 ? threads : 0 };
            Team.Run(threads, &TeamWork.Meet, &meeting);
            if (run % 100 == 50)
            {
                Thread.Sleep(1);
            }
        }
    }
}
