namespace NeuralTrain.Tests.Schedules;

[Trait("Lecture", "L5.8")]
public sealed class ReduceOnPlateauTests
{
    [Fact]
    public void The_rate_falls_after_exactly_the_patience() =>
        Factors(new ReduceOnPlateau(patience: 3), [5, 5, 5, 5, 5, 5, 5]).Should().Equal(1, 1, 1, 0.1, 0.1, 0.1, 0.1 * 0.1);

    [Fact]
    public void An_improvement_starts_the_waiting_anew() =>
        Factors(new ReduceOnPlateau(patience: 2, reduction: 0.5), [5, 5, 4, 4, 3, 3, 3]).Should().Equal(1, 1, 1, 1, 1, 1, 0.5);

    [Fact]
    public void The_relative_threshold_is_a_part_of_the_best_value()
    {
        // From 100 an improvement must go below 90: 91 is none, 89 is one.
        Factors(new ReduceOnPlateau(patience: 1, threshold: 0.1), [100, 91]).Should().Equal(1, 0.1);
        Factors(new ReduceOnPlateau(patience: 1, threshold: 0.1), [100, 89]).Should().Equal(1, 1);
    }

    [Fact]
    public void The_relative_threshold_points_the_right_way_for_negative_values()
    {
        // From −100 an improvement must go below −110.
        Factors(new ReduceOnPlateau(patience: 1, threshold: 0.1), [-100, -109]).Should().Equal(1, 0.1);
        Factors(new ReduceOnPlateau(patience: 1, threshold: 0.1), [-100, -111]).Should().Equal(1, 1);
        Factors(new ReduceOnPlateau(patience: 1, threshold: 0.1, higherIsBetter: true), [-100, -91]).Should().Equal(1, 0.1);
        Factors(new ReduceOnPlateau(patience: 1, threshold: 0.1, higherIsBetter: true), [-100, -89]).Should().Equal(1, 1);
    }

    [Fact]
    public void The_absolute_threshold_is_a_difference()
    {
        Factors(new ReduceOnPlateau(patience: 1, threshold: 0.1, absoluteThreshold: true), [100, 99.95]).Should().Equal(1, 0.1);
        Factors(new ReduceOnPlateau(patience: 1, threshold: 0.1, absoluteThreshold: true), [100, 99.8]).Should().Equal(1, 1);
    }

    [Fact]
    public void Small_improvements_that_add_up_count_once_they_pass_the_threshold() =>
        Factors(new ReduceOnPlateau(patience: 3, threshold: 0.1), [100, 95, 91, 89, 88, 87]).Should().Equal(1, 1, 1, 1, 1, 1);

    [Fact]
    public void Epochs_of_cooldown_do_not_count() =>
        Factors(new ReduceOnPlateau(patience: 1, cooldown: 2), [5, 5, 5, 5, 5]).Should().Equal(1, 0.1, 0.1, 0.1, 0.1 * 0.1);

    [Fact]
    public void The_rate_does_not_fall_below_the_floor() =>
        Factors(new ReduceOnPlateau(patience: 1, minimum: 0.05), [5, 5, 5, 5]).Should().Equal(1, 0.1, 0.05, 0.05);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_metric_that_is_not_finite_is_no_improvement_and_is_counted(double bad)
    {
        var schedule = new ReduceOnPlateau(patience: 2);
        Factors(schedule, [bad, 5, bad, 4.9, bad, bad]).Should().Equal(1, 1, 1, 1, 1, 0.1);
        schedule.NonFiniteCount.Should().Be(4);
        schedule.Best.Should().Be(4.9);
    }

    [Fact]
    public void Behind_a_warm_up_it_is_told_what_is_observed()
    {
        var schedule = new WarmUp(2, new ReduceOnPlateau(patience: 1), start: 0.5);
        schedule.At(2, 10).Should().Be(1);
        schedule.Observe(5);
        schedule.Observe(5);
        schedule.At(2, 10).Should().Be(0.1);
        schedule.At(1, 10).Should().BeApproximately(0.075, 1e-15);
    }

    [Fact]
    public void Pure_schedules_take_no_notice_of_metrics()
    {
        var schedule = new StepDecay(2);
        double[] before = schedule.Sample(9);
        schedule.Observe(double.NaN);
        schedule.Observe(3);
        schedule.Sample(9).Should().Equal(before);
    }

    // The factor after each observation.
    private static double[] Factors(ReduceOnPlateau schedule, double[] metrics)
    {
        var factors = new double[metrics.Length];
        for (int i = 0; i < metrics.Length; i++)
        {
            schedule.Observe(metrics[i]);
            factors[i] = schedule.At(i + 1, metrics.Length);
            factors[i].Should().Be(schedule.CurrentFactor);
        }

        return factors;
    }
}
