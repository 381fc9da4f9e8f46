namespace NeuralTrain.Tests.Schedules;

/// <summary>Numbers that others publish for the same schedules.</summary>
public sealed class ScheduleGoldenTests
{
    [Fact]
    [Trait("Lecture", "L5.9")]
    public void Fifty_epochs_at_a_tenth_then_25_at_a_hundredth_and_25_at_a_thousandth()
    {
        double[] rates = new MultiStepDecay([50, 75]).Sample(100, learningRate: 0.1);
        rates.Take(50).Should().OnlyContain(rate => Math.Abs(rate - 0.1) < 1e-15);
        rates.Skip(50).Take(25).Should().OnlyContain(rate => Math.Abs(rate - 0.01) < 1e-15);
        rates.Skip(75).Should().HaveCount(25).And.OnlyContain(rate => Math.Abs(rate - 0.001) < 1e-15);
    }

    [Fact]
    [Trait("Lecture", "L5.8")]
    public void The_example_of_PyTorchs_StepLR()
    {
        // lr = 0.05 if epoch < 30, 0.005 if 30 <= epoch < 60, 0.0005 if 60 <= epoch < 90
        double[] rates = new StepDecay(30, factor: 0.1).Sample(90, learningRate: 0.05);
        rates[29].Should().BeApproximately(0.05, 1e-15);
        rates[30].Should().BeApproximately(0.005, 1e-15);
        rates[59].Should().BeApproximately(0.005, 1e-15);
        rates[60].Should().BeApproximately(0.0005, 1e-15);
        rates[89].Should().BeApproximately(0.0005, 1e-15);
    }

    [Fact]
    public void The_example_of_PyTorchs_MultiStepLR()
    {
        // lr = 0.05 if epoch < 30, 0.005 if 30 <= epoch < 80, 0.0005 if epoch >= 80
        double[] rates = new MultiStepDecay([30, 80], factor: 0.1).Sample(100, learningRate: 0.05);
        rates[29].Should().BeApproximately(0.05, 1e-15);
        rates[30].Should().BeApproximately(0.005, 1e-15);
        rates[79].Should().BeApproximately(0.005, 1e-15);
        rates[80].Should().BeApproximately(0.0005, 1e-15);
    }

    [Fact]
    public void The_example_of_PyTorchs_LinearLR() =>
        RequireClose(new WarmUp(4, new ConstantSchedule(), start: 0.5).Sample(6, 0.05), [0.025, 0.03125, 0.0375, 0.04375, 0.05, 0.05]);

    [Fact]
    public void The_example_of_PyTorchs_PolynomialLR() =>
        RequireClose(new PolynomialDecay(4).Sample(6, 0.001), [0.001, 0.00075, 0.0005, 0.00025, 0, 0]);

    // The expected values of the next two come from this Python program:
    //   import math
    //   def cos(a, b, p): return b + (a - b) / 2 * (1 + math.cos(math.pi * p))
    //   def one_cycle(t, total, pct=0.3, start=1/25, end=1/25/1e4):
    //       top = pct * total - 1
    //       return cos(start, 1, t / top) if t <= top else cos(1, end, (t - top) / (total - 1 - top))
    //   print([one_cycle(t, 10) for t in range(10)])
    //   def cyclical(t, up, down, low):
    //       x, ratio = t / (up + down) % 1, up / (up + down)
    //       return low + (1 - low) * (x / ratio if x <= ratio else (x - 1) / (ratio - 1))
    //   print([cyclical(t, 2, 4, 0.25) for t in range(13)])
    [Fact]
    public void One_cycle_of_ten_steps() => RequireClose(
        new OneCycle().Sample(10),
        [0.04, 0.52, 1, 0.9504846320134737, 0.8117456539497631, 0.6112620219362893, 0.38874197806371075, 0.18825834605023697, 0.049519367986526286, 4e-6]);

    [Fact]
    [Trait("Lecture", "L5.10")]
    public void Two_cycles_up_in_two_steps_and_down_in_four() => RequireClose(
        new Cyclical(0.25, up: 2, down: 4).Sample(13),
        [0.25, 0.625, 1, 0.8125, 0.625, 0.4375, 0.25, 0.625, 1, 0.8125, 0.625, 0.4375, 0.25]);

    [Fact]
    [Trait("Lecture", "L5.11")]
    public void Warm_restarts_come_at_exactly_the_sums_of_the_periods()
    {
        // Restarts at 0, 1, 1 + 3, 1 + 3 + 9, …: where a logarithm of the time is rounded, some of these come one late.
        var schedule = new WarmRestarts(1, multiplier: 3);
        long start = 0;
        for (long length = 1; length < 1_000_000_000_000_000; length *= 3)
        {
            schedule.At(start, 1).Should().Be(1);
            if (length > 1)
            {
                schedule.At(start + length - 1, 1).Should().BeLessThan(0.3);
            }

            start += length;
        }
    }

    private static void RequireClose(double[] actual, double[] expected)
    {
        actual.Should().HaveCount(expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            actual[i].Should().BeApproximately(expected[i], 1e-14);
        }
    }
}
