namespace NeuralTrain;

/// <summary>Precision, recall or F1: how well the rows predicted as a class match the rows that belong to it.</summary>
/// <remarks>
/// <code>
/// precision = right / predicted      recall = right / actual      F1 = 2·right / (predicted + actual), their harmonic mean
/// </code>
/// Predicted, actual and right (both) are counted for each class, with the rows' weights. The value is the mean over the classes ("macro"), all with the same weight, however
/// rare. A class that occurs neither among the predictions nor among the targets is left out; otherwise 0/0 is 0. A single column, and each column of
/// <see cref="OutputKind.BinaryScores"/>, is measured for the positive class only: if no row is positive and none is predicted to be, the value is 0 and not NaN, so that it can be compared
/// and watched. Decisions are those of <see cref="Accuracy"/>. scikit-learn's <c>precision_score</c>, <c>recall_score</c> and <c>f1_score</c> with <c>average='macro',
/// zero_division=0</c>, for one column <c>average='binary'</c>; of several binary columns it counts those without any positive as 0.
/// </remarks>
public abstract class ClassMetric : Metric
{
    private protected double[] _predicted = [], _actual = [], _right = [];
    private protected double _all;
    private readonly double _precisionPart;

    // All three are right / (part·predicted + (1 − part)·actual).
    private protected ClassMetric(string name, double precisionPart) : base(name, isRatio: true) => _precisionPart = precisionPart;

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            double sum = 0;
            int classes = 0;
            for (int i = 0; i < _right.Length; i++)
            {
                if (_predicted[i] + _actual[i] == 0) continue;
                double divisor = (_precisionPart * _predicted[i]) + ((1 - _precisionPart) * _actual[i]);
                sum += divisor > 0 ? _right[i] / divisor : 0;
                classes++;
            }

            return _all == 0 ? double.NaN : classes > 0 ? sum / classes : 0;
        }
    }

    /// <inheritdoc/>
    public override void Reset() => (_predicted, _actual, _right, _all) = (new double[Outputs], new double[Outputs], new double[Outputs], 0);

    /// <inheritdoc/>
    protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
    {
        Decision.Check(Name, OutputKind, target);
        _all += weight;
        bool perColumn = Decision.IsPerColumn(OutputKind, Outputs);
        int predictedClass = Decision.Largest(prediction), actualClass = Decision.Largest(target);
        for (int column = 0; column < prediction.Length; column++)
        {
            bool predicted = perColumn ? Decision.IsYes(OutputKind, prediction[column]) : column == predictedClass;
            bool actual = perColumn ? Decision.IsYesTarget(OutputKind, target[column]) : column == actualClass;
            _predicted[column] += predicted ? weight : 0;
            _actual[column] += actual ? weight : 0;
            _right[column] += predicted && actual ? weight : 0;
        }
    }
}

/// <summary>The fraction of the rows predicted as a class that belong to it; the mean over the classes.</summary>
/// <inheritdoc cref="ClassMetric" path="/remarks"/>
public sealed class Precision() : ClassMetric("precision", precisionPart: 1);

/// <summary>The fraction of the rows of a class that are predicted correctly; the mean over the classes.</summary>
/// <inheritdoc cref="ClassMetric" path="/remarks"/>
public sealed class Recall() : ClassMetric("recall", precisionPart: 0);

/// <summary>The harmonic mean of precision and recall, which is low if either is.</summary>
/// <inheritdoc cref="ClassMetric" path="/remarks"/>
public sealed class F1() : ClassMetric("F1", precisionPart: 0.5);

/// <summary>The mean over the classes of the fraction of their rows that is predicted correctly: accuracy as if all classes were equally frequent.</summary>
/// <remarks>
/// <code>
/// balanced accuracy = 1/K·Σₖ rightₖ / actualₖ      K the classes that occur among the targets
/// </code>
/// A single column, and each column of <see cref="OutputKind.BinaryScores"/>, has the two classes negative and positive. Guessing gives 1/K. Decisions are those of <see cref="Accuracy"/>.
/// scikit-learn's <c>balanced_accuracy_score</c>.
/// </remarks>
public sealed class BalancedAccuracy() : ClassMetric("balanced accuracy", precisionPart: 0)
{
    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            double sum = 0;
            int classes = 0;
            for (int i = 0; i < _right.Length; i++)
            {
                Count(_right[i], _actual[i]);
                if (Decision.IsPerColumn(OutputKind, Outputs)) Count(_all - _predicted[i] - _actual[i] + _right[i], _all - _actual[i]);
            }

            return sum / classes;

            void Count(double right, double actual) => (sum, classes) = actual > 0 ? (sum + (right / actual), classes + 1) : (sum, classes);
        }
    }
}
