using System.Text.Json;

namespace NeuralTrain.Tests.Orleans;

/// <summary>A training that machines share, without machines: workers that are drawn at random, die, fall silent and come back, against the rules and a store.</summary>
public sealed class ParallelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_round_is_local_steps_then_a_step_of_Nesterov_towards_the_mean()
    {
        // One weight per shard's rows (x, y): w := w − γ·2x·(xw − y), whatever the order of equal rows.
        var plan = new ParallelPlan("line", shards: 3, rounds: 4) { LocalSteps = 5 };
        (double X, double Y)[] points = [(1, 2), (0.5, -1), (2, 0.3)];
        float[] found = Simulate(plan, new LineWork(points), workers: 1, seed: null);
        double w = LineWork.Start, v = 0;
        for (int round = 0; round < 4; round++)
        {
            double mean = 0;
            foreach ((double x, double y) in points)
            {
                double own = w;
                for (int step = 0; step < 5; step++) own -= LineWork.Rate * 2 * x * ((x * own) - y);
                mean += own / 3;
            }

            double delta = w - mean;
            v = (0.9 * v) + delta;
            w -= 0.7 * (delta + (0.9 * v));
        }

        found.Should().ContainSingle().Which.Should().BeApproximately((float)w, 1e-5f);
    }

    [Fact]
    public void With_an_outer_rate_of_one_and_no_momentum_the_weights_are_the_mean_of_the_shards_and_so_are_statistics()
    {
        var plan = new ParallelPlan("mean", shards: 4, rounds: 1) { LocalSteps = 6, OuterRate = 1, OuterMomentum = 0 };
        var store = new FolderCheckpointStore(_folder.FullName);
        var work = new SpreadWork();
        using var runner = new ParallelRunner(plan, work, store);
        runner.Run(new ParallelLease(-1, 4, 1), default);
        for (int shard = 0; shard < 4; shard++) runner.Run(new ParallelLease(0, shard, 1), default);
        float[][] shards = [.. Enumerable.Range(0, 4).Select(shard => Weights(plan, work, store, plan.ShardWeightsName(0, shard)))];
        runner.Run(new ParallelLease(0, 4, 1), default);
        float[] mean = Weights(plan, work, store, plan.WeightsName(1));
        mean.Should().Equal(Enumerable.Range(0, mean.Length).Select(i => (float)(shards.Sum(values => (double)values[i]) / 4)));
        shards[0].Should().NotEqual(shards[1], "each shard has other rows");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void The_result_has_the_same_bits_for_any_number_of_workers_and_whoever_died(int workers)
    {
        var plan = new ParallelPlan("same", shards: 4, rounds: 5) { LocalSteps = 7, Seed = 3, Attempts = int.MaxValue };
        float[] expected = Simulate(plan, new SpreadWork(), workers: 1, seed: null);
        Simulate(plan, new SpreadWork(), workers, seed: null).Should().Equal(expected);
        for (int seed = 0; seed < 8; seed++) Simulate(plan, new SpreadWork(), workers, seed).Should().Equal(expected, "of seed {0}", seed);
        Simulate(new ParallelPlan("same", shards: 4, rounds: 5) { LocalSteps = 7, Seed = 4 }, new SpreadWork(), 1, null).Should().NotEqual(expected);
    }

    [Fact]
    public void The_store_never_has_more_than_two_rounds_and_in_the_end_the_weights_alone()
    {
        var plan = new ParallelPlan("bounded", shards: 2, rounds: 8) { LocalSteps = 3 };
        int most = 0;
        Simulate(plan, new SpreadWork(), workers: 2, seed: null, watch: () => most = Math.Max(most, Directory.GetFiles(_folder.FullName).Length));
        most.Should().BeLessThanOrEqualTo(2 * (2 + (2 * 2)) + 2, "each round has weights, velocity, and two files of each shard");
        Directory.GetFiles(_folder.FullName).Select(Path.GetFileName).Should().Equal("bounded-8.weights");
    }

    [Fact]
    public void A_part_that_takes_its_worker_with_it_fails_the_training()
    {
        var plan = new ParallelPlan("lost", shards: 1, rounds: 1) { Attempts = 3 };
        var state = new ParallelState();
        var machine = new ParallelMachine(plan, state);
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            machine.Ask(now, -1).Should().Be(new ParallelLease(-1, 1, attempt));
            machine.Ask(now, -1).Should().BeNull("it is given out");
            now += 2 * plan.Lease;
        }

        machine.Ask(now, -1).Should().BeNull();
        state.Failure.Should().Be("the mean of round 0 was lost 3 times in a row with its worker");
    }

    [Fact]
    public void What_an_old_attempt_says_is_refused()
    {
        var plan = new ParallelPlan("old", shards: 1, rounds: 1);
        var state = new ParallelState();
        var machine = new ParallelMachine(plan, state);
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        ParallelLease old = machine.Ask(now, -1)!.Value;
        machine.Renew(old, now + plan.Lease).Should().BeTrue();
        machine.Ask(now + plan.Lease + plan.Lease, -1).Should().BeNull("it was renewed");
        ParallelLease present = machine.Ask(now + (3 * plan.Lease), -1)!.Value;
        machine.Renew(old, now).Should().BeFalse();
        machine.Finish(old, new PartReport(9, null, default, default));
        machine.Fail(old, "no");
        machine.Release(old);
        (state.Round, state.Failure, machine.Renew(present, now)).Should().Be((-1, null, true));
        machine.Finish(present, new PartReport(1, null, default, default));
        machine.Finish(present, new PartReport(1, null, default, default));
        state.Round.Should().Be(0);
    }

    [Fact]
    public void Another_plan_is_refused_with_the_differences()
    {
        var machine = new ParallelMachine(new ParallelPlan("a", 2, 3) { LocalSteps = 10, Version = "rows 100" }, new ParallelState());
        machine.Invoking(one => one.CheckSettings(new ParallelPlan("a", 4, 3) { LocalSteps = 10, Version = "rows 99" }.Settings)).Should().Throw<ArgumentException>()
            .WithMessage("*shards: expected 2, received 4*version: expected rows 100, received rows 99*");
    }

    [Fact]
    public void A_trainer_or_data_that_no_shard_can_have_are_refused()
    {
        var plan = new ParallelPlan("refused", 2, 3);
        Invoking(new SpreadWork { Change = trainer => trainer.EarlyStopping = new EarlyStopping() }).WithMessage("*no shard ends alone*");
        Invoking(new SpreadWork { Change = trainer => trainer.Checkpoint = new CheckpointOptions("x") }).WithMessage("*leave Checkpoint out*");
        Invoking(new SpreadWork { Change = trainer => trainer.Shuffle = false }).WithMessage("*draws its rows*");
        Invoking(new SpreadWork { Change = trainer => trainer.BatchSize = 1000 }).WithMessage("A shard has 40 rows, but a batch has 1000.*");
        FluentActions.Invoking(() => new ParallelPlan("a/b", 1, 1)).Should().Throw<ArgumentException>().WithMessage("*letters, digits and hyphens, received 'a/b'*");

        FluentAssertions.Specialized.ExceptionAssertions<ArgumentException> Invoking(SpreadWork work) =>
            FluentActions.Invoking(() => ParallelCost.Measure(plan, work)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Files_that_are_damaged_missing_or_of_another_network_are_refused()
    {
        var store = new FolderCheckpointStore(_folder.FullName);
        WeightsFile.Write(store, "w", [1, 2, 3]);
        float[] read = new float[3];
        WeightsFile.Read(store, "w", read);
        read.Should().Equal(1, 2, 3);
        store.Invoking(one => WeightsFile.Read(one, "w", new float[4])).Should().Throw<InvalidDataException>().WithMessage("'w' has 3 values, but the network of this worker has 4*");
        store.Invoking(one => WeightsFile.Read(one, "x", read)).Should().Throw<InvalidDataException>().WithMessage("'x' is not in the checkpoint store*");
        byte[] bytes = File.ReadAllBytes(store.PathOf("w"));
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 64;
            File.WriteAllBytes(store.PathOf("w"), damaged);
            store.Invoking(one => WeightsFile.Read(one, "w", read)).Should().Throw<InvalidDataException>();
            File.WriteAllBytes(store.PathOf("w"), bytes[..i]);
            store.Invoking(one => WeightsFile.Read(one, "w", read)).Should().Throw<InvalidDataException>();
        }
    }

    [Fact]
    public void What_it_costs_is_computed_and_said()
    {
        // 784-128-10: 101,770 values; AdamW keeps weights and two moments.
        var small = new ParallelCost(8, 500, 101_770, 3 * 4 * 101_770, TimeSpan.FromMilliseconds(0.2), 125e6);
        small.BytesOfRound.Should().Be((8L * 20 * 101_770) + (4L * 101_770 * 12));
        small.Transferring.TotalSeconds.Should().BeApproximately((208 * 101_770 / 125e6) + 0.1, 1e-6);
        small.ComputingWith(8).TotalSeconds.Should().BeApproximately(0.1, 1e-9);
        small.PaysOff.Should().BeFalse();
        small.ToString().Should().StartWith("101,770 values, 500 steps of 0.2 ms: each of 8 shards trains 0.1 s a round, and 21.2 MB take 0.269 s with pauses at 125 MB/s. It does not pay");
        var large = small with { Values = 3_000_000, StateBytes = 36_000_000, Step = TimeSpan.FromMilliseconds(100) };
        large.PaysOff.Should().BeTrue();
        large.ComputingWith(3).TotalSeconds.Should().BeApproximately(3 * 50, 1e-6, "of 8 shards one worker has three");
        large.Speedup(8).Should().BeApproximately(8 * 50 / (50 + (208 * 3e6 / 125e6) + 0.1), 1e-6);
        large.ToString().Should().EndWith("8 workers are 7.3 times as fast as one machine alone.");
        var plan = new ParallelPlan("cost", 4, 1) { LocalSteps = 50 };
        ParallelCost measured = ParallelCost.Measure(plan, new SpreadWork());
        (measured.Shards, measured.LocalSteps, measured.Values).Should().Be((4, 50, WeightsFile.CountOf(new SpreadWork().NewTrainer(new Random(1)).Network)));
        measured.Step.Should().BePositive();
        measured.StateBytes.Should().BeGreaterThan(3 * 4 * (measured.Values - 12), "AdamW keeps two moments");
    }

    /// <summary>The weights to which <see cref="SpreadWork"/> comes, part after part in one process.</summary>
    internal static float[] Undisturbed(ParallelPlan plan)
    {
        using var folder = new TemporaryFolder();
        var store = new FolderCheckpointStore(folder.FullName);
        var work = new SpreadWork();
        using var runner = new ParallelRunner(plan, work, store);
        for (int round = -1; round < plan.Rounds; round++)
        {
            for (int part = round < 0 ? plan.Shards : 0; part <= plan.Shards; part++) runner.Run(new ParallelLease(round, part, 1), CancellationToken.None);
        }

        return WeightsFile.Of(ParallelRunner.Result(plan, work, store));
    }

    private static float[] Weights(ParallelPlan plan, IParallelWork work, ICheckpointStore store, string name)
    {
        float[] weights = new float[WeightsFile.CountOf(ShardTraining.NewTrainer(plan, work, 0).Network)];
        WeightsFile.Read(store, name, weights);
        return weights;
    }

    // Without a seed everything goes well, in turn; with one, workers die, fall silent, come back too late, say things twice, the store refuses, and the host starts again from what it has stored.
    private float[] Simulate(ParallelPlan plan, IParallelWork work, int workers, int? seed, Action? watch = null)
    {
        foreach (string file in Directory.GetFiles(_folder.FullName)) File.Delete(file);
        Random? random = seed is int given ? new Random(given) : null;
        var store = new UnreliableStore(new FolderCheckpointStore(_folder.FullName), random);
        var state = new ParallelState();
        var machine = new ParallelMachine(plan, state);
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        var runners = new ParallelRunner[workers];
        var leases = new ParallelLease?[workers];
        for (int i = 0; i < workers; i++) runners[i] = new ParallelRunner(plan, work, store);
        var turns = new Random(seed ?? 0);
        int steps = 0;
        for (; !machine.IsFinished && steps < 20_000; steps++)
        {
            watch?.Invoke();
            now += TimeSpan.FromSeconds(1);
            int who = turns.Next(workers);
            if (random?.Next(40) == 0)
            {
                state = JsonSerializer.Deserialize<ParallelState>(JsonSerializer.Serialize(state))!;
                machine = new ParallelMachine(plan, state);
                machine.Resume(now);
            }

            switch (random?.Next(12) ?? 0)
            {
                case 1:
                    // It dies.
                    runners[who].Dispose();
                    (runners[who], leases[who]) = (new ParallelRunner(plan, work, store), null);
                    break;
                case 2:
                    // Nobody is heard of for long.
                    now += 2 * plan.Lease;
                    break;
                default:
                    if (leases[who] is not ParallelLease lease)
                    {
                        leases[who] = machine.Ask(now, runners[who].Shard);
                        break;
                    }

                    leases[who] = null;
                    try
                    {
                        if (runners[who].Run(lease, default) is not PartReport report) break;
                        machine.Finish(lease, report);
                        if (random?.Next(4) == 0) machine.Finish(lease, report);
                    }
                    catch (Exception problem) when (problem is IOException or InvalidDataException)
                    {
                        // The store refuses, or the round of an old attempt is gone from it.
                        machine.Release(lease);
                    }

                    break;
            }
        }

        state.Failure.Should().BeNull();
        machine.IsFinished.Should().BeTrue("of {0} steps", steps);
        foreach (ParallelRunner runner in runners) runner.Dispose();
        store.IsReliable = true;
        return WeightsFile.Of(ParallelRunner.Result(plan, work, store));
    }

    private sealed class LineWork((double X, double Y)[] points) : IParallelWork
    {
        public const float Start = 0.25f;
        public const double Rate = 0.05;

        public Trainer NewTrainer(Random random)
        {
            var network = new Sequential(new Linear(1, 1, random, bias: false));
            network.NamedParameters()[0].Parameter.SetValues([Start]);
            return new Trainer(network, new MeanSquaredError(), new SGD(network, Rate)) { BatchSize = 2 };
        }

        public Dataset Shard(int shard)
        {
            float x = (float)points[shard].X, y = (float)points[shard].Y;
            return new Dataset(new Matrix([x, x, x], 3, 1), new Matrix([y, y, y], 3, 1));
        }
    }
}
