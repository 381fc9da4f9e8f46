using System.Runtime.ExceptionServices;

namespace NeuralTrain;

/// <content>Running trials in this process, and asking and telling.</content>
public sealed partial class Study
{
    /// <summary>Runs trials until that number is reached, each on a thread, and keeps the best trainer. If the study has some already, it runs those that are missing.</summary>
    /// <param name="trials">The number of trials of the study, those of earlier runs included, 1 or more.</param>
    /// <param name="parallel">The number of trials run at once, 1 or more. Unless the study is asynchronous, the results do not depend on it.</param>
    /// <param name="run">Builds a trainer with values of <c>trial.Suggest</c>, trains, and returns it. The score is the study's metric at the epoch whose weights the trainer has: its best one with early stopping that restores it, or else its last. Several run at once: it must not change anything shared.</param>
    /// <param name="cancellationToken">Ends the run; trials that were running continue with the next one. It does not throw.</param>
    /// <exception cref="ArgumentException">The study looks for a low value of a metric that is better when it is high, or the other way round.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1, or more trials are to run at once than the window allows.</exception>
    /// <exception cref="StudyStorageException">The study file or a checkpoint cannot be written, or a checkpoint cannot be read. Nothing that was written is lost.</exception>
    public void Run(int trials, int parallel, Func<Trial, Trainer> run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        RunAll(trials, parallel, trial => trial.Execute(run), cancellationToken);
    }

    /// <summary>Runs trials that return their score.</summary>
    /// <param name="trials">The number of trials of the study, those of earlier runs included, 1 or more.</param>
    /// <param name="parallel">The number of trials run at once, 1 or more.</param>
    /// <param name="run">Evaluates values of <c>trial.Suggest</c>, and returns their score.</param>
    /// <param name="cancellationToken">Ends the run; trials that were running start over with the next one. It does not throw.</param>
    /// <inheritdoc cref="Run(int, int, Func{Trial, Trainer}, CancellationToken)" path="/exception[@cref!='T:System.ArgumentException']"/>
    public void Run(int trials, int parallel, Func<Trial, double> run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        RunAll(trials, parallel, trial => trial.Execute(one => (run(one), null)), cancellationToken);
    }

    /// <summary>Gives out a trial to whoever runs trials differently from <c>Run</c>. Give its result to <see cref="Tell"/>.</summary>
    /// <param name="lease">The time without a report after which it counts as lost and is handed out again; null (the default): as long as the study is open.</param>
    /// <exception cref="InvalidOperationException">Trials must end first, or there are no more.</exception>
    public Trial Ask(TimeSpan? lease = null)
    {
        lock (_gate)
        {
            TrialLease next = _machine.Ask(int.MaxValue, DateTimeOffset.UtcNow, lease) ?? throw new InvalidOperationException(_machine.IsFinished(int.MaxValue)
                ? "There is no further trial: the sampler has given all there are."
                : $"Trial {_machine.Trials.First(trial => !trial.HasEnded).Number} must end first: {_options.Window} trials may run at once. Tell its result, widen the window, or make the study asynchronous.");
            return new Trial(next, this, _options, _store, CancellationToken.None);
        }
    }

    /// <summary>Takes the score of a trial from <see cref="Ask"/>, also in a later process.</summary>
    /// <param name="trial">The number of the trial.</param>
    /// <param name="score">The score; null if it failed.</param>
    /// <param name="message">Why it failed. Default empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such trial.</exception>
    /// <exception cref="InvalidOperationException">The trial has ended, or was lost and is waiting to be given out again.</exception>
    public void Tell(int trial, double? score, string message = "")
    {
        lock (_gate)
        {
            IReadOnlyList<TrialResult> trials = _machine.Trials;
            if (trial < 0 || trial >= trials.Count) throw new ArgumentOutOfRangeException(nameof(trial), $"There is no trial {trial}: {trials.Count} have begun.");
            if (trials[trial].HasEnded || !_machine.Finish(trial, trials[trial].Attempt, score, score is null ? TrialStatus.Failed : TrialStatus.Completed, message))
            {
                throw new InvalidOperationException(trials[trial].HasEnded ? $"Trial {trial} has ended already, with {trials[trial]}." : $"Trial {trial} was handed back when the study was closed. Ask with a lease to tell its result later.");
            }

            DeleteFiles(trial);
            Changed(trial);
        }
    }

    double ITrialHost.Suggest(TrialLease lease, string name, SearchRange range)
    {
        lock (_gate)
        {
            double value = _machine.Suggest(lease.Trial, lease.Attempt, name, range) ?? throw new LeaseLostException(lease);
            Monitor.PulseAll(_gate);
            return value;
        }
    }

