namespace NeuralTrain;

/// <summary>Precision, recall and F1 of each class, and their means.</summary>
/// <remarks>scikit-learn's <c>classification_report(zero_division=0)</c>. Each row of the data counts once, whatever its sample weight.</remarks>
public sealed class ClassificationReport
{
    /// <summary>Holds scores, as read from JSON.</summary>
    /// <param name="classes">The scores of each class.</param>
    public ClassificationReport(IReadOnlyList<ClassScore> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        Classes = classes;
        Support = classes.Sum(score => score.Support);
        Accuracy = classes.Sum(score => score.Recall * score.Support) / Support;
        ClassScore[] counted = [.. classes.Where(score => score.Occurs)];
        Macro = Mean("macro mean", counted, _ => 1);
        Weighted = Mean("weighted mean", counted, score => score.Support);
    }

    /// <summary>The scores of each class.</summary>
    public IReadOnlyList<ClassScore> Classes { get; }

    /// <summary>The fraction of rows that are predicted correctly.</summary>
    public double Accuracy { get; }

    /// <summary>The unweighted mean over the classes that occur among targets or predictions.</summary>
    public ClassScore Macro { get; }

    /// <summary>The mean over the classes, weighted by their numbers of rows.</summary>
    public ClassScore Weighted { get; }

    /// <summary>The total number of rows.</summary>
    public long Support { get; }

    /// <summary>Computes the scores from counts.</summary>
    /// <param name="counts">How often rows of each class were predicted as each class: <see cref="ConfusionMatrix.Of"/>.</param>
    public static ClassificationReport Of(ConfusionMatrix counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return new([.. counts.Classes.Select((name, i) => new ClassScore(
            name, counts.Precision(i), counts.Recall(i), counts.F1(i), counts.Actual(i), counts.Predicted(i) + counts.Actual(i) > 0))]);
    }

    /// <summary>The scores as a table: a row for each class, then accuracy and means.</summary>
    public override string ToString()
    {
        var table = new TextTable("class", ">precision", ">recall", ">F1", ">rows");
        foreach (ClassScore score in Classes.Append(Macro).Append(Weighted)) table.Add(Guard.Shorten(score.Name), $"{score.Precision:0.000}", $"{score.Recall:0.000}", $"{score.F1:0.000}", $"{score.Support}");
        return $"{table}\naccuracy {100 * Accuracy:0.0} %";
    }

    private ClassScore Mean(string name, ClassScore[] scores, Func<ClassScore, double> weight)
    {
        return new(name, Of(score => score.Precision), Of(score => score.Recall), Of(score => score.F1), Support, occurs: true);

        double Of(Func<ClassScore, double> value) => scores.Sum(score => weight(score) * value(score)) / scores.Sum(weight);
    }
}

/// <summary>The scores of one class.</summary>
/// <param name="name">The name of the class.</param>
/// <param name="precision">The fraction of the rows predicted as this class that belongs to it; 0 if there are none.</param>
/// <param name="recall">The fraction of the rows of this class that is predicted correctly; 0 if there are none.</param>
/// <param name="f1">The harmonic mean of the two; 0 if both are.</param>
/// <param name="support">The number of rows of this class.</param>
/// <param name="occurs">Whether the class occurs among targets or predictions.</param>
public sealed class ClassScore(string name, double precision, double recall, double f1, long support, bool occurs)
{
    /// <summary>The name of the class.</summary>
    public string Name { get; } = name;

    /// <summary>The fraction of the rows predicted as this class that belongs to it; 0 if there are none.</summary>
    public double Precision { get; } = precision;

    /// <summary>The fraction of the rows of this class that is predicted correctly; 0 if there are none.</summary>
    public double Recall { get; } = recall;

    /// <summary>The harmonic mean of the two; 0 if both are.</summary>
    public double F1 { get; } = f1;

    /// <summary>The number of rows of this class.</summary>
    public long Support { get; } = support;

    /// <summary>Whether the class occurs among targets or predictions.</summary>
    public bool Occurs { get; } = occurs;
}
