namespace NeuralTrain.Tests.Search;

[Trait("Lecture", "L7.5")]
public sealed class SearchSpaceTests
{
    [Fact]
    public void Draws_are_spread_evenly_over_a_range_its_logarithm_and_a_choice()
    {
        SearchSpace space = new SearchSpace()
            .Uniform("dropout", 0.2, 0.6).LogUniform("rate", 1e-5, 1e-1).WholeNumber("layers", 1, 4).Choice("units", 16, 32, 64);
        IReadOnlyList<TrialResult> trials = RandomSearch.Run(space, 4000, seed: 1, _ => 0).Trials;
        double[] dropout = Values(trials, "dropout");
        double[] exponents = [.. Values(trials, "rate").Select(Math.Log10)];
        CheckEven(dropout, 0.2, 0.6);
        CheckEven(exponents, -5, -1);

        // A share of 1/n in 4000 draws deviates by √(1/n·(1 − 1/n)/4000) < 0.0075; four of these are 0.03.
        foreach (int layers in Enumerable.Range(1, 4))
        {
            trials.Count(trial => (int)trial.Values["layers"] == layers).Should().BeCloseTo(1000, 120);
        }

        foreach (int units in new[] { 16, 32, 64 })
        {
            trials.Count(trial => (int)trial.Values["units"] == units).Should().BeCloseTo(1333, 120);
        }

        static void CheckEven(double[] values, double low, double high)
        {
            values.Should().OnlyContain(value => value >= low && value <= high);
            for (int tenth = 0; tenth < 10; tenth++)
            {
                double from = low + (tenth * (high - low) / 10);
                values.Count(value => value >= from && value < from + ((high - low) / 10)).Should().BeCloseTo(400, 80);
            }
        }
    }

    [Fact]
    public void A_grid_has_every_combination_from_end_to_end()
    {
        SearchSpace space = new SearchSpace()
            .LogUniform("rate", 1e-4, 1e-2).Choice("activation", "relu", "tanh").WholeNumber("layers", 1, 2).Uniform("dropout", 0, 0.5);
        SearchResults results = GridSearch.Run(space, points: 3, seed: 1, trial => trial.Index);
        results.Trials.Should().HaveCount(3 * 2 * 2 * 3);
        results.Trials.Select(trial => string.Join(" ", trial.Values.Values)).Distinct().Should().HaveCount(36);
        double[] rates = [.. Values(results.Trials, "rate").Distinct()];
        rates.Should().HaveCount(3);
        rates[0].Should().Be(1e-4);
        rates[1].Should().BeApproximately(1e-3, 1e-15);
        rates[2].Should().Be(1e-2);
        Values(results.Trials, "dropout").Distinct().Should().Equal(0, 0.25, 0.5);

        // The last range changes fastest.
        results.Trials.Take(4).Select(trial => trial.Values["dropout"]).Should().Equal(0.0, 0.25, 0.5, 0.0);
        GridSearch.Run(new SearchSpace().WholeNumber("n", 1, 100), 4, 1, _ => 0).Trials.Select(trial => trial.Values["n"]).Should().Equal(1, 34, 67, 100);
        GridSearch.Run(new SearchSpace().Uniform("x", 0, 1), 1, 1, _ => 0).Trials.Single().Values["x"].Should().Be(0.5);
    }

    [Fact]
    public void Values_are_read_by_name_and_type()
    {
        SearchSpace space = new SearchSpace().Uniform("x", 0, 1).Choice("units", 16).Choice("kind", DropoutMode.Direct).Choice("name", "a");
        RandomSearch.Run(space, 1, 1, trial =>
        {
            trial.Number("x").Should().BeInRange(0, 1);
            trial.WholeNumber("units").Should().Be(16);
            trial.Number("units").Should().Be(16);
            trial.Choice<DropoutMode>("kind").Should().Be(DropoutMode.Direct);
            trial.Choice<string>("name").Should().Be("a");
            trial.Invoking(t => t.Number("y")).Should().Throw<ArgumentException>().WithMessage("*no 'y'; it has x, units, kind, name*");
            trial.Invoking(t => t.Number("name")).Should().Throw<ArgumentException>().WithMessage("'name' is a (String)*not a number*");
            trial.Invoking(t => t.WholeNumber("x")).Should().Throw<ArgumentException>().WithMessage("*not a whole number*");
            trial.Invoking(t => t.Choice<int>("name")).Should().Throw<ArgumentException>().WithMessage("*Int32*");
            return 0;
        }).Trials.Single().Status.Should().Be(TrialStatus.Completed);
        space.ToString().Should().Contain("x: 0 to 1").And.Contain("name: a");
    }

    [Fact]
    public void Ranges_that_make_no_sense_are_refused()
    {
        var space = new SearchSpace();
        space.Invoking(s => s.Uniform("x", 1, 1)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*1 to 1*");
        space.Invoking(s => s.Uniform("x", 0, double.PositiveInfinity)).Should().Throw<ArgumentOutOfRangeException>();
        space.Invoking(s => s.Uniform("x", -1e308, 1e308)).Should().Throw<ArgumentOutOfRangeException>();
        space.Invoking(s => s.LogUniform("x", 0, 1)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*logarithm*");
        space.Invoking(s => s.LogUniform("x", 1, 0.1)).Should().Throw<ArgumentOutOfRangeException>();
        space.Invoking(s => s.WholeNumber("x", 2, 1)).Should().Throw<ArgumentOutOfRangeException>();
        space.Invoking(s => s.Choice<int>("x")).Should().Throw<ArgumentException>().WithMessage("*at least one*");
        space.Invoking(s => s.Choice("x", "a", null!)).Should().Throw<ArgumentException>().WithMessage("*null at place 1*");
        space.Invoking(s => s.Uniform(" ", 0, 1)).Should().Throw<ArgumentException>();
        space.Uniform("x", 0, 1).Invoking(s => s.Choice("x", 1)).Should().Throw<ArgumentException>().WithMessage("'x' is in the search space already*");
        FluentActions.Invoking(() => RandomSearch.Run(new SearchSpace(), 1, 1, _ => 0)).Should().Throw<ArgumentException>().WithMessage("*empty*");
        FluentActions.Invoking(() => RandomSearch.Run(space, 0, 1, _ => 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => GridSearch.Run(space, 0, 1, _ => 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => GridSearch.Run(space, int.MaxValue, 1, _ => 0)).Should().Throw<ArgumentException>().WithMessage("*RandomSearch*");
        FluentActions.Invoking(() => GridSearch.Run(new SearchSpace().Uniform("x", 0, 1).Uniform("y", 0, 1), 1000, 1, _ => 0)).Should().Throw<ArgumentException>()
            .WithMessage("*1000000 combinations (1000 × 1000)*");
    }

    [Fact]
    public void The_widest_ranges_are_drawn_without_overflow()
    {
        SearchSpace space = new SearchSpace().WholeNumber("n", int.MinValue, int.MaxValue).LogUniform("x", 1e-300, 1e300);
        IReadOnlyList<TrialResult> trials = RandomSearch.Run(space, 200, 1, _ => 0).Trials;
        trials.Count(trial => (int)trial.Values["n"] < 0).Should().BeInRange(60, 140);
        Values(trials, "x").Should().OnlyContain(value => value >= 1e-300 && value <= 1e300);
        Values(trials, "x").Count(value => value < 1).Should().BeInRange(60, 140);
    }

    private static double[] Values(IEnumerable<TrialResult> trials, string name) => [.. trials.Select(trial => (double)trial.Values[name])];
}
