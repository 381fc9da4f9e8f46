using System.Text.Json;

namespace NeuralTrain.Tests.Metrics;

/// <summary>Metrics and reports against scikit-learn 1.2, on numbers that both sides draw.</summary>
public sealed class MetricGoldenTests
{
    // The expected values come from this Python program:
    //   import numpy as np
    //   from sklearn import metrics as m
    //   def draw(n, k, seed):
    //       out = []; x = seed
    //       for _ in range(n * k): x = (x * 1103515245 + 12345) % 2147483648; out.append((x >> 16) % 32)
    //       return np.array(out).reshape(n, k)
    //   n = 60
    //   s = np.round((draw(n, 1, 1) - 15.5)[:, 0] / 4 * 2) / 2                     # with ties
    //   y = (draw(n, 1, 2)[:, 0] < 12).astype(int); w = 0.5 + draw(n, 1, 3)[:, 0] % 3; p = 1 / (1 + np.exp(-s))
    //   for weights in (None, w):
    //       print([m.roc_auc_score(y, s, sample_weight=weights), m.average_precision_score(y, s, sample_weight=weights),
    //           m.balanced_accuracy_score(y, s > 0, sample_weight=weights), m.brier_score_loss(y, p, sample_weight=weights)])
    //   z = (draw(n, 4, 4) - 15.5) / 8; c = draw(n, 1, 5)[:, 0] % 3                # class 3 never occurs
    //   q = np.exp(z); q /= q.sum(axis=1, keepdims=True)
    //   print([np.mean([m.roc_auc_score(c == k, q[:, k]) for k in range(3)]), np.mean([m.average_precision_score(c == k, q[:, k]) for k in range(3)]),
    //       m.balanced_accuracy_score(c, z.argmax(axis=1)), np.mean(((q - np.eye(4)[c]) ** 2).sum(axis=1))])
    //   def ece(p, t, w, bins):
    //       b = np.minimum((p * bins).astype(int), bins - 1); part = lambda i, v: np.average(v[b == i], weights=w[b == i])
    //       return sum(w[b == i].sum() / w.sum() * abs(part(i, t) - part(i, p)) for i in range(bins) if w[b == i].sum() > 0)
    //   print([ece(p, y, np.ones(n), 15), ece(p, y, w, 10), ece(q.max(axis=1), (z.argmax(axis=1) == c).astype(float), np.ones(n), 15)])
    //   t = 1 + draw(n, 2, 6) / 4.0; g = draw(n, 2, 7) / 2.0
    //   for weights in (None, w):
    //       print([m.mean_squared_error(t, g, squared=False, sample_weight=weights), m.mean_absolute_percentage_error(t, g, sample_weight=weights)])
    //   print(m.classification_report(c, z.argmax(axis=1), zero_division=0, digits=6))
    private const int Rows = 60;

    private static readonly Matrix Scores = Draw(1, 1, value => MathF.Round((value - 15.5f) / 4 * 2) / 2);
    private static readonly Matrix Answers = Draw(1, 2, value => value < 12 ? 1 : 0);
    private static readonly float[] Weights = Draw(1, 3, value => 0.5f + (value % 3)).Span.ToArray();
    private static readonly Matrix ClassScores = Draw(4, 4, value => (value - 15.5f) / 8);
    private static readonly Matrix Classes = OneHot.Encode([.. Draw(1, 5, value => value % 3).Span.ToArray().Select(value => (int)value)], 4);
    private static readonly Matrix Numbers = Draw(2, 6, value => 1 + (value / 4f));
    private static readonly Matrix Guesses = Draw(2, 7, value => value / 2f);

    [Fact]
    public void A_yes_or_no_question_is_judged_as_by_scikit_learn()
    {
        Metric[] metrics = [new RocAuc(), new AveragePrecision(), new BalancedAccuracy(), new BrierScore()];
        Measure(OutputKind.BinaryScores, Scores, Answers, [], metrics).Should().Equal([0.56125, 0.41137231682379927, 0.55, 0.3817026790698576], IsNear);
        Measure(OutputKind.BinaryScores, Scores, Answers, Weights, metrics).Should().Equal([0.543016975308642, 0.3732369596609539, 0.5428240740740741, 0.38237047226191356], IsNear);

        // Ranks and decisions do not depend on the scale of the scores.
        Matrix signs = Answers.Clone();
        foreach (ref float value in signs.Span) value = (2 * value) - 1;
        Measure(OutputKind.Margins, Scores, signs, [], metrics[..3]).Should().Equal([0.56125, 0.41137231682379927, 0.55], IsNear);
    }

