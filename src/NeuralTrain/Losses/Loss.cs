using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The loss to minimise: a single number for how far predictions are from their targets, and its gradient.</summary>
/// <remarks>
/// <para>
/// Only the loss divides by the number of rows: layers sum their parameter gradients over the batch. Targets have the shape of the
/// predictions (classes as one-hot rows, see <see cref="OneHot"/>). A custom loss overrides <see cref="Compute(Matrix, Matrix, Matrix)"/>.
/// </para>
/// <para>
/// Before training, call <see cref="CheckNetwork"/> once: it refuses a network whose last layer does not fit the loss, such
/// as a softmax before a cross-entropy that takes raw scores. A custom loop calls it once network and loss exist.
/// </para>
/// </remarks>
public abstract class Loss
{
    /// <summary>Computes the loss of a batch, and its gradient with respect to the predictions.</summary>
    /// <param name="prediction">The outputs of the network, <c>[batch × outputs]</c>.</param>
    /// <param name="target">The targets, same shape (narrower by the factor <see cref="OutputsPerTarget"/>).</param>
    /// <param name="gradient">Is overwritten with the gradient, of the predictions' shape; or empty (the default) if only the value is needed.</param>
    /// <param name="sampleWeights">
    /// The weight of each row, one number of 0 or more per row; or empty (the default) if all weigh the same. A loss that is a
    /// mean over the rows becomes the weighted mean, Σ wᵢ·Lᵢ / Σ wᵢ, or Σ wᵢ·Lᵢ / N with <see cref="DividesByRows"/>; one that is a sum becomes the
    /// weighted sum. If all weights of a batch are 0, nothing counts: loss and gradient are 0.
    /// </param>
    /// <returns>The loss of the batch.</returns>
    /// <exception cref="ArgumentException">
    /// The batch is empty, shapes differ, the gradient shares values with another matrix, a weight is negative, or this loss does not accept such targets.
    /// </exception>
    /// <exception cref="NotFiniteNumberException">
    /// The loss is not finite, because a prediction or a target is NaN or infinite; the message says which one.
    /// The content of <paramref name="gradient"/> is then undefined, as after any exception: do not pass it on.
    /// </exception>
    [MethodImpl(Jit.Full)]
    public double Evaluate(Matrix prediction, Matrix target, Matrix gradient = default, ReadOnlySpan<float> sampleWeights = default)
    {
        CheckShapes(prediction, target, gradient);
        CheckColumns(prediction.Columns, nameof(prediction));
        if (!sampleWeights.IsEmpty && sampleWeights.Length != prediction.Rows) throw new ArgumentException($"{this} expects one sample weight for each of the {prediction.Rows} rows, received {sampleWeights.Length}.", nameof(sampleWeights));
        if (!sampleWeights.IsEmpty) Guard.Weights(sampleWeights, prediction.Rows, nameof(sampleWeights));
        double loss = sampleWeights.IsEmpty ? Compute(prediction, target, gradient) : Compute(prediction, target, gradient, sampleWeights);
        if (!double.IsFinite(loss)) ThrowNotFinite(prediction, target, loss);
        return !DividesByRows || sampleWeights.IsEmpty ? loss : DividedByRows(loss, target, gradient, sampleWeights);
    }

    /// <summary>
    /// Whether a mean over rows with sample weights is Σ wᵢ·Lᵢ / N, as in Keras, instead of the weighted mean Σ wᵢ·Lᵢ / Σ wᵢ. Then weights with a mean other than 1
    /// scale loss and gradient, and a batch of rows with small weights makes a smaller step. Without sample weights, and for a sum, it has no effect. Default false.
    /// </summary>
    public bool DividesByRows { get; init; }

