using System.Numerics.Tensors;

namespace NeuralTrain;

/// <summary>Checks of the numbers themselves, and of the targets against the loss and the network's end.</summary>
internal static class DataChecks
{
    /// <summary>Float32's rounding at the end of a range.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>How many times rarer than the most frequent class another one may be.</summary>
    private const double Imbalance = 10;

    /// <summary>NT001 and NT002. A data set in memory is searched as a whole, at the speed of memory.</summary>
    public static IEnumerable<Finding> NotFinite(CheckContext check)
    {
        return First("NT001", "inputs", check.Known.Inputs, check.InputName).Concat(First("NT002", "targets", check.Known.Targets, check.TargetName));

        static IEnumerable<Finding> First(string code, string place, Matrix matrix, Func<int, string> name)
        {
            int first = Walk.FirstNotFinite(matrix.Span);
            if (first < 0) yield break;

            yield return Checker.Found(
                code, place, $"{name(first % matrix.Columns)} is {matrix.Span[first]} in row {first / matrix.Columns}",
                "leave such rows out, or replace the values, for instance by the mean of their column");
        }
    }

    /// <summary>NT003. For weights without biases a column of 1 serves as the bias, as in the usual table of XOR.</summary>
    public static IEnumerable<Finding> ConstantFeatures(CheckContext check)
    {
        bool canBeBias = check.Network.SelfAndBelow().Any(below => below.Layer.Parameters.Count > 0 && below.Layer.Parameters.All(parameter => parameter.IsRegularized));
        int[] constant =
        [
            .. Enumerable.Range(0, check.Features.Length)
                .Where(column => check.Features[column].IsConstant && !(canBeBias && check.Features[column].Minimum != 0) && IsConstant(check.Known.Inputs, column)),
        ];
        if (constant.Length == 0 || check.Known.Inputs.Rows == 1) yield break;

        string others = constant.Length == 1 ? "" : $", and {constant.Length - 1} more of {check.Features.Length} columns never change either";
        yield return Checker.Found(
            "NT003", "inputs", $"{check.InputName(constant[0])} is {check.Features[constant[0]].Minimum} in all {check.Known.Inputs.Rows} rows looked at{others}",
            "a constant column carries no information: leave it out, unless it belongs to the border of an image");
    }

    /// <summary>NT010. The loss knows what it takes: it is asked with scores of 0.</summary>
    public static IEnumerable<Finding> WrongTargets(CheckContext check)
    {
        Matrix targets = check.Sample.Targets;
        if (Checker.Refusal(() => TrialRun.Evaluate(check.Loss, new Matrix(targets.Rows, targets.Columns), targets)) is string refusal)
        {
            yield return Checker.Found("NT010", "targets", $"{refusal}", "correct the targets, or use a loss that takes them");
        }
    }

    /// <summary>NT011 and NT012, where a row belongs to one of several classes, or has binary targets.</summary>
    public static IEnumerable<Finding> Classes(CheckContext check)
    {
        Matrix targets = check.Known.Targets;
        if (check.IsOneOfSeveral)
        {
            // By the largest target, so that soft ones count too.
            var counts = new int[targets.Columns];
            for (int row = 0; row < targets.Rows; row++) counts[TensorPrimitives.IndexOfMax<float>(targets.Row(row))]++;

            return AbsentOrRare(check, counts, check.TargetName, check.Loss is SoftmaxCrossEntropy { ClassWeights.Length: > 0 });
        }

        if (check.Loss.OutputKind is not (OutputKind.BinaryScores or OutputKind.Margins)) return [];

        return Enumerable.Range(0, targets.Columns).SelectMany(column =>
        {
            // 1 against 0 or −1.
            int yes = Enumerable.Range(0, targets.Rows).Count(row => targets[row, column] > 0.5);
            return AbsentOrRare(
                check, [targets.Rows - yes, yes], answer => $"{(answer == 1 ? "a positive" : "a negative")} {check.TargetName(column)}", check.Loss is BinaryCrossEntropy { PositiveWeight: not 1 });
        }).Take(1);
    }

    private static bool IsConstant(Matrix matrix, int column)
    {
        for (int row = 1; row < matrix.Rows; row++) if (matrix[row, column] != matrix[0, column]) return false;
        return true;
    }

    private static IEnumerable<Finding> AbsentOrRare(CheckContext check, int[] counts, Func<int, string> name, bool isWeighted)
    {
        int rows = counts.Sum(), absent = counts.Count(count => count == 0), most = Array.IndexOf(counts, counts.Max());
        if (absent > 0)
        {
            string others = absent == 1 ? "" : $", nor any of {absent - 1} more of the {counts.Length} classes";
            yield return Checker.Found(
                "NT011", "targets", $"none of the {rows} rows looked at has {name(Array.IndexOf(counts, 0))}{others}",
                "add examples of it, or leave its column out; a split can be stratified");
        }

        int least = Array.IndexOf(counts, counts.Where(count => count > 0).Min());
        if (!isWeighted && check.Sample.SampleWeights.IsEmpty && counts[most] > Imbalance * counts[least])
        {
            yield return Checker.Found(
                "NT012", "targets",
                $"{name(least)} has {counts[least]} of the {rows} rows looked at, {name(most)} has {counts[most]}: always guessing the latter is right {100.0 * counts[most] / rows:0} % of the time",
                "give the loss class weights (or a positive weight), or the data sample weights, and do not judge by accuracy alone");
        }
    }

    /// <summary>NT013 and NT008, where the targets are numbers.</summary>
    public static IEnumerable<Finding> Values(CheckContext check)
    {
        if (check.Loss.OutputKind != OutputKind.Values) yield break;

        int constant = Array.FindIndex([.. Enumerable.Range(0, check.Targets.Length)], column => check.Targets[column].IsConstant && IsConstant(check.Known.Targets, column));
        if (constant >= 0 && check.Known.Targets.Rows > 1 && !check.IsOneOfSeveral)
        {
            yield return Checker.Found(
                "NT013", "targets", $"{check.TargetName(constant)} is {check.Targets[constant].Minimum} in all {check.Known.Targets.Rows} rows looked at",
                "nothing can be learnt from it: leave it out, or check how it was read");
        }

        Layer[] ends = [.. check.Network.OutputLayers];
        if (ends.Length != 1 || ends[0].OutputRange is not (double low, double high)) yield break;

        int column = Array.FindIndex(check.Targets, target => target.Minimum < low - Tolerance || target.Maximum > high + Tolerance);
        if (column >= 0)
        {
            ColumnScan target = check.Targets[column];
            string range = double.IsInfinity(high) ? $"{Digits.Three(low)} and more" : double.IsInfinity(low) ? $"{Digits.Three(high)} and less" : $"{Digits.Three(low)} to {Digits.Three(high)}";
            yield return Checker.Found(
                "NT008", "targets",
                $"{check.TargetName(column)} lies between {Digits.Three(target.Minimum)} and {Digits.Three(target.Maximum)}, but the network ends in {ends[0]}, which gives {range}",
                "remove that layer, or bring the targets into this range");
        }
    }
}
