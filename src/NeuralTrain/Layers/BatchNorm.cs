using System.Buffers;
using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// Batch normalisation: brings each feature to mean 0 and variance 1 over the batch, then scales and shifts it.
/// </summary>
/// <remarks>
/// <code>
/// forward   μ = 1/N·Σ x,  σ² = 1/N·Σ (x − μ)²,  x̂ = (x − μ)/√(σ² + ε),  y = γ·x̂ + β        per feature, sums over the rows
/// backward  β̄ += Σ ȳ,  γ̄ += Σ ȳ·x̂,  x̄ = γ/√(σ² + ε)·(ȳ − 1/N·Σ ȳ − x̂·1/N·Σ ȳ·x̂)
/// infer     y = γ·(x − running mean)/√(running variance + ε) + β
/// running   := (1 − r)·running + r·batch,   the variance with N/(N − 1)
/// </code>
/// <para>
/// x, y <c>[batch × size]</c>; γ <c>weight</c>, β <c>bias</c>, <c>running_mean</c> and <c>running_var</c> <c>[size]</c>, named as in
/// PyTorch's <c>nn.BatchNorm1d</c> (Keras: <c>gamma</c>, <c>beta</c>, <c>moving_mean</c>, <c>moving_variance</c>). Source: Ioffe and
/// Szegedy 2015, algorithms 1 and 2. Defaults ε 1e-5 and r 0.1 as in PyTorch, whose <c>momentum</c> is the same r; Keras' momentum is
/// 1 − r (0.99), its ε 1e-3, and its running variance the biased one.
/// </para>
/// <para>
/// The order of the layers in the container decides whether it works before or after the activation. A <see cref="Linear"/> directly before it
/// needs no bias, since β has the same effect. Prediction uses the running statistics, or, better, those of the whole
/// training data after a call of <see cref="Layer.Recalibrate(Matrix)"/>. While <see cref="Layer.IsFrozen"/>, training
/// passes use the running statistics too, and do not change them.
/// </para>
/// </remarks>
public sealed class BatchNorm : Normalization
{
    // The statistics of the last forward pass: μ as a float and its rounding rest, and 1/√(σ² + ε).
    private float[] _mean = [];
    private double[] _meanRest = [], _inverse = [];
    private bool _usedBatch;

    // Scratch: sums over the rows, and coefficients per feature.
    private double[] _sums = [], _products = [];
    private float[] _scale = [], _shift = [], _slope = [];

    /// <summary>Creates the layer with γ = 1, β = 0, running mean 0 and running variance 1.</summary>
    /// <param name="size">Number of features (columns), 1 or more.</param>
    /// <param name="scaleAndShift">Whether to learn γ and β. Default true.</param>
    /// <param name="epsilon">ε, which keeps the division finite for a constant feature. Default 1e-5.</param>
    /// <param name="runningAverageRate">r, the weight of the newest batch in the running statistics, in (0, 1]. Default 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public BatchNorm(int size, bool scaleAndShift = true, double epsilon = 1e-5, double runningAverageRate = 0.1)
        : base(
            Guard.AtLeast(size, 1, nameof(size), "there is one mean and one variance for each column"), scaleAndShift, epsilon,
            Parameter.Statistic("running_mean", size), Parameter.Statistic("running_var", size, 1, ValueRange.NotNegative)) =>
        (RunningAverageRate, RunningMean, RunningVariance) = (runningAverageRate, Parameters[^2], Parameters[^1]);

    /// <summary>The running mean of each feature, used in prediction, <c>[size]</c>.</summary>
    public Parameter RunningMean { get; }

    /// <summary>The running variance of each feature, used in prediction, <c>[size]</c>.</summary>
    public Parameter RunningVariance { get; }

    /// <summary>r, the weight of the newest batch in the running statistics; 1 keeps only the last batch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number outside (0, 1].</exception>
    public double RunningAverageRate
    {
        get;
        set => field = Guard.InOpenClosed(
            value, 0, 1, nameof(RunningAverageRate),
            "It is the weight of the newest batch (PyTorch's momentum); 0.1 is usual. To keep the statistics unchanged, freeze the layer.");
    }

