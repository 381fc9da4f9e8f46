namespace NeuralTrain;

/// <summary>What the first backward pass and the first step of a clone show.</summary>
internal static class StepChecks
{
    // A step changes weights by about a thousandth of their size (Karpathy, CS231n, "Neural networks 3"); these are far off.
    private const double LargestUpdate = 0.2;
    private const double SmallestUpdate = 1e-6;

    public static void Run(CheckCase check, TrialRun run, double loss)
    {
        run.Network.Backward(run.Gradient);
        NamedParameter[] weights = [.. run.Network.NamedParameters().Where(named => named.Parameter is { IsTrainable: true, IsRegularized: true })];
        NamedParameter bad = weights.FirstOrDefault(named => !double.IsFinite(SquaredNorm.Of(named.Parameter.Gradient.Span)));
        if (bad.Parameter is not null)
        {
            check.Add(
                FindingKinds.NonFinitePass, bad.Path, $"the gradient of '{bad.Path}' is not finite, though the loss is {Digits.Three(loss)}",
                "run GradientCheck if the layer behind it is your own, else scale features and targets");
            return;
        }

        FindSameUnits(check, weights);
        FindWithoutGradient(check, weights, loss);
        if (run.HasOptimizer)
        {
            FindUpdates(check, run, weights);
        }
    }

    // Same weights alone may part at the first step; with the same gradients they never do.
    private static void FindSameUnits(CheckCase check, NamedParameter[] weights)
    {
        foreach ((string path, Parameter weight) in weights)
        {
            if (weight.Shape.Count == 2 && weight.Value.Rows > 1 && RowsAreSame(weight.Value) && RowsAreSame(weight.Gradient))
            {
                string what = weight.Value.Span.ContainsAnyExcept(0f) ? "start with the same weights" : "start at 0";
                check.Add(
                    FindingKinds.SameUnits, path, $"all {weight.Value.Rows} units of '{path}' {what} and have the same gradient, so they will always stay the same",
                    "draw the weights at random: leave weightInitializer out");
            }
        }
    }

    private static void FindWithoutGradient(CheckCase check, NamedParameter[] weights, double loss)
    {
        // Weights of 0 that are about to change, as at the end of a residual block, let gradients pass from the second step on.
        bool isMomentary = weights.Any(named => !named.Parameter.Value.Span.ContainsAnyExcept(0f) && named.Parameter.Gradient.Span.ContainsAnyExcept(0f));
        string[] without = [.. weights.Where(named => !named.Parameter.Gradient.Span.ContainsAnyExcept(0f)).Select(named => named.Path)];
        if (without.Length > 0 && loss != 0 && !isMomentary)
        {
            string others = without.Length == 1 ? "" : $" and {without.Length - 1} more";
            check.Add(
                FindingKinds.NoGradient, without[0], $"the gradient of '{without[0]}'{others} is 0 in all {check.Pass.Inputs.Rows} rows of the first pass",
                "look for dead or saturated units behind it and for weights of 0, and run GradientCheck on layers of your own");
        }
    }

    private static void FindUpdates(CheckCase check, TrialRun run, NamedParameter[] weights)
    {
        float[][] before = [.. weights.Select(named => named.Parameter.Value.Span.ToArray())];
        bool[] hasGradient = [.. weights.Select(named => named.Parameter.Gradient.Span.ContainsAnyExcept(0f))];
        run.Optimizer.Step();
        double[] ratios = [.. weights.Select((named, i) => hasGradient[i] ? UpdateRatio.Of(before[i], named.Parameter.Value.Span) : double.NaN)];
        int largest = IndexOf(ratios, ratio => ratio, LargestUpdate), smallest = IndexOf(ratios, ratio => -ratio, -SmallestUpdate);
        if (largest >= 0)
        {
            check.Add(
                FindingKinds.LargeUpdate, weights[largest].Path,
                $"the first step with the rate {Digits.Three(run.Optimizer.LearningRate)} changes '{weights[largest].Path}' by {Digits.Three(ratios[largest])} of its size; about 0.001 is usual",
                "lower the learning rate: LearningRateFinder suggests one");
        }

        if (smallest >= 0)
        {
            check.Add(
                FindingKinds.SmallUpdate, weights[smallest].Path,
                $"the first step with the rate {Digits.Three(run.Optimizer.LearningRate)} changes '{weights[smallest].Path}' by {Digits.Three(ratios[smallest])} of its size; about 0.001 is usual",
                "raise the learning rate (LearningRateFinder suggests one), or find out why so little gradient reaches it");
        }
    }

    // The greatest of those above the bound; −1 if there is none. NaN, which is no ratio, is never above it.
    private static int IndexOf(double[] ratios, Func<double, double> size, double bound)
    {
        int found = -1;
        for (int i = 0; i < ratios.Length; i++)
        {
            if (size(ratios[i]) > (found < 0 ? bound : size(ratios[found])))
            {
                found = i;
            }
        }

        return found;
    }

    private static bool RowsAreSame(Matrix matrix)
    {
        for (int row = 1; row < matrix.Rows; row++)
        {
            if (!matrix.Row(row).SequenceEqual(matrix.Row(0)))
            {
                return false;
            }
        }

        return true;
    }
}
