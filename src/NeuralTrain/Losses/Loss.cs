using System.Diagnostics.CodeAnalysis;

namespace NeuralTrain;

/// <summary>What training makes small: one number that says how far predictions are from their targets, and its gradient.</summary>
/// <remarks>
/// The loss alone owns any 1/N: layers sum their parameter gradients over the batch. Targets have the shape of the
/// predictions (classes as one-hot rows). A loss of one's own overrides <see cref="Compute"/>.
/// </remarks>
public abstract class Loss
{
    /// <summary>Computes the loss of a batch, and its gradient with respect to the predictions.</summary>
    /// <param name="prediction">What the network gave, <c>[batch × outputs]</c>.</param>
    /// <param name="target">What it should have given, same shape.</param>
    /// <param name="gradient">Is overwritten with the gradient, same shape; or empty (the default) if only the value is asked for.</param>
    /// <returns>The loss of the batch.</returns>
    /// <exception cref="ArgumentException">The batch is empty, or the shapes differ.</exception>
    /// <exception cref="NotFiniteNumberException">
    /// The loss is not finite, because a prediction or a target is NaN or infinite; the message says which one.
    /// The content of <paramref name="gradient"/> is then undefined: do not pass it on.
    /// </exception>
    public double Evaluate(Matrix prediction, Matrix target, Matrix gradient = default)
    {
        CheckShapes(prediction, target, gradient);
        double loss = Compute(prediction, target, gradient);
        if (!double.IsFinite(loss))
        {
            ThrowNotFinite(prediction, target, loss);
        }

        return loss;
    }

    /// <summary>The formula. Shapes are checked already, the batch has at least one row, and the result is checked afterwards.</summary>
    /// <param name="prediction">What the network gave, <c>[batch × outputs]</c>.</param>
    /// <param name="target">What it should have given, same shape.</param>
    /// <param name="gradient">To overwrite with the gradient, same shape; or empty if only the value is asked for.</param>
    /// <returns>The loss of the batch; the sum that makes it is accumulated in double.</returns>
    protected abstract double Compute(Matrix prediction, Matrix target, Matrix gradient);

    /// <summary>The kind, as <c>SumOfSquares</c>.</summary>
    public override string ToString() => GetType().Name;

    private void CheckShapes(Matrix prediction, Matrix target, Matrix gradient)
    {
        if (prediction.IsEmpty)
        {
            throw new ArgumentException($"{this} received an empty batch ({prediction}): pass at least one row.", nameof(prediction));
        }

        if (target.Rows != prediction.Rows || target.Columns != prediction.Columns)
        {
            throw new ArgumentException(
                $"{this} expects targets of the predictions' shape {prediction}, received {target}. " +
                "Each row of the targets belongs to the same row of the predictions; classes are given as one-hot rows.",
                nameof(target));
        }

        if (!gradient.IsEmpty && (gradient.Rows != prediction.Rows || gradient.Columns != prediction.Columns))
        {
            throw new ArgumentException(
                $"{this} writes a gradient of the predictions' shape {prediction}, received {gradient} to write into. " +
                "Pass a matrix of that shape, or none if only the value is needed.",
                nameof(gradient));
        }
    }

    [DoesNotReturn]
    private void ThrowNotFinite(Matrix prediction, Matrix target, double loss)
    {
        string culprit = Find("prediction", prediction) ?? Find("target", target)
            ?? "all predictions and targets are finite, but too large for the formula";
        throw new NotFiniteNumberException(
            $"{this} is {loss} instead of a finite number: {culprit}. If the data are finite, the network diverged: " +
            "lower the learning rate, scale the inputs, or look at the initial weights. No parameter was changed.",
            loss);

        static string? Find(string name, Matrix matrix)
        {
            for (int row = 0; row < matrix.Rows; row++)
            {
                for (int column = 0; column < matrix.Columns; column++)
                {
                    if (!float.IsFinite(matrix[row, column]))
                    {
                        return $"the first {name} that is not finite is {matrix[row, column]} in row {row}, column {column}";
                    }
                }
            }

            return null;
        }
    }
}
