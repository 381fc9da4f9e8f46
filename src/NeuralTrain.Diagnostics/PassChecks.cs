namespace NeuralTrain;

/// <summary>What the first pass through a clone shows: scales, the first loss, dead and saturated units.</summary>
internal static class PassChecks
{
    // A feature is best at a standard deviation of about 1 around 0: ten times that, a thousandth of it, or a mean beyond ±10 is far off.
    private const double LargestScale = 10;
    private const double SmallestScale = 1e-3;
    private const double TargetRatio = 100;
    private const int FewestRowsForDeath = 32;
    private const double DeadRatio = 0.25;
    private const double SaturatedRatio = 0.3;

    /// <summary>NT025 in the forward pass.</summary>
    public static IEnumerable<Finding> NotFinite(CheckContext check)
    {
        double? loss = check.FirstLoss;
        LayerOutput bad = LayerOutput.Of(check.Run.Network).FirstOrDefault(output => Walk.FirstNotFinite(output.Output.Span) >= 0);
        if (bad.Layer is not null)
        {
            yield return Checker.Found(
                "NT025", bad.Path, $"layer '{bad.Path}', {bad.Layer}, gives values that are not finite for data that are",
                "check its weights and the scale of its inputs");
        }
        else if (loss is null)
        {
            yield return Checker.Found("NT025", "loss", $"{check.Loss} is not finite for outputs and targets that are", "scale the targets, or check the loss");
        }
    }

    /// <summary>NT004. What counts is what reaches the first weights: a standardisation or batch normalisation before them settles it.</summary>
    public static IEnumerable<Finding> Features(CheckContext check)
    {
        (Matrix features, string place) = FirstWeighted(check.Run.Network, check.Sample.Inputs, "");
        ColumnScan[] columns = features == check.Sample.Inputs ? check.Features : ColumnScan.Of(features);
        int[] varying = [.. Enumerable.Range(0, columns.Length).Where(i => !columns[i].IsConstant)];
        if (varying.Length == 0) yield break;

        int wide = varying.MaxBy(i => columns[i].StandardDeviation), far = varying.MaxBy(i => Math.Abs(columns[i].Mean));
        int narrow = varying.Where(i => !IsNearlyConstant(features, i, columns[i])).DefaultIfEmpty(wide).MinBy(i => columns[i].StandardDeviation);
        (int worst, string what, double value) = columns[wide].StandardDeviation > LargestScale ? (wide, "standard deviation", columns[wide].StandardDeviation)
            : Math.Abs(columns[far].Mean) > LargestScale ? (far, "mean", columns[far].Mean)
            : (narrow, "standard deviation", columns[narrow].StandardDeviation);
        if (Math.Abs(value) is > LargestScale or < SmallestScale)
        {
            string name = features.Columns == check.Data.InputSize ? check.InputName(worst) : $"column {worst} of what reaches layer '{place}'";
            yield return Checker.Found("NT004", "inputs", $"{name} has {what} {Digits.Three(value)}", CommonRange(columns, varying) is (float low, float high) && (low, high) == (columns[worst].Minimum, columns[worst].Maximum)
                ? $"divide all columns by {Digits.Three(Math.Max(Math.Abs(low), Math.Abs(high)))}: most of them reach from {Digits.Three(low)} to {Digits.Three(high)}, so they have one unit"
                : $"put {nameof(Standardization)} first");
        }
    }

    // The range of most columns, as of pixels: standardised one by one, those at the border would become too large.
    private static (float Low, float High)? CommonRange(ColumnScan[] columns, int[] varying)
    {
        var common = varying.GroupBy(i => (columns[i].Minimum, columns[i].Maximum)).MaxBy(range => range.Count())!;
        return varying.Length > 1 && 2 * common.Count() > varying.Length ? common.Key : null;
    }

    // Standardised, features of one unit lose what their sizes tell, as the lengths of iris do.
    private static bool DifferInUnit(ColumnScan[] columns)
    {
        double[] deviations = [.. columns.Where(column => !column.IsConstant).Select(column => column.StandardDeviation).DefaultIfEmpty(1)];
        return deviations.Max() > LargestScale * deviations.Min();
    }

    // Where most values are the smallest or the greatest one, as of a pixel near the border, the column varies little because it is rarely used, not because of its unit.
    private static bool IsNearlyConstant(Matrix matrix, int column, ColumnScan scan) =>
        2 * Enumerable.Range(0, matrix.Rows).Count(row => matrix[row, column] == scan.Minimum || matrix[row, column] == scan.Maximum) > matrix.Rows;