    /// <summary>
    /// Throws if the end of a network does not fit this loss, naming the layer and the remedy. A trainer calls it once, when it is created; a
    /// custom loop should, before the first step: <c>loss.CheckNetwork(network);</c>
    /// </summary>
    /// <remarks>Losses on raw scores (see <see cref="OutputKind"/>) refuse a network that ends in probabilities. A custom loss that overrides this method calls the base method first.</remarks>
    /// <param name="network">The network whose outputs this loss will get.</param>
    /// <exception cref="ArgumentException">The network ends in a layer that does not fit the loss, or has a softmax over a single column.</exception>
    public virtual void CheckNetwork(Layer network)
    {
        LossCompatibility.Check(this, network);
        if (network.InputSize is int size) CheckColumns(network.OutputSize(size), nameof(network));
    }

    /// <summary>The meaning of the outputs of a network trained with this loss. Default: plain numbers.</summary>
    public virtual OutputKind OutputKind => OutputKind.Values;

    /// <summary>The number of outputs per target column. Default 1. With more, the outputs are that number of blocks side by side, each as wide as the targets; the first predicts them, and metrics use only that one.</summary>
    public virtual int OutputsPerTarget => 1;

    /// <summary>The formula. Shapes have been checked, the batch has at least one row, and the result is checked afterwards.</summary>
    /// <param name="prediction">The outputs of the network, <c>[batch × outputs]</c>.</param>
    /// <param name="target">The targets, same shape.</param>
    /// <param name="gradient">To overwrite with the gradient, same shape; or empty if only the value is needed.</param>
    /// <returns>The loss of the batch, accumulated in double.</returns>
    protected abstract double Compute(Matrix prediction, Matrix target, Matrix gradient);

    /// <summary>
    /// The formula with a weight for each row. By default the weighted mean of the unweighted formula, row by row; override it for a loss that
    /// is not a mean over the rows, or that can be computed in one pass.
    /// </summary>
    /// <param name="prediction">The outputs of the network, <c>[batch × outputs]</c>.</param>
    /// <param name="target">The targets, same shape.</param>
    /// <param name="gradient">To overwrite with the gradient, same shape; or empty if only the value is needed.</param>
    /// <param name="sampleWeights">One finite weight of 0 or more for each row.</param>
    /// <returns>The loss of the batch.</returns>
    protected virtual double Compute(Matrix prediction, Matrix target, Matrix gradient, ReadOnlySpan<float> sampleWeights)
    {
        double total = Total(prediction.Rows, sampleWeights);
        double loss = 0;
        for (int row = 0; row < prediction.Rows; row++)
        {
            Matrix rowGradient = gradient.IsEmpty ? default : gradient.SliceRows(row, 1);
            double ratio = total > 0 ? sampleWeights[row] / total : 0;
            loss += ratio * Compute(prediction.SliceRows(row, 1), target.SliceRows(row, 1), rowGradient);
            foreach (ref float value in rowGradient.Span) value = (float)(ratio * value);
        }

        return loss;
    }

    /// <summary>
    /// The divisor of the loss of a batch, so that batches can be combined into the loss, or the gradient, of all their rows:
    /// Σ dᵢ·Lᵢ / Σ dᵢ over the batches. By default the number of rows, or the sum of their weights, as is right for a mean over the rows. A loss that is a plain sum
    /// returns null: Σ Lᵢ.
    /// </summary>
    /// <param name="target">The targets of the batch.</param>
    /// <param name="sampleWeights">One weight for each row; or empty.</param>
    /// <returns>A number of 0 or more; or null for a sum. A loss always returns a number or always null.</returns>
    protected internal virtual double? Divisor(Matrix target, ReadOnlySpan<float> sampleWeights) => Total(target.Rows, sampleWeights);

    /// <summary><see cref="Divisor"/> by the convention chosen.</summary>
    internal double? DivisorOf(Matrix target, ReadOnlySpan<float> sampleWeights) => Divisor(target, DividesByRows ? default : sampleWeights);

    /// <summary>The settings of this loss, and the convention for sample weights.</summary>
    internal void DescribeAll(Settings settings)
    {
        Describe(settings);
        if (DividesByRows) settings.Set("divides by rows", true);
    }

