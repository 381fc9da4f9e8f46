using System.Globalization;

namespace NeuralTrain;

/// <summary>Changes the learning rate during training: gives a factor for each step or epoch.</summary>
/// <remarks>
/// <code>
/// rate at time t = γ · At(t, budget)      γ the learning rate the optimizer was given, t = 0, 1, 2, … in Unit
/// </code>
/// <para>
/// A schedule gives a factor and not a rate, so that the learning rate is set in one place, the optimizer, and can be changed without
/// touching the schedule. Every bound of a schedule is likewise a fraction of γ: where PyTorch and Keras ask for an absolute rate
/// (<c>eta_min</c>, <c>base_lr</c>), divide it by γ.
/// </para>
/// <para>
/// A schedule is a pure function: the same time gives the same factor in any order of calls, so one object serves many training runs and can be
/// drawn before the first of them, see <see cref="Sample"/>. The only one with a memory is <see cref="ReduceOnPlateau"/>.
/// Your own loop sets <c>optimizer.LearningRate = rate * schedule.At(step, steps)</c> before each step.
/// </para>
/// <para>A custom schedule overrides <see cref="Factor"/>, and <see cref="Describe"/> if it has parameters. Lecture L5.8 to L5.11.</para>
/// </remarks>
public abstract class Schedule
{
    /// <summary>Creates a schedule.</summary>
    /// <param name="unit">The unit it counts in.</param>
    /// <exception cref="ArgumentOutOfRangeException">The unit is unknown.</exception>
    protected Schedule(ScheduleUnit unit) => Unit = Guard.Defined(unit, nameof(unit));

    /// <summary>Whether times, lengths and budgets count steps or epochs.</summary>
    public ScheduleUnit Unit { get; }

    /// <summary>The factor of the learning rate at one time.</summary>
    /// <param name="time">The number of steps (or epochs, see <see cref="Unit"/>) done so far: 0 for the first.</param>
    /// <param name="budget">
    /// The number of steps (or epochs) of the whole training, 1 or more. Schedules that end with the training follow it; those with a fixed
    /// length ignore it.
    /// </param>
    /// <returns>A finite number of 0 or more; 1 leaves the optimizer's rate unchanged.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or the budget less than 1.</exception>
    /// <exception cref="InvalidOperationException">A custom schedule gave a factor that is negative or not finite.</exception>
    public double At(long time, long budget)
    {
        if (time < 0) throw new ArgumentOutOfRangeException(nameof(time), $"time must be 0 or more, received {time}: it counts what is done already.");
        if (budget < 1) throw new ArgumentOutOfRangeException(nameof(budget), $"budget must be 1 or more, received {budget}: it is how long the training is meant to last.");
        double factor = Factor(time, budget);
        return double.IsFinite(factor) && factor >= 0 ? factor : throw new InvalidOperationException(
            $"{this} gave the factor {factor} at time {time} of {budget}; a learning rate needs a finite factor of 0 or more. Correct its {nameof(Factor)}.");
    }

    /// <summary>The factors from time 0 on, to inspect or plot before training.</summary>
    /// <param name="count">The number of steps or epochs, 1 or more; this is also the budget.</param>
    /// <param name="learningRate">The learning rate γ to multiply with, 0 or more. Default 1: the factors themselves.</param>
    /// <returns>A new array with the rate at time i in place i.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is less than 1, or the rate negative or not finite.</exception>
    public double[] Sample(int count, double learningRate = 1)
    {
        Guard.AtLeast(count, 1, nameof(count), "there must be at least one time to look at");
        Guard.NotNegative(learningRate, nameof(learningRate), "1 gives the factors themselves.");
        return [.. Enumerable.Range(0, count).Select(time => learningRate * At(time, count))];
    }

    /// <summary>
    /// Passes the watched metric to the schedule, once after each epoch. All schedules except
    /// <see cref="ReduceOnPlateau"/> ignore it. If that is part of another, as in <see cref="WarmUp"/>, call it from the start of that part on, as a trainer does.
    /// </summary>
    /// <param name="metric">The watched value: the validation loss, or the training loss where there is no validation.</param>
    public void Observe(double metric) => Plateau?.Remember(metric);

