using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>Whether a network could memorise a single batch: the result of <c>network.OverfitOneBatch(train, loss)</c>.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class OverfitResult
{
    /// <summary>Whether it did: an accuracy of 100 %, or for values a loss of about 0.</summary>
    public bool Reached { get; internal init; }

    /// <summary>Rows of the batch.</summary>
    public int Rows { get; internal init; }

    /// <summary>The number of steps taken.</summary>
    public int Steps { get; internal init; }

    /// <summary>The loss after them; NaN if something was not finite.</summary>
    public double Loss { get; internal init; }

    /// <summary>The loss before the first step; NaN if something was not finite.</summary>
    public double InitialLoss { get; internal init; }

    /// <summary>The fraction of correct decisions after them, 0 to 1; null if the outputs are values, or something was not finite.</summary>
    public double? Accuracy { get; internal init; }

    /// <summary>What to look at if the batch was not memorised, the likeliest first; empty if it was.</summary>
    public IReadOnlyList<string> Suspects { get; internal set; } = [];

    internal OverfitResult()
    {
    }

    /// <summary>As <c>reached 100 % after 43 steps</c>; or how far it came, and a line for each suspect.</summary>
    public override string ToString()
    {
        string what = Accuracy is double ratio ? $"{100 * ratio:0.#} %" : $"loss {Digits.Three(Loss)}";
        string steps = Steps == 1 ? "1 step" : $"{Steps} steps";
        return Reached ? $"reached {what} after {steps}" : string.Join(
            '\n',
            Suspects.Select(suspect => $"- {suspect}").Prepend(
                $"did not memorise {Rows} rows: {what} after {steps}, loss {Digits.Three(InitialLoss)} before and {Digits.Three(Loss)} now. Suspect:"));
    }
}

/// <summary>Training on one batch, and what to suspect where that fails.</summary>
internal static class OneBatch
{
    private const double DefaultRate = 0.003;
    private const double Goal = 1e-3;

    public static OverfitResult Overfit(Sequential network, BatchSource data, Loss loss, Optimizer? optimizer, int rows, int maximumSteps)
    {
        loss.CheckNetwork(network);
        Dataset batch = DataSample.Of(data, rows);
        var run = new TrialRun(network, loss, optimizer is null ? clone => new Adam(clone, DefaultRate) : optimizer.CloneFor);

        // Masks hide what was learnt: then prediction shows it.
        bool isRandom = network.SelfAndBelow().Any(below => below.Layer.RandomStream is not null), hasValues = loss.OutputKind == OutputKind.Values;
        double goal = hasValues ? ValuesGoal(loss, batch) : double.NegativeInfinity;
        var losses = new List<double>();
        for (int step = 0; ; step++)
        {
            double? now = run.Forward(batch.Inputs, batch.Targets, batch.SampleWeights);
            Matrix outputs = isRandom ? run.Network.Predict(batch.Inputs) : run.Network.ChildOutput(run.Network.Children.Count - 1);
            now = now is not null && isRandom ? TrialRun.Evaluate(loss, outputs, batch.Targets, default, batch.SampleWeights) : now;
            losses.Add(now ?? double.NaN);
            double? accuracy = hasValues || now is null ? null : AccuracyOf(loss.OutputKind, outputs, batch.Targets);
            bool reached = now is not null && (hasValues ? now <= goal : accuracy == 1);
            if (!reached && now is not null && step < maximumSteps && run.Step()) continue;

            return new OverfitResult
            {
                Reached = reached, Rows = batch.Inputs.Rows, Steps = step, Loss = losses[^1], InitialLoss = losses[0], Accuracy = accuracy,
                Suspects = reached ? [] : [.. Suspects(network, data, run, batch, losses, exploded: step < maximumSteps, optimizer)],
            };
        }
    }

    // A thousandth of the way from predicting each target's mean to predicting each target.
    private static double ValuesGoal(Loss loss, Dataset batch)
    {
        ColumnScan[] columns = ColumnScan.Of(batch.Targets);
        var means = new Matrix(batch.Targets.Rows, batch.Targets.Columns);
        for (int i = 0; i < means.Span.Length; i++) means.Span[i] = (float)columns[i % means.Columns].Mean;

        double worst = Of(means), best = Of(batch.Targets);
        return worst > best ? best + (Goal * (worst - best)) : best + (Goal * Goal);

        double Of(Matrix outputs) => TrialRun.Evaluate(loss, outputs, batch.Targets, default, batch.SampleWeights) ?? double.NaN;
    }

    private static double AccuracyOf(OutputKind kind, Matrix outputs, Matrix targets)
    {
        var accuracy = new Accuracy();
        accuracy.Begin(kind, targets.Columns);
        accuracy.Add(outputs, targets);
        return accuracy.Value;
    }

    private static IEnumerable<string> Suspects(
        Sequential network, BatchSource data, TrialRun run, Dataset batch, List<double> losses, bool exploded, Optimizer? optimizer)
    {
        if (Contradiction(batch) is (int one, int other))
        {
            yield return $"rows {one} and {other} of the batch have the same features but different targets: no network can learn both";
        }

        if (exploded) yield return $"something was not finite after {losses.Count - 1} steps with the rate {Digits.Three(run.Optimizer!.LearningRate)}: lower it";
        foreach (Finding finding in network.Check(data, run.Loss, optimizer, batch.Inputs.Rows).Where(finding => finding.Severity > FindingSeverity.Hint)) yield return finding.ToString();

        double first = losses[0], last = losses[^1], middle = losses[losses.Count / 2];
        if (!exploded)
        {
            yield return last < 0.9 * middle ? "the loss was still falling: allow more steps, or raise the learning rate"
                : last > 0.9 * first ? "the loss hardly fell: make sure that the targets belong to their rows, try other learning rates (LearningRateFinder), and run GradientCheck on custom layers"
                : "the loss stopped falling: the network may be too small for these rows, the learning rate too high for the last part of the way, or L2 too strong";
        }

        if (network.SelfAndBelow().FirstOrDefault(below => below.Layer.RandomStream is not null) is (string path, Layer random))
        {
            yield return $"layer '{path}', {random}, keeps networks from memorising: leave it out for this test";
        }
    }

    private static (int One, int Other)? Contradiction(Dataset batch) => (
        from other in Enumerable.Range(0, batch.Inputs.Rows)
        from one in Enumerable.Range(0, other)
        where batch.Inputs.Row(one).SequenceEqual(batch.Inputs.Row(other)) && !batch.Targets.Row(one).SequenceEqual(batch.Targets.Row(other))
        select ((int, int)?)(one, other)).FirstOrDefault();
}