    /// <inheritdoc/>
    public override bool NeedsSeveralRows => !IsFrozen;

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, Size, Size);
        float[] rented = ArrayPool<float>.Shared.Rent(2 * Size);
        Span<float> scale = rented.AsSpan(0, Size);
        Span<float> shift = rented.AsSpan(Size, Size);
        for (int i = 0; i < Size; i++)
        {
            scale[i] = (float)(Gamma(i) / Math.Sqrt(RunningVariance.Value.Span[i] + Epsilon));
            shift[i] = (float)Beta(i);
        }

        Elementwise.Map(
            input.Span, new PerColumn(RunningMean.Value.Span), new PerColumn(scale), new PerColumn(shift), output.Span, default(Normalize));
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The batch has a single row (unless the layer is frozen), or a matrix has the wrong shape.</exception>
    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, Size, Size);
        TakeMemory();
        _usedBatch = !IsFrozen;
        if (_usedBatch)
        {
            Measure(input);
            UpdateRunning(input.Rows, RunningAverageRate);
        }
        else
        {
            RunningMean.Value.Span.CopyTo(_mean);
            Array.Clear(_meanRest);
        }

        for (int i = 0; i < Size; i++)
        {
            // γ·(x − m − rest)/√(σ² + ε) + β; squares that overflow become NaN, which the loss reports, rather than a column of zeros, which would go unnoticed.
            double variance = _usedBatch ? _products[i] : RunningVariance.Value.Span[i];
            _inverse[i] = double.IsFinite(variance) ? 1 / Math.Sqrt(variance + Epsilon) : double.NaN;
            double scale = Gamma(i) * _inverse[i];
            _scale[i] = (float)scale;
            _shift[i] = (float)(Beta(i) - (scale * _meanRest[i]));
        }

        Elementwise.Map(
            input.Span, new PerColumn(_mean), new PerColumn(_scale), new PerColumn(_shift), output.Span, default(Normalize));
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, Size, Size);
        bool learns = Weight is { IsTrainable: true } || Bias is { IsTrainable: true };
        if (learns || (_usedBatch && !inputGradient.IsEmpty))
        {
            SumGradients(input, outputGradient);
            AddGradient(_products, Weight);
            AddGradient(_sums, Bias);
        }

        if (inputGradient.IsEmpty) return;

        for (int i = 0; i < Size; i++)
        {
            // With a = γ/√(σ² + ε), x̂ = (x − m − rest)/√(σ² + ε), the means g = 1/N·Σ ȳ and h = 1/N·Σ ȳ·x̂:
            // x̄ = a·(ȳ − g − x̂·h) = a·ȳ − slope·(x − m) − shift. Running statistics do not depend on the input: there g and h are 0.
            double a = Gamma(i) * _inverse[i];
            (double g, double h) = _usedBatch ? (_sums[i] / input.Rows, _products[i] / input.Rows) : (0, 0);
            double slope = a * _inverse[i] * h;
            _scale[i] = (float)a;
            _slope[i] = (float)slope;
            _shift[i] = (float)((a * g) - (slope * _meanRest[i]));
        }

        Elementwise.Map(
            input.Span, new Whole(outputGradient.Span),
            new PerColumn(_mean), new PerColumn(_scale), new PerColumn(_slope), new PerColumn(_shift),
            inputGradient.Span, default(InputGradient));
    }

    /// <inheritdoc/>
    /// <remarks>The input is this layer's input for all the training data. A frozen layer keeps its statistics.</remarks>
    /// <exception cref="NotFiniteNumberException">A value is NaN or infinite, or so large that its square is; the statistics stay.</exception>
    public override void Recalibrate(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, Size, Size);
        if (!IsFrozen)
        {
            TakeMemory();
            Measure(input);
            int wrong = Array.FindIndex(_products, variance => !double.IsFinite(variance));
            if (wrong >= 0) throw new NotFiniteNumberException($"{this} cannot measure column {wrong}, whose variance is {_products[wrong]}: values are NaN, infinite or too large for float32. Its statistics stay as they are; leave such rows out, or scale the inputs.", _products[wrong]);
            UpdateRunning(input.Rows, rate: 1);
        }

        Infer(input, output);
    }

    /// <inheritdoc/>
    protected override void Describe(Settings settings)
    {
        base.Describe(settings);
        settings.Set("runningAverageRate", RunningAverageRate);
    }

    // In the first pass, not before: a file that claims a wide layer must not cause memory to be allocated.
    private void TakeMemory()
    {
        if (_mean.Length == Size) return;
        (_meanRest, _inverse, _sums, _products) = (new double[Size], new double[Size], new double[Size], new double[Size]);
        (_mean, _scale, _shift, _slope) = (new float[Size], new float[Size], new float[Size], new float[Size]);
    }

    private double Gamma(int i) => Weight is null ? 1 : Weight.Value.Span[i];

    private double Beta(int i) => Bias is null ? 0 : Bias.Value.Span[i];

    // Σ ȳ into _sums, Σ ȳ·x̂ into _products.
    private void SumGradients(Matrix input, Matrix outputGradient)
    {
        Array.Clear(_sums);
        Array.Clear(_products);
        Reduce.AddColumnSums(outputGradient.Span, _sums.AsSpan(), default(Itself));
        Reduce.AddColumnSums(
            input.Span, new Whole(outputGradient.Span), new PerColumn(_mean), _products.AsSpan(), default(DeviationTimesGradient));
        for (int i = 0; i < Size; i++) _products[i] = _inverse[i] * (_products[i] - (_meanRest[i] * _sums[i]));
    }

    // The mean of each feature into _mean and _meanRest, the biased variance into _products.
    private void Measure(Matrix input)
    {
        if (input.Rows == 1)
        {
            throw new ArgumentException(
                $"{this} expects training batches of 2 or more rows, received 1, whose variance is 0. Use larger batches (leave out a last batch of one row), freeze the layer, or use LayerNorm.", nameof(input));
        }

        Array.Clear(_sums);
        Reduce.AddColumnSums(input.Span, _sums.AsSpan(), default(Itself));
        for (int i = 0; i < Size; i++)
        {
            double mean = _sums[i] / input.Rows;
            _mean[i] = (float)mean;
            _meanRest[i] = mean - _mean[i];
        }

        // Around the float next to the mean instead of the mean: Σ(x − μ)² = Σ(x − m)² − N·(μ − m)².
        Array.Clear(_products);
        Reduce.AddColumnSums(input.Span, new PerColumn(_mean), _products.AsSpan(), default(SquaredDeviation));
        for (int i = 0; i < Size; i++) _products[i] = Math.Max(0, (_products[i] / input.Rows) - (_meanRest[i] * _meanRest[i]));
    }

    private void UpdateRunning(int rows, double rate)
    {
        Span<float> runningMean = RunningMean.Value.Span;
        Span<float> runningVariance = RunningVariance.Value.Span;
        double unbiased = rows / (rows - 1.0);
        for (int i = 0; i < Size; i++)
        {
            double mean = _mean[i] + _meanRest[i];
            double variance = _products[i] * unbiased;

            // A diverged batch is reported by the loss, which promises that nothing was changed: it must not spoil the statistics.
            if (double.IsFinite(mean) && double.IsFinite(variance))
            {
                runningMean[i] = (float)(((1 - rate) * runningMean[i]) + (rate * mean));
                runningVariance[i] = (float)(((1 - rate) * runningVariance[i]) + (rate * variance));
            }
        }
    }

    // (x − m)², m the mean as a float.
    private readonly struct SquaredDeviation : IMap2
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap2.Apply<TLanes>(TLanes x, TLanes mean) => (x - mean) * (x - mean);
    }

    // (x − m)·ȳ
    private readonly struct DeviationTimesGradient : IMap3
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap3.Apply<TLanes>(TLanes x, TLanes outputGradient, TLanes mean) => (x - mean) * outputGradient;
    }

    // (x − m)·scale + shift
    private readonly struct Normalize : IMap4
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap4.Apply<TLanes>(TLanes x, TLanes mean, TLanes scale, TLanes shift) => TLanes.MultiplyAdd(x - mean, scale, shift);
    }

    // scale·ȳ − slope·(x − m) − shift
    private readonly struct InputGradient : IMap6
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap6.Apply<TLanes>(TLanes x, TLanes outputGradient, TLanes mean, TLanes scale, TLanes slope, TLanes shift) =>
            TLanes.MultiplyAdd(scale, outputGradient, -TLanes.MultiplyAdd(slope, x - mean, shift));
    }
}