    /// <summary>
    /// Whether the factor depends only on the completed fraction of the budget, so that the schedule spans a whole training of any length, also one with a
    /// time budget. Default false: it has fixed lengths.
    /// </summary>
    protected internal virtual bool FollowsBudget => false;

    /// <summary>This schedule or the part of it with a memory; null for a pure function of the time.</summary>
    internal virtual ReduceOnPlateau? Plateau => null;

    /// <summary>The same, once it is active: a part of a schedule watches from its start on.</summary>
    internal virtual ReduceOnPlateau? PlateauAt(long time, long budget) => Plateau;

    /// <summary>The kind and its numbers, as <c>StepDecay(interval 30, factor 0.1, unit Epoch)</c>.</summary>
    public override string ToString() => Settings.Of(this, DescribeAll).ToString();

    /// <summary>Writes the numbers of the formula, which must be the same when training is resumed. By default none.</summary>
    /// <param name="settings">Receives the values: <c>settings.Set("interval", Interval)</c>.</param>
    protected internal virtual void Describe(Settings settings)
    {
    }

    /// <summary>The numbers of the formula, and the unit.</summary>
    internal void DescribeAll(Settings settings)
    {
        Describe(settings);
        settings.Set("unit", Unit.ToString());
    }

    /// <summary>The formula. The arguments have been checked, and the result is checked afterwards.</summary>
    /// <param name="time">The number of steps or epochs done so far, 0 or more.</param>
    /// <param name="budget">The number of steps or epochs of the whole training, 1 or more.</param>
    /// <returns>The factor, a finite number of 0 or more.</returns>
    protected abstract double Factor(long time, long budget);

    /// <summary>Between two values along half a cosine: <paramref name="start"/> at progress 0, <paramref name="end"/> at 1.</summary>
    private protected static double AlongCosine(double start, double end, double progress) =>
        end + (0.5 * (start - end) * (1 + Math.Cos(Math.PI * progress)));

    /// <summary>Refuses a length that is given but not positive; null stands for the whole budget.</summary>
    private protected static int? CheckLength(int? length) =>
        length is int given ? Guard.AtLeast(given, 1, nameof(length), "a schedule needs time to pass; leave it out to span the whole training") : null;

    /// <summary>Refuses a minimum that is not a fraction of the learning rate.</summary>
    private protected static double CheckMinimum(double minimum) => Guard.InHalfOpen(
        minimum, 0, 1, nameof(minimum), "It is a fraction of the optimizer's learning rate, not a rate.");

    /// <summary>Refuses times of change that do not increase from 1 on.</summary>
    private protected static int[] CheckMilestones(ReadOnlySpan<int> milestones)
    {
        if (milestones.IsEmpty) throw new ArgumentException("At least one time at which the rate changes is needed, received none.", nameof(milestones));
        Guard.AtLeast(milestones[0], 1, nameof(milestones), "a change at time 0 would mean another learning rate from the start");
        for (int i = 1; i < milestones.Length; i++)
        {
            if (milestones[i] > milestones[i - 1]) continue;
            throw new ArgumentException($"The milestones must increase, received {milestones[i]} after {milestones[i - 1]}. Sort them, and name each once.", nameof(milestones));
        }

        return milestones.ToArray();
    }

    /// <summary>The number of milestones up to a time. May be called in every step, so it allocates nothing.</summary>
    private protected static int Passed(int[] milestones, long time)
    {
        int passed = 0;
        while (passed < milestones.Length && milestones[passed] <= time) passed++;
        return passed;
    }

    /// <summary>The length as texts show it.</summary>
    private protected static string LengthText(int? length) => length?.ToString(CultureInfo.InvariantCulture) ?? "whole budget";
}

/// <summary>The unit a <see cref="Schedule"/> counts in.</summary>
public enum ScheduleUnit
{
    /// <summary>Steps of the optimizer: the rate changes with every batch.</summary>
    Step,

    /// <summary>Epochs, that is, passes over the training data: the rate is constant within one.</summary>
    Epoch,
}
