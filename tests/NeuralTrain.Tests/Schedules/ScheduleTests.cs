namespace NeuralTrain.Tests.Schedules;

public sealed class ScheduleTests
{
    [Fact]
    public void By_epoch_or_by_step_is_said_by_the_schedule()
    {
        new WarmRestarts(period: 10).Unit.Should().Be(ScheduleUnit.Epoch);
        new Cyclical(0.1).Unit.Should().Be(ScheduleUnit.Step);
        new OneCycle().Unit.Should().Be(ScheduleUnit.Step);
        new ReduceOnPlateau().Unit.Should().Be(ScheduleUnit.Epoch);
        new CosineDecay(unit: ScheduleUnit.Step).Unit.Should().Be(ScheduleUnit.Step);
        new WarmUp(3, new CosineDecay(unit: ScheduleUnit.Step)).Unit.Should().Be(ScheduleUnit.Step);
    }

    [Fact]
    public void A_sequence_allocates_nothing_when_each_step_asks_for_its_rate()
    {
        var sequence = new ScheduleSequence([3, 6], new CosineDecay(unit: ScheduleUnit.Step), new MultiStepDecay([1], unit: ScheduleUnit.Step), new ConstantSchedule(1, ScheduleUnit.Step));
        Harness.Allocation.PerCall(() => sequence.At(4, 10)).Should().Be(0);
    }

    [Fact]
    public void A_sample_in_rates_is_the_sample_of_factors_times_the_rate() =>
        new CosineDecay().Sample(20, learningRate: 0.02).Should().Equal(new CosineDecay().Sample(20).Select(factor => 0.02 * factor));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void One_cycle_over_a_budget_too_short_to_rise_is_still_finite_and_ends_low(int budget)
    {
        double[] factors = new OneCycle().Sample(budget);
        factors.Should().OnlyContain(factor => factor > 0 && factor <= 1);
        if (budget > 1)
        {
            factors[^1].Should().BeApproximately(4e-6, 1e-12);
        }
    }

    [Fact]
    public void One_cycle_rises_for_its_fraction_of_whatever_budget()
    {
        foreach (int budget in new[] { 100, 1000, 7000 })
        {
            double[] factors = new OneCycle(upFraction: 0.25).Sample(budget);
            Array.IndexOf(factors, factors.Max()).Should().Be((budget / 4) - 1);
        }
    }

    [Fact]
    public void A_warm_up_longer_than_the_budget_never_reaches_what_follows() =>
        new WarmUp(10, new CosineDecay(), start: 0).Sample(5).Should().Equal(0, 0.1, 0.2, 0.3, 0.4);

    [Fact]
    public void The_last_of_a_sequence_may_watch_a_metric()
    {
        var plateau = new ReduceOnPlateau(patience: 1, reduction: 0.5);
        var sequence = new ScheduleSequence([3], new ConstantSchedule(), plateau);
        sequence.Observe(1);
        sequence.Observe(1);
        sequence.Sample(5).Should().Equal(1, 1, 1, 0.5, 0.5);
        sequence.Plateau.Should().BeSameAs(plateau);
    }

    [Fact]
    public void A_peak_that_has_decayed_to_the_minimum_stays_there() =>
        new WarmRestarts(2, minimum: 0.5, peakDecay: 0.1).Sample(8).Skip(2).Should().OnlyContain(factor => factor == 0.5);

    [Fact]
    public void A_schedule_of_ones_own_is_checked_where_it_is_asked()
    {
        new Own(0.5).At(0, 1).Should().Be(0.5);
        foreach (double bad in new[] { -0.1, double.NaN, double.PositiveInfinity })
        {
            Action ask = () => new Own(bad).At(3, 10);
            ask.Should().Throw<InvalidOperationException>().WithMessage("Own(*) gave the factor *at time 3 of 10*");
        }
    }

    [Fact]
    public void One_cycle_too_short_to_rise_begins_at_its_peak_and_ends_at_its_end() =>
        new OneCycle(upFraction: 0.05).Sample(10).Should().BeInDescendingOrder().And.Match<IEnumerable<double>>(factors => factors.First() == 1 && Math.Abs(factors.Last() - (1 / 25e4)) < 1e-12);

    [Fact]
    public void One_cycle_begins_low_also_where_the_peak_is_at_its_second_step() => new OneCycle(upFraction: 0.5).Sample(4)[0].Should().BeApproximately(1 / 25.0, 1e-12);

    [Fact]
    public void Times_before_the_first_and_empty_budgets_are_refused()
    {
        Action early = () => new StepDecay(3).At(-1, 10);
        Action empty = () => new StepDecay(3).At(0, 0);
        Action none = () => new StepDecay(3).Sample(0);
        Action negative = () => new StepDecay(3).Sample(3, learningRate: -1);
        early.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*time must be 0 or more, received -1*");
        empty.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*budget must be 1 or more, received 0*");
        none.Should().Throw<ArgumentOutOfRangeException>();
        negative.Should().Throw<ArgumentOutOfRangeException>();
    }

