using System.Buffers;
using System.Numerics.Tensors;
using MathNet.Numerics.Distributions;

namespace NeuralTrain;

/// <summary>Mixes each row of a batch with another one, inputs and targets alike, so that a network is less overconfident between training examples.</summary>
/// <remarks>
/// <code>
/// x := λ·x + (1 − λ)·x′,  y := λ·y + (1 − λ)·y′      λ ~ Beta(α, α) for each batch; x′, y′ the row k places later in the batch, with k drawn once per batch
/// </code>
/// <para>
/// For losses that accept mixed targets: regression losses, <see cref="SoftmaxCrossEntropy"/> and <see cref="BinaryCrossEntropy"/>; others refuse them. Training metrics are computed on the
/// mixed rows and are of little use. A row keeps its own sample weight. The numbers of categories (see <see cref="Embedding"/>) cannot be mixed, and are refused there.
/// </para>
/// <para>Keras' <c>MixUp(alpha)</c>, torchvision's <c>MixUp(alpha)</c>. Source: Zhang, Cisse, Dauphin and Lopez-Paz, "mixup: Beyond Empirical Risk Minimization", 2018.</para>
/// </remarks>
/// <param name="alpha">α, greater than 0: near 0 rows are hardly mixed, 1 mixes evenly. Default 0.2, as in Keras; the paper takes 0.1 to 0.4 for images.</param>
/// <exception cref="ArgumentOutOfRangeException">α is not a finite number greater than 0.</exception>
public sealed class Mixup(double alpha = 0.2) : Augmentation
{
    /// <summary>The parameter α of the distribution of λ.</summary>
    public double Alpha { get; } = Guard.Positive(alpha, nameof(alpha), "Typical values are 0.1 to 1.");

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings) => settings.Set("alpha", Alpha);

    /// <summary>Not supported: inputs are mixed together with their targets.</summary>
    /// <param name="inputs">The inputs of a batch.</param>
    /// <param name="random">The source of random numbers.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void Apply(Matrix inputs, Random random) => throw new NotSupportedException("Mixup mixes inputs together with their targets: call Apply(inputs, targets, random).");

    /// <inheritdoc/>
    public override void Apply(Matrix inputs, Matrix targets, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        float own = (float)Beta.Sample(random, Alpha, Alpha);
        int further = random.Next(inputs.Rows);
        Mix(inputs, own, further);
        Mix(targets, own, further);
    }

    private static void Mix(Matrix rows, float own, int further)
    {
        // Rented, so that trainers can share the object.
        float[] rented = ArrayPool<float>.Shared.Rent(rows.Span.Length);
        var copy = new Matrix(rented, 0, rows.Rows, rows.Columns);
        rows.CopyTo(copy);
        TensorPrimitives.Multiply(rows.Span, own, rows.Span);
        for (int row = 0; row < rows.Rows; row++)
        {
            TensorPrimitives.MultiplyAdd(copy.Row((row + further) % rows.Rows), 1 - own, rows.Row(row), rows.Row(row));
        }

        ArrayPool<float>.Shared.Return(rented);
    }
}
