using System.Numerics.Tensors;

namespace NeuralTrain;

/// <summary>What the first pass through a clone shows: scales, the first loss, dead and saturated units, gradients.</summary>
internal static class PassChecks
{
    // A feature is best of a deviation about 1 around 0: ten times that, a tenth of a percent of it, or a mean ten deviations away is none.
    private const double LargestScale = 10;
    private const double SmallestScale = 1e-3;
    private const double TargetRatio = 100;
    private const int FewestRowsForDeath = 32;
    private const double DeadShare = 0.25;
    private const double SaturatedShare = 0.3;

    public static void Run(CheckCase check)
    {
        var run = check.Optimizer is Optimizer optimizer
            ? new TrialRun(check.Network, check.Loss, optimizer)
            : new TrialRun(check.Network, check.Loss, makeOptimizer: null);
        DataSample pass = check.Pass;
        double? loss = run.Forward(pass.Inputs, pass.Targets, pass.Weights);
        if (FindNonFinite(check, run.Network, loss))
        {
            return;
        }

        FindUnscaledFeatures(check, run.Network);
        FindUnscaledTargets(check, run.Network);
        FindLossBesideChance(check, loss!.Value);
        FindDeadOrSaturated(check, run.Network);
        StepChecks.Run(check, run, loss.Value);
    }

    private static bool FindNonFinite(CheckCase check, Sequential network, double? loss)
    {
        LayerOutput bad = LayerOutput.Of(network).FirstOrDefault(output => !TensorPrimitives.IsFiniteAll<float>(output.Output.Span));
        if (bad.Layer is not null)
        {
            check.Add(
                FindingKinds.NonFinitePass, bad.Path, $"layer '{bad.Path}', {bad.Layer}, gives values that are not finite for data that are",
                "check its weights and the scale of what it gets");
        }
        else if (loss is null)
        {
            check.Add(FindingKinds.NonFinitePass, "loss", $"{check.Loss} is not finite for outputs and targets that are", "scale the targets, or check the loss");
        }

        return bad.Layer is not null || loss is null;
    }

    // What counts is what reaches the first weights: a Normalization or BatchNorm in front of them settles it.
    private static void FindUnscaledFeatures(CheckCase check, Sequential network)
    {
        (Matrix features, string place) = FirstWeighed(network, check.Sample.Inputs, "");
        if (features.IsEmpty || features.Rows < 2)
        {
            return;
        }

        ColumnScan[] columns = ColumnScan.Of(features);
        int Worst(Func<ColumnScan, double> size) => Enumerable.Range(0, columns.Length).MaxBy(i => columns[i].IsConstant ? 0 : size(columns[i]));
        int wide = Worst(column => column.Deviation), far = Worst(column => Math.Abs(column.Mean)), narrow = Worst(column => 1 / column.Deviation);
        (int worst, FormattableString? what) = columns[wide].Deviation > LargestScale ? (wide, $"deviation {Digits.Three(columns[wide].Deviation)}")
            : Math.Abs(columns[far].Mean) > LargestScale && !columns[far].IsConstant ? (far, $"mean {Digits.Three(columns[far].Mean)}")
            : columns[narrow].Deviation < SmallestScale && !columns[narrow].IsConstant ? (narrow, (FormattableString)$"deviation {Digits.Three(columns[narrow].Deviation)}")
            : (0, null);
        if (what is not null)
        {
            string name = features.Columns == check.Data.InputSize ? check.InputName(worst) : $"column {worst} of what reaches layer '{place}'";
            check.Add(FindingKinds.UnscaledFeature, "inputs", $"{name} has {FormattableString.Invariant(what)}", "put Normalization first");
        }
    }

    private static (Matrix Features, string Place) FirstWeighed(Layer container, Matrix input, string path)
    {
        for (int i = 0; i < container.Children.Count; i++)
        {
            Layer child = container.Children[i];
            string place = path.Length == 0 ? $"{i}" : $"{path}.{i}";
            if (child.NamedParameters().Any(named => named.Parameter.IsRegularized))
            {
                return child is Sequential ? FirstWeighed(child, input, place) : (input, place);
            }

            input = container.ChildOutput(i);
        }

        return default;
    }

    private static void FindUnscaledTargets(CheckCase check, Sequential network)
    {
        if (check.Loss.OutputKind != OutputKind.Values)
        {
            return;
        }

        ColumnScan[] outputs = ColumnScan.Of(network.ChildOutput(network.Children.Count - 1));
        for (int column = 0; column < outputs.Length; column++)
        {
            double target = check.Targets[column].Size, output = outputs[column].Size;
            bool tooLarge = target > LargestScale && target > TargetRatio * output;
            bool tooSmall = target < 1 / LargestScale && target > 0 && target * TargetRatio < output;
            if (tooLarge || tooSmall)
            {
                check.Add(
                    FindingKinds.UnscaledTarget, "targets",
                    $"{check.TargetName(column)} is about {Digits.Three(target)} in size, the network's first outputs about {Digits.Three(output)}",
                    "scale the targets by a Normalization of their own, and the outputs back by its Inverse");
                return;
            }
        }
    }

    // Chance is what the loss gives where all scores are 0: −ln 1/C for C classes, ln 2 for yes or no.
    private static void FindLossBesideChance(CheckCase check, double loss)
    {
        if (check.Loss.OutputKind == OutputKind.Values)
        {
            return;
        }

        Matrix targets = check.Pass.Targets;
        double chance = check.Loss.Evaluate(new Matrix(targets.Rows, targets.Columns), targets, sampleWeights: check.Pass.Weights);
        if (loss > (2 * chance) + 1)
        {
            check.Add(
                FindingKinds.LossAboveChance, "loss", $"the first loss is {loss:0.000}, that of guessing {chance:0.000}",
                "scale the features, or take smaller initial weights");
        }
        else if (loss < chance / 4)
        {
            check.Add(
                FindingKinds.LossBelowChance, "loss", $"the first loss is {loss:0.000}, that of guessing {chance:0.000}",
                "fine if the network was trained before; if not, a feature may give the target away");
        }
    }

    private static void FindDeadOrSaturated(CheckCase check, Sequential network)
    {
        foreach ((string path, Layer layer, Matrix output) in LayerOutput.Of(network))
        {
            if (layer is ReLU && output.Rows >= FewestRowsForDeath)
            {
                int dead = ColumnScan.Of(output).Count(column => column is { Minimum: 0, Maximum: 0 });
                if (dead > DeadShare * output.Columns)
                {
                    check.Add(
                        FindingKinds.DeadUnits, path, $"{dead} of {output.Columns} units of layer '{path}', {layer}, are 0 for all {output.Rows} rows looked at and cannot learn",
                        "check the biases in front of it and the scale of its inputs, or take He's initial weights or LeakyReLU");
                }
            }
            else if (layer is Sigmoid or Tanh && Saturation.Share(layer, output) is double share and > SaturatedShare)
            {
                check.Add(
                    FindingKinds.SaturatedUnits, path, $"{100 * share:0} % of the values of layer '{path}', {layer}, are at the ends of its range, where hardly any gradient passes",
                    "scale the features, or take smaller initial weights");
            }
        }
    }
}
