namespace NeuralTrain;

/// <summary>Turns class numbers into the rows that losses accept as targets: 1 in the column of the class, 0 elsewhere.</summary>
public static class OneHot
{
    /// <summary>One row per label.</summary>
    /// <param name="labels">The class of each sample, 0 to <paramref name="classes"/> − 1.</param>
    /// <param name="classes">Number of classes, 2 or more.</param>
    /// <returns>A new matrix, <c>[labels × classes]</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two classes, or a label is not one of them; the message says which.</exception>
    public static Matrix Encode(ReadOnlySpan<int> labels, int classes)
    {
        Guard.AtLeast(classes, 2, nameof(classes), "with one class there is nothing to choose");
        var rows = new Matrix(labels.Length, classes);
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(labels), $"The label at index {i} is {labels[i]}, but {classes} classes are numbered 0 to {classes - 1}." +
                    (labels[i] == classes ? " If yours begin at 1, subtract 1 from each." : ""));
            }

            rows[i, labels[i]] = 1;
        }

        return rows;
    }
}
