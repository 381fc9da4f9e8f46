namespace NeuralTrain.Tests.Search;

public sealed class PrunerTests
{
    [Fact]
    public void The_median_rule_stops_what_is_worse_than_the_median_at_the_same_epoch()
    {
        var rule = new MedianRule(warmUpTrials: 3);
        TrialResult[] others = [Trial(0, 1, 1), Trial(1, 2, 2), Trial(2, 3, 3)];
        Stops(rule, Trial(3, double.NaN), others).Should().BeTrue();
        Stops(rule, Trial(3, 2), others).Should().BeFalse("it is the median");
        Stops(rule, Trial(3, 2.1), others).Should().BeTrue();
        Stops(rule, Trial(3, 1.5, 9), others).Should().BeFalse("its best counts");
        Stops(rule, Trial(3, 2.1), others, Direction.Maximize).Should().BeFalse();
        Stops(rule, Trial(3, 9), [Trial(0, 1), Trial(1, 2, 2)]).Should().BeFalse("two are too few");
        Stops(rule, Trial(3, 1, 9, 9), others).Should().BeFalse("nobody came so far");
        Stops(rule, Trial(3, 5), [Trial(0, double.NaN), Trial(1, double.NaN), Trial(2, 1)]).Should().BeFalse("most others diverged");
        Stops(new MedianRule(3, warmUpEpochs: 1), Trial(3, 9), others).Should().BeFalse("the first epoch is warm-up");
        Stops(new MedianRule(3, warmUpEpochs: 1), Trial(3, 9, 9), others).Should().BeTrue();
    }

    [Fact]
    public void Successive_halving_lets_the_best_of_each_rung_pass()
    {
        var rule = new SuccessiveHalving(firstEpoch: 2, reduction: 3);
        TrialResult[] others = [.. Enumerable.Range(0, 8).Select(i => Trial(i, 0, i, 0, 0, 0, 10 + i))];

        // Nine values at epoch 2, its own included: the best three pass, which are 0, 1 and 2.
        Stops(rule, Trial(8, 99), others).Should().BeFalse("epoch 1 is no rung");
        Stops(rule, Trial(8, 99, 1.9), others).Should().BeFalse();
        Stops(rule, Trial(8, 0, 2.1), others).Should().BeTrue();
        Stops(rule, Trial(8, 0, 1.9, 99, 99, 99), others).Should().BeFalse("epochs 3 to 5 are no rungs");
        Stops(rule, Trial(8, 0, 1.9, 0, 0, 0, 12.5), others).Should().BeTrue("epoch 6 is the next rung");
        Stops(rule, Trial(8, 0, 1.9, 0, 0, 0, 11.5), others).Should().BeFalse();
        Stops(rule, Trial(8, 0, double.NaN), others).Should().BeTrue();
        Stops(rule, Trial(8, 0, 5), []).Should().BeFalse("the best of one passes");
        Stops(rule, Trial(8, 0, double.NaN), []).Should().BeTrue();
        Stops(rule, Trial(1, 0, 2), others[..1]).Should().BeTrue("of two, only the best passes");
        Stops(rule, Trial(8, 0, 6.1), others, Direction.Maximize).Should().BeFalse();
        Stops(rule, Trial(8, 0, 4.9), others, Direction.Maximize).Should().BeTrue();
        rule.Reason(Trial(8, 0, 2.1), others, Direction.Minimize).Should().Be("not among the best 3 of 9 at epoch 2");
    }

    [Fact]
    public void Hyperband_divides_the_trials_among_its_brackets_by_their_shares()
    {
        // s = 2: shares ⌈3·9/3⌉ = 9, ⌈3·3/2⌉ = 5, ⌈3·1/1⌉ = 3.
        var rule = new Hyperband(lastEpoch: 9);
        rule.Brackets.Should().Be(3);
        int[] counts = new int[3];
        for (int trial = 0; trial < 1700; trial++) counts[rule.BracketOf(trial)]++;
        counts[0].Should().BeCloseTo(900, 82, "four standard deviations √(n·p·(1 − p))");
        counts[1].Should().BeCloseTo(500, 76);
        counts[2].Should().BeCloseTo(300, 63);
        new Hyperband(26).Brackets.Should().Be(3);
        new Hyperband(27).Brackets.Should().Be(4);
    }

    [Fact]
    public void A_bracket_of_Hyperband_decides_among_its_own_trials_from_its_own_epoch_on()
    {
        var rule = new Hyperband(lastEpoch: 9);
        int[] first = [.. Enumerable.Range(0, 100).Where(trial => rule.BracketOf(trial) == 0)], last = [.. Enumerable.Range(0, 100).Where(trial => rule.BracketOf(trial) == 2)];
        TrialResult[] others = [.. Enumerable.Range(0, 100).Select(trial => Trial(trial, 0, 0, 0, 0, 0, 0, 0, 0, 0))];
        Stops(rule, Trial(first[^1], 1), others[..first[^1]]).Should().BeTrue();
        Stops(rule, Trial(last[^1], 1, 1, 1), others[..last[^1]]).Should().BeFalse("it decides at epoch 9 only");
        Stops(rule, Trial(first[^1], 1), [.. last.Select(trial => others[trial])]).Should().BeFalse("those of another bracket do not count");
    }

    [Fact]
    public void Patience_stops_what_has_not_improved_for_so_many_reports()
    {
        var rule = new Patience(reports: 2, minDelta: 0.1);
        Stops(rule, Trial(0, 1, 2), []).Should().BeFalse();
        Stops(rule, Trial(0, 1, 2, 3), []).Should().BeTrue();
        Stops(rule, Trial(0, 1, 0.95, 0.91), []).Should().BeTrue("less than 0.1 is no improvement");
        Stops(rule, Trial(0, 1, 2, 0.8, 0.9), []).Should().BeFalse();
        Stops(rule, Trial(0, double.NaN, double.NaN), []).Should().BeTrue();
        Stops(rule, Trial(0, 1, 2, 3), [], Direction.Maximize).Should().BeFalse();
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused()
    {
        Action[] wrong =
        [
            () => _ = new MedianRule(0), () => _ = new MedianRule(1, -1), () => _ = new SuccessiveHalving(0), () => _ = new SuccessiveHalving(1, 1), () => _ = new Hyperband(0), () => _ = new Hyperband(3, 4),
            () => _ = new Patience(0), () => _ = new Patience(1, -1), () => _ = new TpeSampler(startup: 0), () => _ = new TpeSampler(candidates: 0), () => _ = new GridSampler(0), () => _ = new GridSampler(100_001),
            () => _ = new StudyOptions { Window = 0 }, () => _ = new StudyOptions { Attempts = 0 }, () => _ = new StudyOptions { TrialTime = TimeSpan.Zero }, () => _ = new StudyOptions { CheckpointInterval = -TimeSpan.FromSeconds(1) },
        ];
        wrong.Should().AllSatisfy(make => make.Should().Throw<ArgumentOutOfRangeException>());
    }

    private static bool Stops(Pruner rule, TrialResult trial, TrialResult[] others, Direction direction = Direction.Minimize) => rule.Reason(trial, others, direction) is not null;

    private static TrialResult Trial(int number, params double[] reports) => new() { Number = number, Status = TrialStatus.Running, Reports = [.. reports.Select((value, i) => new TrialReport(i + 1, value))] };
}
