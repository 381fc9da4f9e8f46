namespace NeuralTrain.Tests.Search;

/// <summary>A study run by workers that die, fall silent, repeat themselves and come back late, in any order: it ends as if one worker had run it undisturbed.</summary>
public sealed class InterleavingTests
{
    private const int Cases = 100_000;

    [Fact]
    public void However_workers_interleave_no_trial_is_lost_or_counted_twice_and_the_study_is_the_same()
    {
        var undisturbed = new string[Plan.Count][];
        for (int i = 0; i < Plan.Count; i++) undisturbed[i] = new Plan(i).Undisturbed();
        string? broken = null;
        long steps = 0, late = 0, again = 0;
        Parallel.For(0, Cases, (i, state) =>
        {
            var disturbance = new Disturbance(new Plan(i % Plan.Count), new Random(i));
            string[] found = disturbance.Run();
            Interlocked.Add(ref steps, disturbance.Steps);
            Interlocked.Add(ref late, disturbance.Refused);
            Interlocked.Add(ref again, disturbance.Restarts);
            if (found.SequenceEqual(undisturbed[i % Plan.Count])) return;
            broken = $"case {i}:\n{string.Join('\n', found)}\nundisturbed:\n{string.Join('\n', undisturbed[i % Plan.Count])}";
            state.Stop();
        });
        broken.Should().BeNull();
        steps.Should().BeGreaterThan(10 * Cases);
        late.Should().BeGreaterThan(Cases / 10, "old attempts must have tried");
        again.Should().BeGreaterThan(Cases / 10, "studies must have been made again from their journal");
        undisturbed.SelectMany(lines => lines).Should().Contain(line => line.Contains("Stopped", StringComparison.Ordinal)).And.Contain(line => line.Contains("Failed", StringComparison.Ordinal));
    }

    /// <summary>What a study is, and what its trials do.</summary>
    private sealed class Plan(int number)
    {
        public const int Count = 60;

        public int Trials { get; } = 3 + (number % 4);

        public int Epochs { get; } = 1 + (number % 3);

        public StudyMachine NewMachine(Action<string>? write = null) => new(
            number % 2 == 0 ? Direction.Minimize : Direction.Maximize,
            (number % 5) switch { 0 => new RandomSampler((ulong)number), 1 => new TpeSampler((ulong)number, startup: 2, candidates: 3), 2 => new QuasiRandomSampler((ulong)number), 3 => new GridSampler(2, (ulong)number), _ => new TpeSampler((ulong)number, startup: 1, candidates: 2) },
            (number % 4) switch { 0 => null, 1 => new MedianRule(warmUpTrials: 1), 2 => new SuccessiveHalving(1, 2), _ => new Hyperband(3, 1, 2) },
            new StudyOptions { Window = 1 + (number % 3), Attempts = int.MaxValue }, write);

        // The second hyper-parameter is there for some values of the first only, except for a grid.
        public IEnumerable<(string Name, SearchRange Range)> Asked(List<double> values)
        {
            yield return ("x", SearchRange.Numbers("x", 0.01, 1, log: number % 2 == 0));
            if (number % 5 == 3 || values[0] > 0.3) yield return ("kind", SearchRange.Among("kind", ["a", "b", "c"]));
        }

        public static double Value(List<double> values, int epoch) => values[0] + (values.Count > 1 ? values[1] / 3 : 0) - (epoch * values[0] * 0.4);

        public double? Score(int trial, List<double> values) => (trial + number) % 7 == 6 ? null : Value(values, Epochs);

        public string[] Undisturbed()
        {
            var disturbance = new Disturbance(this, null);
            return disturbance.Run();
        }
    }

    private sealed class Worker
    {
        public TrialLease? Lease;
        public List<double> Values = [];
        public int Epoch;
        public bool IsStopped;
    }

    /// <summary>One study with its workers; without a generator, one worker does everything in order.</summary>
    private sealed class Disturbance(Plan plan, Random? random)
    {
        private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);
        private static readonly SearchRange Elsewhere = SearchRange.Numbers("x", 7, 8, log: false);
        private readonly List<string> _journal = [];
        private readonly List<Worker> _lost = [];
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private StudyMachine _machine = null!;

        public int Steps { get; private set; }

        public int Refused { get; private set; }

        public int Restarts { get; private set; }

        public string[] Run()
        {
            bool keeps = random?.Next(12) == 0;
            _machine = plan.NewMachine(keeps ? _journal.Add : null);
            Worker[] workers = [.. Enumerable.Range(0, random?.Next(1, 5) ?? 1).Select(_ => new Worker())];
            while (!_machine.IsFinished(plan.Trials))
            {
                Require(++Steps < 100_000, "A study ends.");
                int what = random?.Next(12) ?? 11;
                Worker worker = workers[random?.Next(workers.Length) ?? 0];
                if (what == 0) Kill(workers, worker);
                else if (what == 1) _now += TimeSpan.FromSeconds(random!.Next(-5, 25));
                else if (what == 2 && keeps) Restart();
                else if (what == 3 && _lost.Count > 0) Late(_lost[random!.Next(_lost.Count)]);
                else if (what == 4) Repeat(worker);
                else Work(worker);
            }

            foreach (Worker late in _lost.Concat(workers)) Late(late);
            Require(_machine.IsFinished(plan.Trials) && _machine.Ask(plan.Trials, _now, Lease) is null, "It stays finished.");
            if (keeps) Require(_journal.Count(line => line.Contains("\"kind\":\"end\"", StringComparison.Ordinal)) == _machine.Trials.Count, "Each trial ends once.");
            return [.. _machine.Trials.Select(Line), $"best {_machine.Best?.Number}"];
        }

