using System.Numerics.Tensors;

namespace NeuralTrain;

/// <summary>Whether the targets are what the loss takes and the network's end can give, and all classes are there.</summary>
internal static class TargetChecks
{
    /// <summary>Float32's rounding at the end of a range.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>How many times rarer than the most frequent class one may be.</summary>
    private const double Imbalance = 10;

    public static void Run(CheckCase check)
    {
        if (check.Has(FindingKinds.NonFiniteTarget))
        {
            return;
        }

        FindWrongTargets(check);
        if (check.Has(FindingKinds.WrongTargets))
        {
            return;
        }

        if (check.IsOneOfSeveral)
        {
            FindAbsentOrRareClasses(check);
        }
        else if (check.Loss.OutputKind is OutputKind.BinaryScores or OutputKind.Margins)
        {
            FindAbsentOrRareAnswers(check);
        }
        else
        {
            FindConstant(check);
        }

        if (check.Loss.OutputKind == OutputKind.Values)
        {
            FindOutOfReach(check);
        }
    }

    // The loss itself knows what it takes: it is asked with scores of 0.
    private static void FindWrongTargets(CheckCase check)
    {
        Matrix targets = check.Sample.Targets;
        try
        {
            check.Loss.Evaluate(new Matrix(targets.Rows, targets.Columns), targets);
        }
        catch (ArgumentException refusal)
        {
            (string what, string? remedy) = NetworkChecks.Sentences(refusal);
            check.Add(
                FindingKinds.WrongTargets, "targets", $"{what}",
                remedy ?? "make the targets by OneHot.Encode from class numbers, or take the loss that suits them");
        }
        catch (NotFiniteNumberException)
        {
            // A loss of one's own that has no value at 0: nothing is known of the targets.
        }
    }

    private static void FindAbsentOrRareClasses(CheckCase check)
    {
        int[] counts = CountClasses(check.Sample.Targets);
        int[] absent = [.. Enumerable.Range(0, counts.Length).Where(column => counts[column] == 0)];
        int rows = check.Sample.Targets.Rows;
        if (absent.Length > 0)
        {
            string others = absent.Length == 1 ? "" : $", or one of {absent.Length - 1} more of the {counts.Length} classes";
            check.Add(
                FindingKinds.AbsentClass, "targets", $"none of the {rows} rows looked at has {check.TargetName(absent[0])}{others}",
                "give examples of it, or leave its column out; a split can be stratified");
        }

        int most = Array.IndexOf(counts, counts.Max());
        int least = Array.IndexOf(counts, counts.Where(count => count > 0).DefaultIfEmpty().Min());
        bool weighed = check.Sample.Weights.Length > 0 || check.Loss is SoftmaxCrossEntropy { ClassWeights.Length: > 0 };
        if (!weighed && counts[least] > 0 && counts[most] > Imbalance * counts[least])
        {
            check.Add(
                FindingKinds.RareClass, "targets",
                $"{check.TargetName(least)} has {counts[least]} of the {rows} rows looked at, {check.TargetName(most)} has {counts[most]}: always guessing the latter is right {100.0 * counts[most] / rows:0} % of the time",
                "give the loss class weights, or the data sample weights, and look at more than the accuracy");
        }
    }

    private static void FindAbsentOrRareAnswers(CheckCase check)
    {
        int rows = check.Sample.Targets.Rows;
        bool weighed = check.Sample.Weights.Length > 0 || check.Loss is BinaryCrossEntropy { PositiveWeight: not 1 };
        for (int column = 0; column < check.Targets.Length; column++)
        {
            int yes = CountYes(check.Sample.Targets, column), rarer = Math.Min(yes, rows - yes);
            if (rarer == 0)
            {
                check.Add(
                    FindingKinds.AbsentClass, "targets", $"all {rows} rows looked at answer {check.TargetName(column)} with {(yes > 0 ? "yes" : "no")}",
                    "give examples of the other answer");
                return;
            }

            if (!weighed && rows - rarer > Imbalance * rarer)
            {
                check.Add(
                    FindingKinds.RareClass, "targets", $"{check.TargetName(column)} is {(yes > rarer ? "no" : "yes")} in {rarer} of the {rows} rows looked at",
                    "give the loss a positive weight, or the data sample weights, and look at more than the accuracy");
                return;
            }
        }
    }

    private static void FindConstant(CheckCase check)
    {
        int column = Array.FindIndex(check.Targets, target => target.IsConstant);
        if (column >= 0 && check.Sample.Targets.Rows > 1)
        {
            check.Add(
                FindingKinds.ConstantTarget, "targets", $"{check.TargetName(column)} is {check.Targets[column].Minimum} in all {check.Sample.Targets.Rows} rows looked at",
                "there is nothing to learn from it: leave it out, or check how it was read");
        }
    }

    private static void FindOutOfReach(CheckCase check)
    {
        Layer[] ends = [.. check.Network.OutputLayers];
        if (ends.Length != 1 || OutputRange.Of(ends[0]) is not OutputRange range)
        {
            return;
        }

        int column = Array.FindIndex(check.Targets, target => target.Minimum < range.Low - Tolerance || target.Maximum > range.High + Tolerance);
        if (column >= 0)
        {
            ColumnScan target = check.Targets[column];
            check.Add(
                FindingKinds.TargetOutOfReach, "targets",
                $"{check.TargetName(column)} lies between {Digits.Three(target.Minimum)} and {Digits.Three(target.Maximum)}, but the network ends in {ends[0]}, which gives {range}",
                "remove that layer, or bring the targets into this range");
        }
    }

    // The rows of each class: by the largest target, so that soft ones count too.
    private static int[] CountClasses(Matrix targets)
    {
        var counts = new int[targets.Columns];
        for (int row = 0; row < targets.Rows; row++)
        {
            counts[TensorPrimitives.IndexOfMax<float>(targets.Row(row))]++;
        }

        return counts;
    }

    // 1 against 0 or −1.
    private static int CountYes(Matrix targets, int column)
    {
        int count = 0;
        for (int row = 0; row < targets.Rows; row++)
        {
            count += targets[row, column] > 0.5 ? 1 : 0;
        }

        return count;
    }
}