    /// <summary>Writes the settings of this loss, which must be the same when training is resumed. By default none.</summary>
    /// <param name="settings">Receives the values: <c>settings.Set("delta", Delta)</c>.</param>
    protected internal virtual void Describe(Settings settings)
    {
    }

    /// <summary>The kind, as <c>SumOfSquares</c>.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>Σ wᵢ, or the number of rows if there are no weights.</summary>
    private protected static double Total(int rows, ReadOnlySpan<float> sampleWeights) => sampleWeights.IsEmpty ? rows : Reduce.Sum(sampleWeights, default(Itself));

    /// <summary>Refuses a number of outputs that this loss cannot take: in <see cref="CheckNetwork"/> where the network knows it, and in each batch.</summary>
    private protected virtual void CheckColumns(int columns, string name)
    {
    }

    [MethodImpl(Jit.Cold)]
    private double DividedByRows(double loss, Matrix target, Matrix gradient, ReadOnlySpan<float> sampleWeights)
    {
        if (Divisor(target, sampleWeights) is not double weights) return loss;
        double ratio = weights > 0 ? weights / DivisorOf(target, sampleWeights)!.Value : 0;
        TensorPrimitives.Multiply(gradient.Span, (float)ratio, gradient.Span);
        return ratio * loss;
    }

    // A separate method, as messages take longer to compile than all the rest.
    [MethodImpl(Jit.Cold)]
    private void CheckShapes(in Matrix prediction, in Matrix target, in Matrix gradient)
    {
        if (prediction.IsEmpty) throw new ArgumentException($"{this} received an empty batch ({prediction.Shape}): pass at least one row.", nameof(prediction));
        if (target.Rows != prediction.Rows || target.Columns * OutputsPerTarget != prediction.Columns)
        {
            throw new ArgumentException(OutputsPerTarget > 1
                ? $"{this} expects {OutputsPerTarget} predictions for each target, received {prediction.Shape} predictions and {target.Shape} targets. Give the last layer that number of outputs." :
                $"{this} expects targets of the predictions' shape {prediction.Shape}, received {target.Shape}. Classes are given as one-hot rows.", nameof(target));
        }

        if (!gradient.IsEmpty && (gradient.Rows != prediction.Rows || gradient.Columns != prediction.Columns))
        {
            throw new ArgumentException(
                $"{this} writes a gradient of the predictions' shape {prediction.Shape}, received {gradient.Shape}. Pass none if only the value is needed.", nameof(gradient));
        }

        if (gradient.Overlaps(prediction) || gradient.Overlaps(target)) throw Shapes.Overlapping($"{this}", "the predictions or the targets", nameof(gradient));
    }

    [DoesNotReturn]
    private void ThrowNotFinite(Matrix prediction, Matrix target, double loss)
    {
        string culprit = Find("prediction", prediction) ?? Find("target", target)
            ?? "all predictions and targets are finite, but too large for the formula";
        throw new NotFiniteNumberException(
            $"{this} is {loss}: {culprit}. If the data are finite, the network diverged: lower the learning rate, or scale the inputs. No parameter was changed.", loss);

        static string? Find(string name, Matrix matrix)
        {
            int first = Matrix.FirstNotFinite(matrix.Span);
            return first < 0 ? null : $"the first {name} that is not finite is {matrix.At(first)}";
        }
    }
}

/// <summary>The meaning of a network's raw outputs, which follows from the loss it is trained with.</summary>
public enum OutputKind
{
    /// <summary>Plain numbers: regression.</summary>
    Values,

    /// <summary>A raw score for each of one or more binary decisions: positive above 0, and σ(score) is the probability of the positive class.</summary>
    BinaryScores,

    /// <summary>A margin for each column, without a probability: the sign decides for one column, the largest among several.</summary>
    Margins,

    /// <summary>A raw score for each class: the largest wins, and softmax gives the probabilities.</summary>
    ClassScores,
}
