using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// Brings each feature to a common scale, measured once on the training data. It is a layer like any other, so it is saved with the model.
/// </summary>
/// <remarks>
/// <code>
/// forward   y = (x − shift)/scale          inverse   y = x·scale + shift          per feature
/// backward  x̄ = ȳ/scale                              x̄ = ȳ·scale
/// standard score   shift = mean, scale = standard deviation (of all rows, divided by N as in scikit-learn's StandardScaler)
/// range            scale = (max − min)/(high − low), shift = min − low·scale: the training data fill [low, high]
/// </code>
/// x, y <c>[batch × size]</c>; <c>shift</c> and <c>scale</c> <c>[size]</c>, both statistics that no optimizer touches. A column that is constant in the
/// training data gets scale 1, so that it becomes 0 (or low). Fit it on the training part only: statistics of test data leak into the result. Sums run in double.
/// Keras: <c>Normalization</c> with <c>adapt</c>; PyTorch has none.
/// <para>
/// For a regression, fit one on the targets, train on <c>targets</c> passed through it, and put its <see cref="Inverse"/> after the
/// network, so that predictions are in the units of the data: <c>new Sequential(network, outputs.Inverse())</c>.
/// </para>
/// </remarks>
public sealed class Standardization : Layer
{
    /// <summary>Creates the layer with shift 0 and scale 1, which changes nothing; set them by hand, or use <see cref="Fit(Matrix)"/>.</summary>
    /// <param name="size">Number of features (columns), 1 or more.</param>
    /// <param name="isInverse">Whether it converts from the common scale back to the units of the data. Default false.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public Standardization(int size, bool isInverse = false)
        : base(
            Guard.AtLeast(size, 1, nameof(size), "there is one shift and one scale for each column"),
            Parameter.Statistic("shift", size), Parameter.Statistic("scale", size, 1, isInverse ? ValueRange.Finite : ValueRange.NotZero)) =>
        (IsInverse, Shift, Scale) = (isInverse, Parameters[0], Parameters[1]);

    /// <summary>The value subtracted from each feature, <c>[size]</c>.</summary>
    public Parameter Shift { get; }

    /// <summary>The divisor of each feature, <c>[size]</c>; never 0, unless the layer is an inverse that multiplies.</summary>
    public Parameter Scale { get; }

    /// <summary>Whether it converts from the common scale back to the units of the data.</summary>
    public bool IsInverse { get; }

    private int Size => Shift.Shape[0];

    /// <summary>The standard score: each feature gets mean 0 and standard deviation 1 over these rows.</summary>
    /// <param name="data">The training rows, <c>train.Inputs</c>, never the test data.</param>
    /// <exception cref="ArgumentException">There are no rows, or a value is not finite; the message says which.</exception>
    public static Standardization Fit(Matrix data) => new ColumnMoments(data.Columns).Add(data).StandardScore();

    /// <summary>A common range: each feature of these rows fills [low, high], up to rounding. Other data may lie outside.</summary>
    /// <param name="data">The training rows, <c>train.Inputs</c>, never the test data.</param>
    /// <param name="low">The lower bound, usually 0.</param>
    /// <param name="high">The upper bound, greater than <paramref name="low"/>, usually 1.</param>
    /// <exception cref="ArgumentException">There are no rows, or a value is not finite; the message says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or not finite.</exception>
    public static Standardization FitMinMax(Matrix data, double low, double high) => new ColumnMoments(data.Columns).Add(data).Range(low, high);

    /// <summary>A layer that undoes this one, with the same shift and scale.</summary>
    public Standardization Inverse()
    {
        var inverse = new Standardization(Size, !IsInverse);
        Shift.Value.CopyTo(inverse.Shift.Value);
        Scale.Value.CopyTo(inverse.Scale.Value);
        return inverse;
    }

