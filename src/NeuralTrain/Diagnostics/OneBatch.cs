namespace NeuralTrain;

/// <summary>Learning one batch by heart, and what to suspect where that fails.</summary>
internal static class OneBatch
{
    private const double DefaultRate = 0.003;
    private const double Goal = 1e-3;

    public static OverfitResult Overfit(Sequential network, BatchSource data, Loss loss, Optimizer? optimizer, int rows, int maximumSteps)
    {
        loss.CheckNetwork(network);
        DataSample batch = DataSample.Of(data, rows);
        TrialRun run = optimizer is null
            ? new TrialRun(network, loss, clone => new Adam(clone, DefaultRate))
            : new TrialRun(network, loss, optimizer);

        // Masks hide what was learnt: then prediction says it.
        bool isRandom = network.SelfAndBelow().Any(below => below.Layer.Masks is not null);
        double goal = loss.OutputKind == OutputKind.Values ? ValuesGoal(loss, batch) : double.NegativeInfinity;
        var losses = new List<double>();
        for (int step = 0; ; step++)
        {
            double? now = run.Forward(batch.Inputs, batch.Targets, batch.Weights);
            Matrix outputs = isRandom ? run.Network.Predict(batch.Inputs) : run.Network.ChildOutput(run.Network.Children.Count - 1);
            now = now is not null && isRandom ? Evaluate(loss, outputs, batch) : now;
            losses.Add(now ?? double.NaN);
            double? accuracy = loss.OutputKind == OutputKind.Values ? null : Share(loss.OutputKind, outputs, batch.Targets);
            bool reached = now is not null && (accuracy is null ? now <= goal : accuracy == 1);
            if (reached || now is null || step == maximumSteps || !run.Step())
            {
                bool exploded = !reached && step < maximumSteps;
                return new OverfitResult(
                    reached, batch.Inputs.Rows, step, losses[^1], losses[0], accuracy,
                    reached ? [] : [.. Suspects(network, data, run, batch, losses, exploded, optimizer)]);
            }
        }
    }

    // A thousandth of the way from predicting each target's mean to predicting each target.
    private static double ValuesGoal(Loss loss, DataSample batch)
    {
        ColumnScan[] columns = ColumnScan.Of(batch.Targets);
        var means = new Matrix(batch.Targets.Rows, batch.Targets.Columns);
        for (int row = 0; row < means.Rows; row++)
        {
            for (int column = 0; column < columns.Length; column++)
            {
                means[row, column] = (float)columns[column].Mean;
            }
        }

        double worst = Evaluate(loss, means, batch) ?? double.NaN, best = Evaluate(loss, batch.Targets, batch) ?? double.NaN;
        return worst > best ? best + (Goal * (worst - best)) : best + (Goal * Goal);
    }

    private static double Share(OutputKind kind, Matrix outputs, Matrix targets)
    {
        var accuracy = new Accuracy();
        accuracy.Begin(kind, targets.Columns);
        accuracy.Add(outputs, targets);
        return accuracy.Value;
    }

    private static double? Evaluate(Loss loss, Matrix outputs, DataSample batch)
    {
        try
        {
            return loss.Evaluate(outputs, batch.Targets, sampleWeights: batch.Weights);
        }
        catch (NotFiniteNumberException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Suspects(
        Sequential network, BatchSource data, TrialRun run, DataSample batch, List<double> losses, bool exploded, Optimizer? optimizer)
    {
        if (Contradiction(batch) is (int one, int other))
        {
            yield return $"rows {one} and {other} of the batch have the same features and other targets: no network can learn both";
        }

        if (exploded)
        {
            yield return FormattableString.Invariant(
                $"something was not finite after {losses.Count - 1} steps with the rate {Digits.Three(run.Optimizer.LearningRate)}: lower it");
        }

        foreach (Finding finding in network.Check(data, run.Loss, optimizer, Math.Max(batch.Inputs.Rows, 1)).Where(finding => finding.Severity > FindingSeverity.Hint))
        {
            yield return finding.ToString();
        }

        double first = losses[0], last = losses[^1], middle = losses[losses.Count / 2];
        if (!exploded && last < 0.9 * middle)
        {
            yield return "the loss was still falling: allow more steps, or raise the learning rate";
        }
        else if (!exploded && last > 0.9 * first)
        {
            yield return "the loss hardly fell: look whether the targets belong to their rows, try other learning rates (LearningRateFinder), and run GradientCheck on layers of your own";
        }
        else if (!exploded)
        {
            yield return "the loss stopped falling: the network may be too small for these rows, the rate too high for the last of the way, or L2 too strong";
        }

        if (network.SelfAndBelow().FirstOrDefault(below => below.Layer.Masks is not null) is (string path, Layer random) && random is not null)
        {
            yield return $"layer '{path}', {random}, keeps networks from learning by heart: leave it out for this test";
        }
    }

    private static (int One, int Other)? Contradiction(DataSample batch)
    {
        for (int one = 0; one < batch.Inputs.Rows; one++)
        {
            for (int other = one + 1; other < batch.Inputs.Rows; other++)
            {
                if (batch.Inputs.Row(one).SequenceEqual(batch.Inputs.Row(other)) && !batch.Targets.Row(one).SequenceEqual(batch.Targets.Row(other)))
                {
                    return (one, other);
                }
            }
        }

        return null;
    }
}
