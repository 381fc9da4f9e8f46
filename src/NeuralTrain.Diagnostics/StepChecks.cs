namespace NeuralTrain;

/// <summary>What the first backward pass and the first step of a clone show.</summary>
internal static class StepChecks
{
    // A step changes weights by about a thousandth of their size (Karpathy, CS231n, "Neural networks 3"); these are far off.
    private const double LargestUpdate = 0.2;
    private const double SmallestUpdate = 1e-6;

    /// <summary>NT025 in the backward pass, which this makes.</summary>
    public static IEnumerable<Finding> NotFinite(CheckContext check)
    {
        check.Run.Network.Backward(check.Run.Gradient);
        if (Weights(check).FirstOrDefault(named => Walk.FirstNotFinite(named.Parameter.Gradient.Span) >= 0) is { Parameter: not null } bad)
        {
            yield return Checker.Found(
                "NT025", bad.Path, $"the gradient of '{bad.Path}' is not finite, though the loss is {Digits.Three(check.FirstLoss!.Value)}",
                "run GradientCheck if the layer after it is a custom one, else scale features and targets");
        }
    }

    /// <summary>NT021. Same weights alone may part at the first step; with the same gradients they never do.</summary>
    public static IEnumerable<Finding> SameUnits(CheckContext check) =>
        from named in Weights(check)
        let weight = named.Parameter
        where weight.Shape.Count == 2 && weight.Value.Rows > 1 && RowsAreSame(weight.Value) && RowsAreSame(weight.Gradient)
        let start = IsZero(weight.Value) ? "start at 0" : "start with the same weights"
        select Checker.Found(
            "NT021", named.Path, $"all {weight.Value.Rows} units of '{named.Path}' {start} and have the same gradient, so they will always stay the same",
            "draw the weights at random: leave weightInitializer out");

    /// <summary>NT024. Weights of 0 that are about to change, as at the end of a residual block, let gradients pass from the second step on.</summary>
    public static IEnumerable<Finding> NoGradient(CheckContext check)
    {
        (string Path, Parameter Parameter)[] without = [.. Weights(check).Where(named => IsZero(named.Parameter.Gradient))];
        bool isMomentary = Weights(check).Any(named => IsZero(named.Parameter.Value) && !IsZero(named.Parameter.Gradient));
        if (without.Length == 0 || check.FirstLoss == 0 || isMomentary) yield break;

        string others = without.Length == 1 ? "" : $" and {without.Length - 1} more";
        yield return Checker.Found(
            "NT024", without[0].Path, $"the gradient of '{without[0].Path}'{others} is 0 in all {check.Pass.Inputs.Rows} rows of the first pass",
            "look for dead or saturated units after it and for weights of 0, and run GradientCheck on custom layers");
    }

    /// <summary>NT026 and NT027, in the first step, which this takes.</summary>
    public static IEnumerable<Finding> Updates(CheckContext check)
    {
        if (check.Run.Optimizer is not Optimizer optimizer) yield break;

        (string Path, Parameter Parameter)[] weights = [.. Weights(check).Where(named => !IsZero(named.Parameter.Gradient))];
        float[][] before = [.. weights.Select(named => named.Parameter.Value.Span.ToArray())];
        optimizer.Step();
        (string Path, double Ratio)[] updates =
            [.. weights.Select((named, i) => (named.Path, UpdateRatio.Of(before[i], named.Parameter.Value.Span))).Where(update => !double.IsNaN(update.Item2))];
        if (updates.Length == 0) yield break;

        (string Path, double Ratio) largest = updates.MaxBy(update => update.Ratio), smallest = updates.MinBy(update => update.Ratio);
        if (largest.Ratio > LargestUpdate)
        {
            yield return Checker.Found("NT026", largest.Path, Message(largest), "lower the learning rate: LearningRateFinder suggests one");
        }

        if (smallest.Ratio < SmallestUpdate)
        {
            yield return Checker.Found(
                "NT027", smallest.Path, Message(smallest), "raise the learning rate (LearningRateFinder suggests one), or find out why so little gradient reaches it");
        }

        string Message((string Path, double Ratio) update) =>
            $"the first step with the rate {Digits.Three(optimizer.LearningRate)} changes '{update.Path}' by {Digits.Three(update.Ratio)} of its size; about 0.001 is usual";
    }

    private static IEnumerable<(string Path, Parameter Parameter)> Weights(CheckContext check) =>
        check.Run.Network.NamedParameters().Where(named => named.Parameter is { IsTrainable: true, IsRegularized: true });

    private static bool IsZero(Matrix matrix) => !matrix.Span.ContainsAnyExcept(0f);

    private static bool RowsAreSame(Matrix matrix) =>
        Enumerable.Range(1, matrix.Rows - 1).All(row => matrix.Row(row).SequenceEqual(matrix.Row(0)));
}