    /// <summary>A matrix passed through the layer, into new memory.</summary>
    /// <param name="data">Rows of <see cref="Layer.InputSize"/> columns, such as the targets of a regression.</param>
    public Matrix Apply(Matrix data)
    {
        var result = new Matrix(data.Rows, data.Columns);
        Infer(data, result);
        return result;
    }

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, Size, Size);
        var shift = new PerColumn(Shift.Value.Span);
        var scale = new PerColumn(Scale.Value.Span);
        if (IsInverse)
        {
            Elementwise.Map(input.Span, shift, scale, output.Span, default(Back));
        }
        else
        {
            Elementwise.Map(input.Span, shift, scale, output.Span, default(There));
        }
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, Size, Size);
        if (inputGradient.IsEmpty) return;

        var scale = new PerColumn(Scale.Value.Span);
        if (IsInverse)
        {
            Elementwise.Map(outputGradient.Span, scale, inputGradient.Span, default(Product));
        }
        else
        {
            Elementwise.Map(outputGradient.Span, scale, inputGradient.Span, default(Quotient));
        }
    }

    private protected override string Details => IsInverse ? $"{Size}, inverse" : $"{Size}";

    /// <inheritdoc/>
    protected override void Describe(Settings settings)
    {
        settings.Set("size", Size);
        settings.Set("inverse", IsInverse);
    }

    /// <summary>(x − shift)/scale.</summary>
    private readonly struct There : IMap3
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap3.Apply<TLanes>(TLanes x, TLanes shift, TLanes scale) => (x - shift) / scale;
    }

    /// <summary>x·scale + shift.</summary>
    private readonly struct Back : IMap3
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap3.Apply<TLanes>(TLanes x, TLanes shift, TLanes scale) => TLanes.MultiplyAdd(x, scale, shift);
    }

    /// <summary>x/y.</summary>
    private readonly struct Quotient : IMap2
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap2.Apply<TLanes>(TLanes x, TLanes y) => x / y;
    }
}

/// <summary>
/// Mean, standard deviation and range of each column, measured row by row in double, so that rows may come in batches of any size (Welford's
/// recurrence: it loses no precision when the mean is large compared with the standard deviation).
/// </summary>
internal sealed class ColumnMoments
{
    private readonly double[] _mean, _squares;
    private readonly float[] _least, _greatest;
    private long _rows;

    public ColumnMoments(int columns)
    {
        (_mean, _squares, _least, _greatest) = (new double[columns], new double[columns], new float[columns], new float[columns]);
        Array.Fill(_least, float.PositiveInfinity);
        Array.Fill(_greatest, float.NegativeInfinity);
    }

    public Standardization StandardScore() => Layer(i => (_mean[i], Math.Sqrt(_squares[i] / _rows)));

    public Standardization Range(double low, double high)
    {
        if (!(double.IsFinite(low) && double.IsFinite(high) && low < high))
        {
            throw new ArgumentOutOfRangeException(nameof(high), $"The range must go from a finite number up to a greater one, received [{low}, {high}]. [0, 1] is usual.");
        }

        return Layer(i =>
        {
            double scale = ((double)_greatest[i] - _least[i]) / (high - low);
            scale = (float)scale == 0 ? 1 : scale;
            return (_least[i] - (low * scale), scale);
        });
    }

    private Standardization Layer(Func<int, (double Shift, double Scale)> column)
    {
        if (_rows == 0 || _mean.Length == 0) throw new ArgumentException("A standardization is fitted on at least one row and one column, and there are none.");
        var layer = new Standardization(_mean.Length);
        for (int i = 0; i < _mean.Length; i++)
        {
            (double shift, double scale) = column(i);
            (layer.Shift.Value.Span[i], layer.Scale.Value.Span[i]) = ((float)shift, (float)scale == 0 ? 1 : (float)scale);
            if (float.IsFinite((float)shift) && float.IsFinite((float)scale)) continue;
            throw new ArgumentException($"Column {i} needs the shift {shift} and the scale {scale}, beyond what a float holds. Convert its values to another unit first.");
        }

        return layer;
    }

    public ColumnMoments Add(Matrix rows)
    {
        for (int row = 0; row < rows.Rows; row++)
        {
            _rows++;
            double part = 1.0 / _rows;
            ReadOnlySpan<float> values = rows.Row(row);
            for (int i = 0; i < values.Length; i++)
            {
                float value = values[i];
                if (!float.IsFinite(value)) throw new ArgumentException($"A standardization is fitted on finite numbers, received {value} in row {_rows - 1}, column {i}. Correct the data.", nameof(rows));

                double distance = value - _mean[i];
                _mean[i] += distance * part;
                _squares[i] += distance * (value - _mean[i]);
                _least[i] = Math.Min(_least[i], value);
                _greatest[i] = Math.Max(_greatest[i], value);
            }
        }

        return this;
    }
}