    bool ITrialHost.ShouldStop(TrialLease lease, int epoch, double value)
    {
        lock (_gate)
        {
            TrialAnswer answer = _machine.Report(lease.Trial, lease.Attempt, epoch, value, DateTimeOffset.UtcNow);
            Changed(lease.Trial);
            return answer == TrialAnswer.Refused ? throw new LeaseLostException(lease) : answer == TrialAnswer.Stop;
        }
    }

    private void RunAll(int trials, int parallel, Func<Trial, TrialOutcome> run, CancellationToken cancellationToken)
    {
        Guard.AtLeast(trials, 1, nameof(trials), "a study needs something to try");
        Guard.AtLeast(parallel, 1, nameof(parallel), "at least one trial runs at a time");
        if (!_options.IsAsynchronous && parallel > _options.Window)
        {
            throw new ArgumentOutOfRangeException(nameof(parallel), $"parallel must be {_options.Window} or less, received {parallel}: the study's window is {_options.Window}. Begin a study with a wider window, or an asynchronous one.");
        }

        foreach (TrialResult earlier in Trials) _options.Progress?.Report(earlier);
        ExceptionDispatchInfo? failure = null;
        using CancellationTokenRegistration wake = cancellationToken.Register(() =>
        {
            lock (_gate) Monitor.PulseAll(_gate);
        });

        // A thread each, not the pool's or the compute team's: a trial may take hours, and its computations use the team themselves.
        Thread[] helpers = [.. Enumerable.Range(1, Math.Min(parallel, trials) - 1).Select(i => new Thread(Work) { IsBackground = true, Name = $"NeuralTrain trials {i}" })];
        foreach (Thread helper in helpers) helper.Start();
        Work();
        foreach (Thread helper in helpers) helper.Join();
        failure?.Throw();

        void Work()
        {
            try
            {
                while (Next() is TrialLease lease) RunOne(lease, run, cancellationToken);
            }
            catch (Exception problem)
            {
                // What goes wrong here is the study itself, such as a full disk.
                lock (_gate)
                {
                    failure ??= ExceptionDispatchInfo.Capture(problem);
                    Monitor.PulseAll(_gate);
                }
            }
        }

        TrialLease? Next()
        {
            lock (_gate)
            {
                while (failure is null && !cancellationToken.IsCancellationRequested && !_machine.IsFinished(trials))
                {
                    if (_machine.Ask(trials, DateTimeOffset.UtcNow) is TrialLease lease)
                    {
                        Changed(lease.Trial);
                        return lease;
                    }

                    // Trials of Ask may have a time after which they count as lost.
                    Monitor.Wait(_gate, TimeSpan.FromSeconds(1));
                }

                return null;
            }
        }
    }

    private void RunOne(TrialLease lease, Func<Trial, TrialOutcome> run, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (_options.TrialTime is TimeSpan time) ends.CancelAfter(time);
        var trial = new Trial(lease, this, _options, _store, ends.Token);
        try
        {
            TrialOutcome outcome = run(trial);
            lock (_gate)
            {
                if (cancellationToken.IsCancellationRequested && !trial.IsStopped) _machine.Release(lease.Trial, lease.Attempt);
                else End(trial, outcome);
            }
        }
        catch (LeaseLostException)
        {
            // Its result was told by Tell.
        }
        catch (Exception problem) when (problem is StudyStorageException or ArgumentException)
        {
            // A full disk, or a direction that is not the metric's, is not the trial's fault: the run ends, and the trial goes on with the next one.
            lock (_gate) _machine.Release(lease.Trial, lease.Attempt);
            throw;
        }
    }

    private void End(Trial trial, TrialOutcome outcome)
    {
        if (!double.IsFinite(outcome.Score ?? double.NaN)) outcome = outcome with { Trainer = null };
        int? before = _machine.Best?.Number;

        // Files first: when the process ends in between, the trial runs again and writes the same ones.
        Trainer? kept = outcome.Status == TrialStatus.Completed && _machine.WouldBeBest(trial.Number, outcome.Score!.Value) ? outcome.Trainer : null;
        if (_store is not null && kept is not null) trial.Keep(_store, kept);
        if (!_machine.Finish(trial.Number, trial.Attempt, outcome.Score, outcome.Status, outcome.Message, outcome.Duration)) return;
        bool isBest = _machine.Best?.Number == trial.Number;
        if (!isBest || kept is null) DeleteFiles(trial.Number);
        if (isBest && before is int worse) DeleteFiles(worse);
        Changed(trial.Number);
    }

    private void DeleteFiles(int trial)
    {
        if (_store is not null) Trial.Forget(_store, trial);
    }

    private void Changed(int trial)
    {
        _options.Progress?.Report(_machine.Trials[trial]);
        Monitor.PulseAll(_gate);
    }
}