    [Fact]
    public void Classes_are_judged_as_by_scikit_learn_one_against_the_rest()
    {
        Metric[] metrics = [new RocAuc(), new AveragePrecision(), new BalancedAccuracy(), new BrierScore()];
        Measure(OutputKind.ClassScores, ClassScores, Classes, [], metrics).Should().Equal([0.3790740577470359, 0.2954163491566806, 0.18270676691729323, 1.0358111897958606], IsNear);
    }

    [Fact]
    public void The_calibration_error_compares_probabilities_with_what_came_true()
    {
        Measure(OutputKind.BinaryScores, Scores, Answers, [], new CalibrationError()).Should().Equal([0.3838725860488834], IsNear);
        Measure(OutputKind.BinaryScores, Scores, Answers, Weights, new CalibrationError(bins: 10)).Should().Equal([0.3925097918585362], IsNear);
        Measure(OutputKind.ClassScores, ClassScores, Classes, [], new CalibrationError()).Should().Equal([0.36253213512401794], IsNear);
        Matrix certain = new float[,] { { 0 }, { 1 }, { 1 } };
        Measure(OutputKind.Values, certain, new float[,] { { 0 }, { 1 }, { 0 } }, [], new CalibrationError()).Should().Equal([1.0 / 3], IsNear);
    }

    [Fact]
    public void Numbers_are_judged_as_by_scikit_learn()
    {
        Metric[] metrics = [new RootMeanSquaredError(), new PercentageError()];
        Measure(OutputKind.Values, Guesses, Numbers, [], metrics).Should().Equal([5.893516275281375, 1.6530400357722357], IsNear);
        Measure(OutputKind.Values, Guesses, Numbers, Weights, metrics).Should().Equal([5.718506827974426, 1.5037415179197722], IsNear);
    }

    [Fact]
    public void The_report_of_classes_is_that_of_scikit_learn()
    {
        ConfusionMatrix counts = ConfusionMatrix.Of(new Sequential(new Identity()), new Dataset(ClassScores, Classes));
        ClassificationReport report = ClassificationReport.Of(counts);
        FluentActions.Invoking(() => ClassificationReport.Of(null!)).Should().Throw<ArgumentNullException>();
        report.Classes.SelectMany(score => new[] { score.Precision, score.Recall, score.F1, score.Support }).Should().Equal(
            [0.25, 0.142857, 0.181818, 21, 0.153846, 0.105263, 0.125, 19, 0.315789, 0.3, 0.307692, 20, 0, 0, 0, 0], (one, other) => Math.Abs(one - other) < 1e-6);
        new[] { report.Accuracy, report.Macro.Precision, report.Macro.Recall, report.Macro.F1, report.Weighted.Precision, report.Weighted.Recall, report.Weighted.F1 }.Should().Equal(
            [0.183333, 0.179909, 0.137030, 0.153628, 0.241481, 0.183333, 0.205784], (one, other) => Math.Abs(one - other) < 1e-6);
        report.ToString().Should().Be("""
            class          precision  recall     F1  rows
            0                  0.250   0.143  0.182    21
            1                  0.154   0.105  0.125    19
            2                  0.316   0.300  0.308    20
            3                  0.000   0.000  0.000     0
            macro mean         0.180   0.137  0.154    60
            weighted mean      0.241   0.183  0.206    60
            accuracy 18.3 %
            """.ReplaceLineEndings("\n"));
        JsonSerializer.Deserialize<ClassificationReport>(JsonSerializer.Serialize(report))!.ToString().Should().Be(report.ToString());
    }

