using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>MAE, RMSE and R² of each target of a regression.</summary>
/// <param name="targets">The scores of each target.</param>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class RegressionReport(IReadOnlyList<TargetScore> targets)
{
    /// <summary>The scores of each target.</summary>
    public IReadOnlyList<TargetScore> Targets { get; } = targets ?? throw new ArgumentNullException(nameof(targets));

    /// <summary>Predicts all rows of the data and measures each target separately, with the rows' sample weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The data, whose targets are numbers.</param>
    /// <exception cref="ArgumentException">The data do not fit the network, have no rows, or have classes.</exception>
    public static RegressionReport Of(Sequential network, BatchSource data)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        DataShape.Check(network, data, "given", nameof(data));
        if (data.Classes.Count > 0) throw new ArgumentException($"The targets are {data.Classes.Count} classes, not numbers. Use a {nameof(ConfusionMatrix)} and its {nameof(ClassificationReport)}.", nameof(data));
        Metric[][] metrics = [.. Enumerable.Range(0, data.TargetSize).Select(_ => new Metric[] { new AbsoluteError(), new RootMeanSquaredError(), new RSquared() })];
        foreach (Metric metric in metrics.SelectMany(metric => metric)) metric.Begin(OutputKind.Values, 1);
        using BatchReader reader = data.Read(new BatchPlan(DataSample.BlockRows));
        if (!reader.Read()) throw DataShape.NoRows("data to measure on");
        do
        {
            Matrix predictions = network.Predict(reader.Inputs);
            for (int column = 0; column < data.TargetSize; column++)
            {
                Matrix prediction = Column(predictions, column), target = Column(reader.Targets, column);
                foreach (Metric metric in metrics[column]) metric.Add(prediction, target, reader.SampleWeights);
            }
        }
        while (reader.Read());

        return new([.. metrics.Select((metric, i) => new TargetScore(data.TargetNames.Count > 0 ? data.TargetNames[i] : $"target {i}", metric[0].Value, metric[1].Value, metric[2].Value))]);

        static Matrix Column(Matrix matrix, int column) => new([.. Enumerable.Range(0, matrix.Rows).Select(row => matrix[row, column])], matrix.Rows, 1);
    }

    /// <summary>The scores as a table: a row for each target.</summary>
    public override string ToString()
    {
        var table = new TextTable("target", ">MAE", ">RMSE", ">R²");
        foreach (TargetScore score in Targets) table.Add(score.Name, Digits.Three(score.MeanAbsoluteError), Digits.Three(score.RootMeanSquaredError), $"{score.RSquared:0.000}");
        return table.ToString();
    }
}

/// <summary>The scores of one target.</summary>
/// <param name="name">The name of the target.</param>
/// <param name="meanAbsoluteError">Its mean absolute error.</param>
/// <param name="rootMeanSquaredError">The root of its mean squared error.</param>
/// <param name="rSquared">The fraction of its variance that the predictions explain.</param>
public sealed class TargetScore(string name, double meanAbsoluteError, double rootMeanSquaredError, double rSquared)
{
    /// <summary>The name of the target.</summary>
    public string Name { get; } = name;

    /// <summary>Its mean absolute error, in its own unit: see <see cref="AbsoluteError"/>.</summary>
    public double MeanAbsoluteError { get; } = meanAbsoluteError;

    /// <summary>The root of its mean squared error, in its own unit: see <see cref="NeuralTrain.RootMeanSquaredError"/>.</summary>
    public double RootMeanSquaredError { get; } = rootMeanSquaredError;

    /// <summary>The fraction of its variance that the predictions explain: see <see cref="NeuralTrain.RSquared"/>.</summary>
    public double RSquared { get; } = rSquared;
}
