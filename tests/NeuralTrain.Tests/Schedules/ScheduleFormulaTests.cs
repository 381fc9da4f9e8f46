namespace NeuralTrain.Tests.Schedules;

/// <summary>Every schedule beside its plain formula, at every time of a long stretch.</summary>
[Trait("Lecture", "L5.11")]
public sealed class ScheduleFormulaTests
{
    private static int Budget => 500;

    private static Dictionary<string, (Schedule Schedule, Func<int, double> Formula)> Cases { get; } = new()
    {
        ["constant"] = (new ConstantSchedule(0.7), _ => 0.7),
        ["step"] = (new StepDecay(30), t => Math.Pow(0.1, Math.Floor(t / 30.0))),
        ["step by half"] = (new StepDecay(7, factor: 0.5), t => Math.Pow(0.5, Math.Floor(t / 7.0))),
        ["multi-step"] = (new MultiStepDecay([3, 80, 81], factor: 0.3), t => (t >= 3 ? 0.3 : 1) * (t >= 80 ? 0.3 : 1) * (t >= 81 ? 0.3 : 1)),
        ["exponential"] = (new ExponentialDecay(0.97), t => Math.Exp(t * Math.Log(0.97))),
        ["polynomial"] = (new PolynomialDecay(120, power: 2.5, minimum: 0.1), t => 0.1 + (0.9 * Math.Pow(1 - (Math.Min(t, 120) / 120.0), 2.5))),
        ["polynomial over the budget"] = (new PolynomialDecay(), t => 1 - (t / (double)Budget)),
        ["cosine"] = (new CosineDecay(70, minimum: 0.2), t => 0.2 + (0.8 * (1 + Math.Cos(Math.PI * Math.Min(t, 70) / 70)) / 2)),
        ["cosine that repeats"] = (new CosineDecay(70, minimum: 0.2, repeats: true), t => 0.2 + (0.8 * (1 + Math.Cos(Math.PI * t / 70)) / 2)),
        ["one after another"] = (new ScheduleSequence([20, 100], new PolynomialDecay(minimum: 0.5), new StepDecay(30, 0.5), new CosineDecay()), t => t < 20 ? 1 - (0.5 * t / 20)
            : t < 100 ? Math.Pow(0.5, Math.Floor((t - 20) / 30.0))
            : (1 + Math.Cos(Math.PI * (t - 100) / (Budget - 100))) / 2),
        ["cosine over the budget"] = (new CosineDecay(), t => (1 + Math.Cos(Math.PI * t / Budget)) / 2),
        ["warm restarts"] = (new WarmRestarts(10), t => (1 + Math.Cos(Math.PI * (t % 10) / 10)) / 2),
        ["warm restarts, longer and lower each time"] = (new WarmRestarts(10, multiplier: 2, minimum: 0.05, peakDecay: 0.8), LongerAndLower),
        ["warm-up"] = (new WarmUp(20, new StepDecay(30), start: 0.2), t => t < 20
            ? 0.2 + (0.8 * t / 20)
            : Math.Pow(0.1, Math.Floor((t - 20) / 30.0))),
        ["warm-up over a tenth, then down over the rest"] = (WarmUp.OverFraction(0.1, new PolynomialDecay(), start: 0), t => t < 50
            ? t / 50.0
            : 1 - ((t - 50) / 450.0)),
        // 0.0515·500 = 25.75, rounded to 26 steps.
        ["warm-up over a fraction that is no whole number of steps"] =
            (WarmUp.OverFraction(0.0515, new ConstantSchedule(), start: 0.2), t => t < 26 ? 0.2 + (0.8 * t / 26) : 1),
        ["triangular"] = (new Cyclical(0.25, up: 20), t => 0.25 + (0.75 * Triangle(t, 20, 20))),
        ["triangular, slow fall"] = (new Cyclical(0.1, up: 7, down: 31), t => 0.1 + (0.9 * Triangle(t, 7, 31))),
        ["triangular2"] = (new Cyclical(0.25, up: 20, mode: CyclicalMode.Triangular2), t =>
            0.25 + (0.75 * Triangle(t, 20, 20) / Math.Pow(2, Math.Floor(1 + (t / 40.0)) - 1))),
        ["exp_range"] = (new Cyclical(0.25, up: 20, down: 5, CyclicalMode.ExponentialRange, decay: 0.99), t =>
            0.25 + (0.75 * Triangle(t, 20, 5) * Math.Pow(0.99, t))),
        ["one-cycle"] = (new OneCycle(), t => OneCycle(t, Budget, 0.3, 25, 1e4)),
        ["one-cycle of its own length"] = (new OneCycle(90, upFraction: 0.45, startDivisor: 10, endDivisor: 50), t => OneCycle(t, 90, 0.45, 10, 50)),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_time_has_the_factor_of_the_formula(string name)
    {
        (Schedule schedule, Func<int, double> formula) = Cases[name];
        double[] factors = schedule.Sample(Budget);
        factors.Should().HaveCount(Budget);
        for (int t = 0; t < Budget; t++)
        {
            factors[t].Should().BeApproximately(formula(t), 1e-12, "{0} at {1}", schedule, t);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_schedule_is_a_function_of_the_time_alone(string name)
    {
        Schedule schedule = Cases[name].Schedule;
        double[] forward = [.. Enumerable.Range(0, Budget).Select(t => schedule.At(t, Budget))];
        double[] backward = [.. Enumerable.Range(0, Budget).Reverse().Select(t => schedule.At(t, Budget)).Reverse()];
        backward.Should().Equal(forward);
        schedule.Sample(Budget).Should().Equal(forward);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Times_beyond_the_budget_and_beyond_all_bounds_still_have_a_factor(string name)
    {
        foreach (long time in new[] { Budget, Budget + 1, 10_000_000_000, long.MaxValue / 2 })
        {
            Cases[name].Schedule.At(time, Budget).Should().BeInRange(0, 1);
        }
    }

    private static double LongerAndLower(int t)
    {
        int start = 0, length = 10, cycle = 0;
        for (; start + length <= t; cycle++)
        {
            start += length;
            length *= 2;
        }

        return 0.05 + ((Math.Pow(0.8, cycle) - 0.05) * (1 + Math.Cos(Math.PI * (t - start) / length)) / 2);
    }

    // Smith's formula: cycle = ⌊1 + t / (up + down)⌋, x the position within it.
    private static double Triangle(int t, int up, int down)
    {
        double cycle = Math.Floor(1 + (t / (double)(up + down)));
        double x = 1 + (t / (double)(up + down)) - cycle;
        double ratio = up / (double)(up + down);
        return x <= ratio ? x / ratio : (x - 1) / (ratio - 1);
    }

    private static double OneCycle(int t, int length, double up, double startDivisor, double endDivisor)
    {
        double top = (up * length) - 1, first = 1 / startDivisor, last = first / endDivisor;
        double end = length - 1;
        return t <= top
            ? first + ((1 - first) * (1 - Math.Cos(Math.PI * t / top)) / 2)
            : last + ((1 - last) * (1 + Math.Cos(Math.PI * Math.Min(1, (t - top) / (end - top)))) / 2);
    }
}