    [Fact]
    public void The_report_of_numbers_measures_each_target_by_itself()
    {
        var data = new Dataset(Guesses, Numbers, targetNames: ["length", "width"], sampleWeights: Weights);
        RegressionReport report = RegressionReport.Of(new Sequential(new Identity()), data);
        report.Targets.Select(score => score.Name).Should().Equal("length", "width");
        for (int column = 0; column < 2; column++)
        {
            Matrix guesses = Column(Guesses, column), numbers = Column(Numbers, column);
            TargetScore score = report.Targets[column];
            Measure(OutputKind.Values, guesses, numbers, Weights, new AbsoluteError(), new RootMeanSquaredError(), new RSquared())
                .Should().Equal([score.MeanAbsoluteError, score.RootMeanSquaredError, score.RSquared], IsNear);
        }

        report.ToString().Should().StartWith("target").And.Contain("width");
        JsonSerializer.Deserialize<RegressionReport>(JsonSerializer.Serialize(report))!.ToString().Should().Be(report.ToString());
        RegressionReport.Of(new Sequential(new Identity()), new Dataset(Guesses, Numbers)).Targets.Select(score => score.Name).Should().Equal("target 0", "target 1");
        Action classes = () => RegressionReport.Of(new Sequential(new Identity()), new Dataset(ClassScores, Classes, classes: ["a", "b", "c", "d"]));
        classes.Should().Throw<ArgumentException>().WithMessage("*4 classes, not numbers*");
        Action single = () => RegressionReport.Of(new Sequential(new Identity()), new Dataset(Column(Guesses, 0), Column(Numbers, 0), classes: ["yes"]));
        single.Should().Throw<ArgumentException>().WithMessage("*classes, not numbers*");
    }

    [Fact]
    public void What_a_metric_cannot_measure_it_refuses()
    {
        foreach (Metric metric in new Metric[] { new BrierScore(), new CalibrationError() })
        {
            metric.Invoking(m => m.Begin(OutputKind.Margins, 1)).Should().Throw<NotSupportedException>().WithMessage($"'{metric.Name}' measures probabilities*");
            metric.Begin(OutputKind.Values, 1);
            metric.Invoking(m => m.Add(new float[,] { { 1.5f } }, new float[,] { { 1 } })).Should().Throw<ArgumentException>().WithMessage("*takes plain outputs for probabilities, but one is 1.5*");
        }

        foreach (Metric metric in new Metric[] { new AbsoluteError(), new RSquared(), new RootMeanSquaredError(), new PercentageError() })
        {
            metric.Invoking(m => m.Begin(OutputKind.ClassScores, 3)).Should().Throw<NotSupportedException>().WithMessage($"'{metric.Name}' compares numbers, but the network gives ClassScores*");
        }

        foreach (Metric metric in new Metric[] { new RocAuc(), new AveragePrecision(), new BalancedAccuracy(), new BrierScore(), new CalibrationError() })
        {
            metric.Begin(OutputKind.Values, 1);
            metric.Invoking(m => m.Add(new float[,] { { 0.5f } }, new float[,] { { 21.7f } })).Should().Throw<ArgumentException>().WithMessage("*measures decisions, but the targets are not classes*");
            double.IsNaN(metric.Value).Should().BeTrue(metric.Name);
        }

        var percentage = new PercentageError();
        percentage.Begin(OutputKind.Values, 1);
        percentage.Invoking(m => m.Add(new Matrix(1, 1), new Matrix(1, 1))).Should().Throw<ArgumentException>().WithMessage("*column 0 of one row is 0*");
    }

    [Fact]
    public void Where_one_answer_never_occurs_there_is_no_area_under_the_ROC_curve()
    {
        Matrix yes = new float[,] { { 1 }, { 1 } };
        double.IsNaN(Measure(OutputKind.BinaryScores, new float[,] { { 1 }, { 2 } }, yes, [], new RocAuc())[0]).Should().BeTrue();
        Measure(OutputKind.BinaryScores, new float[,] { { 1 }, { 2 } }, yes, [], new AveragePrecision()).Should().Equal(1);
    }

    private static double[] Measure(OutputKind kind, Matrix prediction, Matrix target, float[] weights, params Metric[] metrics) => [.. metrics.Select(metric =>
    {
        // In batches, after others that are forgotten.
        metric.Begin(kind, prediction.Columns);
        metric.Add(prediction, target);
        metric.Reset();
        for (int row = 0; row < prediction.Rows; row += 7)
        {
            int count = Math.Min(7, prediction.Rows - row);
            metric.Add(prediction.SliceRows(row, count), target.SliceRows(row, count), weights.Length == 0 ? [] : weights.AsSpan(row, count));
        }

        return metric.Value;
    })];

    private static bool IsNear(double one, double other) => Math.Abs(one - other) < 1e-12;

    private static Matrix Column(Matrix matrix, int column) => new([.. Enumerable.Range(0, matrix.Rows).Select(row => matrix[row, column])], matrix.Rows, 1);

    private static Matrix Draw(int columns, long seed, Func<int, float> value)
    {
        var matrix = new Matrix(Rows, columns);
        foreach (ref float drawn in matrix.Span)
        {
            seed = ((seed * 1103515245) + 12345) % 2147483648;
            drawn = value((int)((seed >> 16) % 32));
        }

        return matrix;
    }
}