    public static TheoryData<string, Action> BadArguments => new()
    {
        { "factor", () => _ = new ConstantSchedule(-1) },
        { "factor", () => _ = new ConstantSchedule(double.NaN) },
        { "unit", () => _ = new ConstantSchedule(unit: (ScheduleUnit)2) },
        { "interval", () => _ = new StepDecay(0) },
        { "factor", () => _ = new StepDecay(3, factor: 0) },
        { "factor", () => _ = new StepDecay(3, factor: -0.1) },
        { "factor", () => _ = new StepDecay(3, factor: double.NaN) },
        { "factor", () => _ = new StepDecay(3, factor: 1.1) },
        { "milestones", () => _ = new MultiStepDecay([]) },
        { "milestones", () => _ = new MultiStepDecay([0, 3]) },
        { "milestones", () => _ = new MultiStepDecay([5, 3]) },
        { "milestones", () => _ = new MultiStepDecay([3, 3]) },
        { "factor", () => _ = new MultiStepDecay([3], factor: -1) },
        { "factor", () => _ = new MultiStepDecay([3, 5], factor: 1e200) },
        { "factor", () => _ = new ExponentialDecay(0) },
        { "factor", () => _ = new ExponentialDecay(1.1) },
        { "factor", () => _ = new ExponentialDecay(double.NaN) },
        { "length", () => _ = new PolynomialDecay(0) },
        { "power", () => _ = new PolynomialDecay(power: 0) },
        { "minimum", () => _ = new PolynomialDecay(minimum: -0.1) },
        { "length", () => _ = new CosineDecay(0) },
        { "minimum", () => _ = new CosineDecay(minimum: 1) },
        { "minimum", () => _ = new CosineDecay(minimum: double.NaN) },
        { "period", () => _ = new WarmRestarts(0) },
        { "multiplier", () => _ = new WarmRestarts(1, multiplier: 0) },
        { "minimum", () => _ = new WarmRestarts(1, minimum: -1) },
        { "peakDecay", () => _ = new WarmRestarts(1, peakDecay: 0) },
        { "peakDecay", () => _ = new WarmRestarts(1, peakDecay: 1.5) },
        { "peakDecay", () => _ = new WarmRestarts(1, peakDecay: double.NaN) },
        { "length", () => _ = new WarmUp(0, new ConstantSchedule()) },
        { "then", () => _ = new WarmUp(3, null!) },
        { "start", () => _ = new WarmUp(3, new ConstantSchedule(), start: 1) },
        { "start", () => _ = new WarmUp(3, new ConstantSchedule(), start: double.NaN) },
        { "fraction", () => WarmUp.OverFraction(0, new ConstantSchedule()) },
        { "fraction", () => WarmUp.OverFraction(1, new ConstantSchedule()) },
        { "fraction", () => WarmUp.OverFraction(double.NaN, new ConstantSchedule()) },
        { "low", () => _ = new Cyclical(-0.1) },
        { "low", () => _ = new Cyclical(1) },
        { "up", () => _ = new Cyclical(0.1, up: 0) },
        { "down", () => _ = new Cyclical(0.1, down: 0) },
        { "mode", () => _ = new Cyclical(0.1, mode: (CyclicalMode)3) },
        { "decay", () => _ = new Cyclical(0.1, mode: CyclicalMode.ExponentialRange, decay: 1.1) },
        { "decay", () => _ = new Cyclical(0.1, mode: CyclicalMode.ExponentialRange, decay: double.NaN) },
        { "decay", () => _ = new Cyclical(0.1, mode: CyclicalMode.Triangular, decay: 0.9) },
        { "length", () => _ = new OneCycle(0) },
        { "upFraction", () => _ = new OneCycle(upFraction: 0) },
        { "upFraction", () => _ = new OneCycle(upFraction: 1) },
        { "startDivisor", () => _ = new OneCycle(startDivisor: 0.5) },
        { "endDivisor", () => _ = new OneCycle(endDivisor: double.NaN) },
        { "milestones", () => _ = new ScheduleSequence([], new ConstantSchedule()) },
        { "milestones", () => _ = new ScheduleSequence([3], new ConstantSchedule()) },
        { "milestones", () => _ = new ScheduleSequence([0], new ConstantSchedule(), new ConstantSchedule()) },
        { "milestones", () => _ = new ScheduleSequence([3, 3], new ConstantSchedule(), new ConstantSchedule(), new ConstantSchedule()) },
        { "schedules", () => _ = new ScheduleSequence([3], new ConstantSchedule(), new ConstantSchedule(unit: ScheduleUnit.Step)) },
        { "schedules", () => _ = new ScheduleSequence([3], new ReduceOnPlateau(), new ConstantSchedule()) },
        { "schedules", () => _ = new ScheduleSequence([3], new ConstantSchedule(), null!) },
        { "patience", () => _ = new ReduceOnPlateau(patience: 0) },
        { "reduction", () => _ = new ReduceOnPlateau(reduction: 1) },
        { "reduction", () => _ = new ReduceOnPlateau(reduction: double.NaN) },
        { "threshold", () => _ = new ReduceOnPlateau(threshold: -1) },
        { "cooldown", () => _ = new ReduceOnPlateau(cooldown: -1) },
        { "minimum", () => _ = new ReduceOnPlateau(minimum: 1) },
    };

    [Theory]
    [MemberData(nameof(BadArguments))]
    public void Zero_lengths_negative_rates_and_the_like_are_refused_at_construction(string name, Action create)
    {
        ArgumentNullException.ThrowIfNull(create);
        create.Should().Throw<ArgumentException>().Which.ParamName.Should().Be(name);
    }

    private sealed class Own(double factor) : Schedule(ScheduleUnit.Step)
    {
        protected override double Factor(long time, long budget) => factor;
    }
}
