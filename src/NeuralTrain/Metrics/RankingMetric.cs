namespace NeuralTrain;

/// <summary>How well the scores rank positive rows above negative ones, independent of a threshold: the area under a curve.</summary>
/// <remarks>
/// <code>
/// ROC AUC             Σ n·(Y + y/2) / (Σy·Σn)              over the distinct scores from the highest down; y and n are the weights of the positive and negative rows
/// average precision   Σ y·(Y + y) / (Y + y + N + n) / Σy    with that score, Y and N those of all rows with a higher one
/// </code>
/// <para>
/// ROC AUC is the probability that a positive has a higher score than a negative, ties counting a half: ½ is guessing, 1 is perfect. Average precision is the area under the curve of precision over
/// recall, as steps without interpolation; guessing gives the fraction of positive rows.
/// </para>
/// <para>
/// A single column, and each column of <see cref="OutputKind.BinaryScores"/>, is one binary decision; of class scores each class is one, against all others, ranked by its softmax.
/// The value is the mean over these. A column without positive rows (or, for ROC AUC, without negative ones) is left out; if none remains, the value is NaN.
/// Every score of a pass is kept until <see cref="Metric.Reset"/>. scikit-learn's <c>roc_auc_score(multi_class='ovr')</c> and <c>average_precision_score</c>.
/// </para>
/// </remarks>
public abstract class RankingMetric : Metric
{
    private readonly bool _isPrecision;
    private readonly List<double> _scores = [], _weights = [];
    private readonly List<bool> _yes = [];
    private double[] _row = [];

    private protected RankingMetric(string name, bool isPrecision) : base(name, isRatio: true) => _isPrecision = isPrecision;

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            var keys = new double[_weights.Count];
            var rows = new int[keys.Length];
            double sum = 0;
            int questions = 0;
            for (int column = 0; column < Outputs; column++)
            {
                for (int row = 0; row < rows.Length; row++) (keys[row], rows[row]) = (-_scores[(row * Outputs) + column], row);
                Array.Sort(keys, rows);
                double area = Area(keys, rows, column);
                (sum, questions) = double.IsNaN(area) ? (sum, questions) : (sum + area, questions + 1);
            }

            return sum / questions;
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _scores.Clear();
        _weights.Clear();
        _yes.Clear();
    }

    private protected override void CheckOutputs() => _row = new double[Outputs];

    /// <inheritdoc/>
    protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
    {
        Decision.Check(Name, OutputKind, target);
        bool perColumn = Decision.IsPerColumn(OutputKind, Outputs);
        int actual = Decision.Largest(target);
        if (OutputKind == OutputKind.ClassScores) Decision.Probabilities(Name, OutputKind, prediction, _row);
        for (int column = 0; column < prediction.Length; column++)
        {
            _scores.Add(OutputKind == OutputKind.ClassScores ? _row[column] : prediction[column]);
            _yes.Add(perColumn ? Decision.IsYesTarget(OutputKind, target[column]) : column == actual);
        }

        _weights.Add(weight);
    }

    private double Area(double[] keys, int[] rows, int column)
    {
        double allYes = 0, allNo = 0, area = 0;
        for (int i = 0; i < keys.Length;)
        {
            double key = keys[i], yes = 0, no = 0;
            for (; i < keys.Length && keys[i] == key; i++)
            {
                double weight = _weights[rows[i]];
                (yes, no) = _yes[(rows[i] * Outputs) + column] ? (yes + weight, no) : (yes, no + weight);
            }

            area += !_isPrecision ? no * (allYes + (yes / 2)) : yes > 0 ? yes * (allYes + yes) / (allYes + yes + allNo + no) : 0;
            (allYes, allNo) = (allYes + yes, allNo + no);
        }

        return area / (_isPrecision ? allYes : allYes * allNo);
    }
}

/// <summary>The area under the ROC curve: the probability that a positive row has a higher score than a negative one.</summary>
/// <inheritdoc cref="RankingMetric" path="/remarks"/>
public sealed class RocAuc() : RankingMetric("ROC AUC", isPrecision: false);

/// <summary>The area under the curve of precision over recall, which says more than ROC AUC if positives are rare.</summary>
/// <inheritdoc cref="RankingMetric" path="/remarks"/>
public sealed class AveragePrecision() : RankingMetric("average precision", isPrecision: true);