    /// <summary>NT014.</summary>
    public static IEnumerable<Finding> Targets(CheckContext check)
    {
        if (check.Loss.OutputKind != OutputKind.Values) yield break;

        ColumnScan[] outputs = ColumnScan.Of(check.Run.Network.ChildOutput(check.Run.Network.Children.Count - 1));
        for (int column = 0; column < outputs.Length; column++)
        {
            double target = check.Targets[column].Size, output = outputs[column].Size;
            bool tooLarge = target > LargestScale && target > TargetRatio * output;
            bool tooSmall = target < 1 / LargestScale && target > 0 && target * TargetRatio < output;
            if (!tooLarge && !tooSmall) continue;

            yield return Checker.Found(
                "NT014", "targets",
                $"{check.TargetName(column)} is about {Digits.Three(target)} in size, the network's first outputs about {Digits.Three(output)}",
                $"standardise the targets with a {nameof(Standardization)}, and end the network in its Inverse");
            yield break;
        }
    }

    /// <summary>NT015 and NT016. Chance is what the loss gives where all scores are 0: −ln 1/C for C classes, ln 2 for a binary decision.</summary>
    public static IEnumerable<Finding> Chance(CheckContext check)
    {
        if (check.Loss.OutputKind == OutputKind.Values) yield break;

        Matrix targets = check.Pass.Targets;
        double chance = check.Loss.Evaluate(new Matrix(targets.Rows, targets.Columns), targets, sampleWeights: check.Pass.SampleWeights), loss = check.FirstLoss!.Value;
        string message = $"the first loss is {loss:0.000}, that of guessing {chance:0.000}";
        if (loss > (2 * chance) + 1)
        {
            yield return Checker.Found("NT015", "loss", message, "scale the features, or use smaller initial weights");
        }
        else if (loss < chance / 4)
        {
            yield return Checker.Found("NT016", "loss", message, "fine if the network was trained before; if not, a feature may leak the target");
        }
    }

    /// <summary>NT022 and NT023.</summary>
    public static IEnumerable<Finding> Units(CheckContext check)
    {
        foreach (LayerOutput given in LayerOutput.Of(check.Run.Network))
        {
            (string path, Layer layer, Matrix output) = given;
            bool isRectifier = layer is { OutputRange: (0, double.PositiveInfinity), Saturates: false };
            if (isRectifier && output.Rows >= FewestRowsForDeath && given.DeadUnits() is int dead && dead > DeadRatio * output.Columns)
            {
                yield return Checker.Found(
                    "NT022", path, $"{dead} of {output.Columns} units of layer '{path}', {layer}, are 0 for all {output.Rows} rows looked at and cannot learn",
                    DifferInUnit(check.Features) ? $"put {nameof(Standardization)} first, since the features differ in size, or use LeakyReLU" : "use LeakyReLU, or check the biases before it");
            }
            else if (layer.OutputRange is (_, < double.PositiveInfinity) && given.SaturatedRatio() is double ratio and > SaturatedRatio)
            {
                yield return Checker.Found(
                    "NT023", path, $"{100 * ratio:0} % of the values of layer '{path}', {layer}, are at the ends of its range, where hardly any gradient passes",
                    "scale the features, or use smaller initial weights");
            }
        }
    }

    /// <summary>NT020: dropout that sets values to 0 after SELU, where there were none.</summary>
    public static IEnumerable<Finding> SeluDropout(CheckContext check)
    {
        Dictionary<string, Matrix> outputs = LayerOutput.Of(check.Run.Network).ToDictionary(output => output.Path, output => output.Output);
        return
            from place in NetworkChecks.InOrder(check.Network)
            where place.Layer is { RandomStream: not null, PassesValuesThrough: true } && NetworkChecks.IsSelfNormalising(place.Before.Activation)
            where Zeros(outputs.GetValueOrDefault(place.Path)) > Zeros(outputs.GetValueOrDefault(place.Before.ActivationPath!))
            select Checker.Found(
                "NT020", place.Path, $"layer '{place.Path}', {place.Layer}, sets values after SELU to 0, which disturbs the mean and variance SELU keeps", "use AlphaDropout");

        static int Zeros(Matrix output) => output.Span.Count(0f);
    }

    /// <summary>NT029.</summary>
    public static IEnumerable<Finding> Rows(CheckContext check)
    {
        if (RowMixing.Find(check.Run.Network, check.Pass.Inputs) is (string path, Layer layer, string difference))
        {
            yield return Checker.Found("NT029", path, $"Infer of layer '{path}', {layer}, {difference}", RowMixing.Remedy);
        }
    }

    private static (Matrix Features, string Place) FirstWeighted(Layer container, Matrix input, string path)
    {
        for (int i = 0; i < container.Children.Count; i++)
        {
            Layer child = container.Children[i];
            string place = Walk.Below(path, i);
            if (child.NamedParameters().Any(named => named.Parameter.IsRegularized)) return child.Wiring == Wiring.Chain ? FirstWeighted(child, input, place) : (input, place);

            input = container.ChildOutput(i);
        }

        return default;
    }
}
