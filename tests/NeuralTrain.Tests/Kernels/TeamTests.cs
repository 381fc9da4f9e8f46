using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

[Collection(ComputeTestGroup.Name)]
public sealed unsafe class TeamTests : IDisposable
{
    private readonly int _before = Compute.MaxThreads;

    public void Dispose() => Compute.MaxThreads = _before;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Every_part_runs_exactly_once(int threads)
    {
        Compute.MaxThreads = threads;
        Team.Threads.Should().Be(threads);
        int* counts = stackalloc int[259];
        var all = new Span<int>(counts, 259);
        int wrong = 0;

        for (int parts = 0; parts <= 257; parts++)
        {
            all.Clear();
            Team.Run(parts, &TeamWork.Count, counts);

            // The parts asked for once each, and nothing beyond them.
            wrong += all[..parts].Count(1) == parts && all[parts..].Count(0) == 259 - parts ? 0 : 1;
        }

        wrong.Should().Be(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Nothing_runs_when_there_are_no_parts(int parts)
    {
        Compute.MaxThreads = 3;
        int count = 0;

        Team.Run(parts, &TeamWork.Count, &count);

        count.Should().Be(0);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void As_many_threads_as_allowed_work_at_the_same_time_even_beyond_the_processors(int threads)
    {
        Compute.MaxThreads = threads;
        var meeting = new TeamWork.MeetingContext { Expected = threads };

        Team.Run(threads, &TeamWork.Meet, &meeting);

        meeting.Missed.Should().Be(0);
        var ids = new Span<int>(meeting.ThreadIds, threads).ToArray();
        ids.Should().OnlyHaveUniqueItems().And.Contain(Environment.CurrentManagedThreadId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Never_more_threads_work_than_allowed_even_after_the_team_has_been_larger(int threads)
    {
        Compute.MaxThreads = 7;
        var meeting = new TeamWork.MeetingContext { Expected = 7 };
        Team.Run(7, &TeamWork.Meet, &meeting);
        meeting.Missed.Should().Be(0);

        Compute.MaxThreads = threads;
        var crowd = default(TeamWork.CrowdContext);
        for (int run = 0; run < 500; run++)
        {
            Team.Run(20, &TeamWork.Crowd, &crowd);
        }

        crowd.Calls.Should().Be(500 * 20);
        crowd.Most.Should().BeInRange(1, threads);
    }

    [Fact]
    public void One_thread_means_the_calling_thread()
    {
        Compute.MaxThreads = 1;
        var meeting = new TeamWork.MeetingContext { Expected = 0 };

        Team.Run(8, &TeamWork.Meet, &meeting);

        new Span<int>(meeting.ThreadIds, 8).ToArray().Should().AllBeEquivalentTo(Environment.CurrentManagedThreadId);
    }

    [Theory]
    [InlineData(2, 3000)]
    [InlineData(7, 300)]
    public void No_wake_up_is_lost_whether_the_workers_watch_fall_asleep_or_sleep(int threads, int runs)
    {
        Compute.MaxThreads = threads;
        int missed = 0;
        for (int run = 0; run < runs; run++)
        {
            var meeting = new TeamWork.MeetingContext { Expected = threads };
            Team.Run(threads, &TeamWork.Meet, &meeting);
            missed += meeting.Missed;

            // Pauses from nothing to well beyond the moment at which an idle worker falls asleep.
            Thread.SpinWait(run % 100 * 100);
        }

        missed.Should().Be(0);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void A_late_worker_never_mixes_the_function_of_one_run_with_the_context_of_another(int threads)
    {
        Compute.MaxThreads = threads;

        for (int run = 0; run < 20_000; run++)
        {
            // Few and tiny parts: the caller is often done before a worker arrives, at the next run's job.
            FillAndCheck(run % 2 == 0 ? 2 : 3, seed: run, parts: 2 + (run % 3)).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Many_callers_at_once_each_get_exactly_their_own_results(int threads)
    {
        Compute.MaxThreads = threads;
        int wrong = 0;
        var callers = new Thread[8];
        for (int caller = 0; caller < callers.Length; caller++)
        {
            int id = caller;
            callers[caller] = new Thread(() =>
            {
                for (int run = 0; run < 4000; run++)
                {
                    if (!FillAndCheck(2 + ((id + run) % 2), seed: (id * 100_000L) + run, parts: 1 + (run % 40)))
                    {
                        Interlocked.Increment(ref wrong);
                    }
                }
            });
        }

        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());

        wrong.Should().Be(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void A_run_inside_a_part_does_its_parts_too(int threads)
    {
        Compute.MaxThreads = threads;
        int* sums = stackalloc int[33];
        for (int run = 0; run < 200; run++)
        {
            new Span<int>(sums, 33).Clear();
            Team.Run(33, &TeamWork.Nest, sums);
            new Span<int>(sums, 33).ToArray().Should().AllBeEquivalentTo(5);
        }
    }

    [Fact]
    public void The_limit_may_change_while_runs_are_going_on()
    {
        bool stop = false;
        var changer = new Thread(() =>
        {
            for (int i = 0; !Volatile.Read(ref stop); i++)
            {
                Compute.MaxThreads = 1 + (i % 7);
                Thread.Yield();
            }
        });
        changer.Start();

        bool right = true;
        for (int run = 0; run < 10_000; run++)
        {
            right &= FillAndCheck(2, seed: run, parts: run % 30);
        }

        Volatile.Write(ref stop, true);
        changer.Join();
        right.Should().BeTrue();
    }

    /// <summary>Runs one job over a context on this frame; whether every slot holds what it should, once.</summary>
    private static bool FillAndCheck(int kind, long seed, int parts)
    {
        long* slots = stackalloc long[40];
        new Span<long>(slots, 40).Clear();
        var context = new TeamWork.FillContext { Kind = kind, Seed = seed, Slots = slots };

        Team.Run(parts, kind == 2 ? &TeamWork.FillEven : &TeamWork.FillOdd, &context);

        bool right = true;
        for (int part = 0; part < 40; part++)
        {
            right &= slots[part] == (part < parts ? TeamWork.Filled(kind, seed, part) : 0);
        }

        // What a worker still inside would find from here on.
        context = default;
        return right;
    }
}
