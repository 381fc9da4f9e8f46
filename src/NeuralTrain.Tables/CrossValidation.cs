using System.Globalization;
using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The result of a cross-validation: mean and standard deviation of each metric over the parts held out. From <see cref="TableModel.CrossValidate"/>.</summary>
public sealed class CrossValidation
{
    /// <summary>Creates it from its parts, as when it is read from JSON.</summary>
    /// <param name="evaluations">One for each part that was held out.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    [JsonConstructor]
    public CrossValidation(IReadOnlyList<TableEvaluation> evaluations)
    {
        ArgumentNullException.ThrowIfNull(evaluations);
        if (evaluations.Count == 0) throw new ArgumentException("A cross-validation has at least one evaluation, received none.", nameof(evaluations));
        Evaluations = evaluations;
    }

    /// <summary>An evaluation for each part that was held out.</summary>
    public IReadOnlyList<TableEvaluation> Evaluations { get; }

    /// <summary>The mean of a metric of the first target over the evaluations.</summary>
    /// <param name="metric">The name, case-insensitive, such as <c>accuracy</c> or <c>MAE</c>.</param>
    /// <exception cref="ArgumentException">It was not measured; the message names what was.</exception>
    public double Mean(string metric) => Evaluations.Average(evaluation => evaluation[metric]);

    /// <summary>The standard deviation of a metric of the first target between the evaluations, with their number minus 1 as divisor; NaN for a single one.</summary>
    /// <param name="metric">The name, case-insensitive.</param>
    /// <exception cref="ArgumentException">It was not measured; the message names what was.</exception>
    public double Deviation(string metric) => DeviationOf([.. Evaluations.Select(evaluation => evaluation[metric])]);

    /// <summary>A line for each metric of each target, as <c>income accuracy 85.5 % ± 0.4 %</c>.</summary>
    public override string ToString()
    {
        IEnumerable<string> lines =
            from target in Evaluations[0].Targets
            from metric in target.Value
            let values = Evaluations.Select(evaluation => evaluation.Targets[target.Key].First(value => value.Name == metric.Name).Value).ToArray()
            select $"{Guard.Shorten(target.Key)} {metric.Name} {Show(values.Average(), metric.IsRatio)} ± {Show(DeviationOf(values), metric.IsRatio)}";
        return string.Join('\n', lines.Prepend($"{Evaluations.Count} parts held out, of {Evaluations.Sum(evaluation => evaluation.Rows)} rows in all"));
    }

    private static string Show(double value, bool isRatio) => isRatio ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.0} %") : value.ToString("g4", CultureInfo.InvariantCulture);

    internal static double DeviationOf(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }
}