        // By its lease it may still be thought alive; its messages may still be on their way.
        private void Kill(Worker[] workers, Worker worker)
        {
            if (worker.Lease is not TrialLease lease) return;
            _lost.Add(worker);
            workers[Array.IndexOf(workers, worker)] = new Worker();
            if (random!.Next(3) == 0) _machine.Release(lease.Trial, lease.Attempt, wasLost: random.Next(2) == 0);
        }

        private void Restart()
        {
            Restarts++;
            string[] before = [.. _machine.Trials.Select(Line)];
            string[] journal = [.. _journal];
            _machine = plan.NewMachine(_journal.Add);
            foreach (string line in journal) _machine.Replay(line);
            Require(_machine.Trials.Select(Line).SequenceEqual(before), "The journal holds everything.");
        }

        // Its worker may be dead or only slow; an attempt that is not the present one must change nothing, whatever it says.
        private void Late(Worker worker)
        {
            if (worker.Lease is not TrialLease lease) return;
            TrialResult trial = _machine.Trials[lease.Trial];
            string before = Line(trial);
            bool isOld = trial.Attempt != lease.Attempt || trial.Status != TrialStatus.Running;
            if (worker.Epoch > 0 || isOld)
            {
                TrialAnswer answer = _machine.Report(lease.Trial, lease.Attempt, Math.Max(worker.Epoch, 1), worker.Epoch > 0 ? Plan.Value(worker.Values, worker.Epoch) : -99, _now.AddDays(-1), Lease);
                if (answer == TrialAnswer.Refused) Refused++;
            }

            if (!isOld) return;
            Require(_machine.Suggest(lease.Trial, lease.Attempt, "x", Elsewhere) is null, "It gets no value.");
            Require(_machine.Finish(lease.Trial, lease.Attempt, -1, TrialStatus.Completed) == (trial.Attempt == lease.Attempt), "Only the one that ended it hears that it has.");
            _machine.Release(lease.Trial, lease.Attempt);
            Require(Line(_machine.Trials[lease.Trial]) == before, "Nothing changes.");
        }

        private void Repeat(Worker worker)
        {
            if (worker is { Lease: TrialLease lease, Epoch: > 0 }) _machine.Report(lease.Trial, lease.Attempt, random!.Next(1, worker.Epoch + 1), Plan.Value(worker.Values, 1), _now, Lease);
        }

        private void Work(Worker worker)
        {
            if (worker.Lease is not TrialLease lease)
            {
                worker.Lease = _machine.Ask(plan.Trials, _now, Lease);
                return;
            }

            (string Name, SearchRange Range)[] asked = worker.Values.Count == 0 ? [.. plan.Asked([0])] : [.. plan.Asked(worker.Values)];
            if (worker.Values.Count < asked.Length)
            {
                if (_machine.Suggest(lease.Trial, lease.Attempt, asked[worker.Values.Count].Name, asked[worker.Values.Count].Range) is double value) worker.Values.Add(value);
                else Forget(worker);
            }
            else if (worker.Epoch < plan.Epochs && !worker.IsStopped)
            {
                worker.Epoch++;
                TrialAnswer answer = _machine.Report(lease.Trial, lease.Attempt, worker.Epoch, Plan.Value(worker.Values, worker.Epoch), _now, Lease);
                worker.IsStopped = answer == TrialAnswer.Stop;
                if (answer == TrialAnswer.Refused) Forget(worker);
            }
            else
            {
                double? score = worker.IsStopped ? Plan.Value(worker.Values, worker.Epoch) : plan.Score(lease.Trial, worker.Values);
                _machine.Finish(lease.Trial, lease.Attempt, score, score is null ? TrialStatus.Failed : TrialStatus.Completed, score is null ? "broken" : "");
                if (random?.Next(4) == 0) _machine.Finish(lease.Trial, lease.Attempt, -1, TrialStatus.Completed);
                Forget(worker);
            }
        }

        // Millions of times, for which a sentence of assertions takes too long.
        private static void Require(bool condition, string what)
        {
            if (!condition) throw new InvalidOperationException(what);
        }

        private static void Forget(Worker worker) => (worker.Lease, worker.Values, worker.Epoch, worker.IsStopped) = (null, [], 0, false);

        private static string Line(TrialResult trial) =>
            $"{trial.Number} {string.Join(" ", trial.Coordinates.Select(value => $"{value.Key}={value.Value:R}"))} {trial.Status} {trial.Score:R} {trial.Message} {string.Join(" ", trial.Reports.Select(report => $"{report.Epoch}:{report.Value:R}"))}";
    }
}
