using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// Layer normalisation: brings the features of each row to mean 0 and variance 1, then scales and shifts each feature.
/// </summary>
/// <remarks>
/// <code>
/// forward   μ = 1/K·Σ x,  σ² = 1/K·Σ (x − μ)²,  x̂ = (x − μ)/√(σ² + ε),  y = γ⊙x̂ + β      per row, sums over its K features
/// backward  β̄ += Σ_rows ȳ,  γ̄ += Σ_rows ȳ⊙x̂,  x̄ = 1/√(σ² + ε)·(g − 1/K·Σ g − x̂·1/K·Σ g·x̂)  with g = γ⊙ȳ
/// </code>
/// x, y <c>[batch × size]</c>; γ <c>weight</c> and β <c>bias</c> <c>[size]</c>, named as in PyTorch's <c>nn.LayerNorm</c> (Keras:
/// <c>gamma</c>, <c>beta</c>). Source: Ba, Kiros and Hinton 2016. ε 1e-5 as in PyTorch; Keras' is 1e-3. A row does not depend on the
/// others, so training and prediction are the same, and a batch may have a single row.
/// </remarks>
public sealed class LayerNorm : Normalization
{
    private const int RememberedPerRow = 3;

    // The minimum size of a block that threads share: values of rows, and columns of a gradient.
    private const int BlockValues = 16384, BlockColumns = 64;

    // Per row of the last forward pass: the mean as a float, 1/√(σ² + ε), and what the rest of the mean adds to x̂.
    private readonly GrowingMatrix _rows = new();
    private double[] _weightGradient = [];

    /// <summary>Creates the layer with γ = 1 and β = 0.</summary>
    /// <param name="size">Number of features (columns), 2 or more.</param>
    /// <param name="scaleAndShift">Whether to learn γ and β. Default true.</param>
    /// <param name="epsilon">ε, which keeps the division finite for a constant row. Default 1e-5.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public LayerNorm(int size, bool scaleAndShift = true, double epsilon = 1e-5)
        : base(Guard.AtLeast(size, 2, nameof(size), "a single feature minus its own mean is always 0"), scaleAndShift, epsilon)
    {
    }

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, Size, Size);
        Normalize(input, output, remembered: default);
    }

    /// <inheritdoc/>
    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, Size, Size);
        Normalize(input, output, _rows.View(input.Rows, RememberedPerRow));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There was no forward pass with this many rows, so their means and variances are not known.</exception>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, Size, Size);
        _rows.CheckRemembers(this, input, RememberedPerRow);
        Matrix remembered = _rows.Last;
        bool learnsWeight = Weight is { IsTrainable: true };
        if (learnsWeight && _weightGradient.Length == 0) _weightGradient = new double[Size];
        Array.Clear(_weightGradient);
        int blocks = BlockCount(input);
        if (learnsWeight && blocks > 1)
        {
            int columnBlocks = Shared(Size / BlockColumns);
            var columns = new GradientColumns(_weightGradient, input, outputGradient, remembered, columnBlocks);
            Blocks.Run(columnBlocks, ref columns);
        }

        var rows = new BackwardRows(this, input, outputGradient, inputGradient, remembered, blocks, addsWeightGradient: learnsWeight && blocks == 1);
        Blocks.Run(blocks, ref rows);
        AddGradient(_weightGradient, Weight);
        if (Bias is { IsTrainable: true }) Reduce.AddColumnSums(outputGradient.Span, Bias.Gradient.Span, default(Itself));
    }

    private int BlockCount(Matrix input) => Shared((int)Math.Min((long)input.Rows * Size / BlockValues, input.Rows));

    // One block where the threads would not share these.
    private static int Shared(int blocks) => Team.Threads > 1 && blocks >= 2 * Team.Threads ? blocks : 1;

    private static int Start(int count, int block, int blocks) => (int)((long)count * block / blocks);

    private void Normalize(Matrix input, Matrix output, Matrix remembered)
    {
        int blocks = BlockCount(input);
        var rows = new ForwardRows(this, input, output, remembered, blocks);
        Blocks.Run(blocks, ref rows);
    }

    private Normalized Measure(ReadOnlySpan<float> x)
    {
        double mean = Reduce.Sum(x, default(Itself)) / Size;
        float near = (float)mean;
        double meanRest = mean - near;
        double squares = Reduce.Sum(x, new SquaredDeviation(near)) / Size;

        // Squares that overflow become NaN, which the loss reports, rather than a row of zeros, which would go unnoticed.
        double inverse = double.IsFinite(squares) ? 1 / Math.Sqrt(Math.Max(0, squares - (meanRest * meanRest)) + Epsilon) : double.NaN;
        return new Normalized(near, (float)inverse, (float)(-meanRest * inverse));
    }

    private void NormalizeRow(ReadOnlySpan<float> x, Span<float> y, Normalized normalized)
    {
        if (Weight is null) Elementwise.Map(x, y, normalized);
        else Elementwise.Map(x, Weight.Value.Span, Bias!.Value.Span, y, new ScaledAndShifted(normalized));
    }

    private void BackwardRow(ReadOnlySpan<float> x, ReadOnlySpan<float> upstream, Span<float> result, Normalized normalized)
    {
        // g = γ⊙ȳ goes into the result first; then x̄ = inverse·(g − mean of g − x̂·mean of g·x̂) in its place.
        if (Weight is null) upstream.CopyTo(result);
        else Elementwise.Map(upstream, Weight.Value.Span, result, default(Product));
        float meanOfGradient = (float)(Reduce.Sum(result, default(Itself)) / Size);
        float meanOfProduct = (float)(Reduce.Sum(x, result, new NormalizedTimesGradient(normalized)) / Size);
        Elementwise.Map(x, result, result, new InputGradient(normalized, meanOfGradient, meanOfProduct));
    }

    // A block of rows of a forward pass, and of what it stores if it is one of training.
    private readonly struct ForwardRows(LayerNorm layer, Matrix input, Matrix output, Matrix remembered, int blocks) : IBlockWork
    {
        public void Run(int block)
        {
            for (int row = Start(input.Rows, block, blocks); row < Start(input.Rows, block + 1, blocks); row++)
            {
                Normalized normalized = layer.Measure(input.Row(row));
                layer.NormalizeRow(input.Row(row), output.Row(row), normalized);
                if (!remembered.IsEmpty) normalized.CopyTo(remembered.Row(row));
            }
        }
    }

    // A block of rows of a backward pass. If it is the only one, it adds to γ̄ while a row is in the cache.
    private readonly struct BackwardRows(
        LayerNorm layer, Matrix input, Matrix outputGradient, Matrix inputGradient, Matrix remembered, int blocks, bool addsWeightGradient) : IBlockWork
    {
        public void Run(int block)
        {
            for (int row = Start(input.Rows, block, blocks); row < Start(input.Rows, block + 1, blocks); row++)
            {
                ReadOnlySpan<float> x = input.Row(row), upstream = outputGradient.Row(row);
                var normalized = new Normalized(remembered.Row(row));
                if (addsWeightGradient) Reduce.AddColumnSums(x, new Whole(upstream), layer._weightGradient.AsSpan(), new NormalizedTimesGradient(normalized));
                if (!inputGradient.IsEmpty) layer.BackwardRow(x, upstream, inputGradient.Row(row), normalized);
            }
        }
    }

    // γ̄ of a block of columns, as threads never divide a sum.
    private readonly struct GradientColumns(double[] sums, Matrix input, Matrix outputGradient, Matrix remembered, int blocks) : IBlockWork
    {
        public void Run(int block)
        {
            Range columns = Start(sums.Length, block, blocks)..Start(sums.Length, block + 1, blocks);
            for (int row = 0; row < input.Rows; row++)
            {
                var formula = new NormalizedTimesGradient(new Normalized(remembered.Row(row)));
                Reduce.AddColumnSums(input.Row(row)[columns], new Whole(outputGradient.Row(row)[columns]), sums.AsSpan(columns), formula);
            }
        }
    }

    // (x − m)², m the mean as a float.
    private readonly struct SquaredDeviation(float mean) : IMap1
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap1.Apply<TLanes>(TLanes x) => (x - mean) * (x - mean);
    }

    // x̂ = (x − mean)·inverse + rest: the mean is a float, and rest makes up for its rounding.
    private readonly struct Normalized(float mean, float inverse, float rest) : IMap1
    {
        public readonly float Inverse = inverse;

        public Normalized(ReadOnlySpan<float> values) : this(values[0], values[1], values[2])
        {
        }

        public void CopyTo(Span<float> values) => (values[0], values[1], values[2]) = (mean, Inverse, rest);

        [MethodImpl(Jit.Inline)]
        public TLanes Apply<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes> => TLanes.MultiplyAdd(x - mean, Inverse, rest);
    }

    // γ·x̂ + β
    private readonly struct ScaledAndShifted(Normalized normalized) : IMap3
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap3.Apply<TLanes>(TLanes x, TLanes weight, TLanes bias) => TLanes.MultiplyAdd(normalized.Apply(x), weight, bias);
    }

    // x̂·ȳ
    private readonly struct NormalizedTimesGradient(Normalized normalized) : IMap2
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap2.Apply<TLanes>(TLanes x, TLanes gradient) => normalized.Apply(x) * gradient;
    }

    // inverse·(g − mean of g − x̂·mean of g·x̂)
    private readonly struct InputGradient(Normalized normalized, float meanOfGradient, float meanOfProduct) : IMap2
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap2.Apply<TLanes>(TLanes x, TLanes gradient) =>
            normalized.Inverse * (gradient - meanOfGradient - (normalized.Apply(x) * meanOfProduct));
    }
}
