using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <content>Norms, limits, and the formulas of clipping, L1 and averages.</content>
public abstract partial class Optimizer
{
    /// <summary>Σw², accumulated in double; finite exactly if all values are.</summary>
    internal static double SquaredNorm(ReadOnlySpan<float> values)
    {
        double sum = Reduce.Sum(values, default(Square));
        if (double.IsFinite(sum)) return sum;

        // The kernel squares in float, which overflows beyond 1.8e19: exploding gradients, which clipping is meant for, reach that.
        sum = 0;
        foreach (float value in values) sum += (double)value * value;
        return sum;
    }

    // In double no sum of squares of floats overflows: the norm is finite exactly if every gradient is.
    private double GradientNorm()
    {
        double sum = 0;
        foreach ((string path, Parameter parameter) in _parameters)
        {
            double square = parameter.IsTrainable ? SquaredNorm(parameter.Gradient.Span) : 0;
            if (!double.IsFinite(square))
            {
                throw new NotFiniteNumberException(
                    $"The gradient of '{path}' is not finite, so it has no norm to clip; no parameter was changed. Lower the learning rate, look at the data, or run GradientCheck of NeuralTrain.Diagnostics.", square);
            }

            sum += square;
        }

        return Math.Sqrt(sum);
    }

    // Before the rule.
    [MethodImpl(Jit.Cold)]
    private void Limit(Parameter parameter)
    {
        var clipping = new Clipping(
            ClipNorm is double limit && LastGradientNorm > limit ? (float)(limit / LastGradientNorm.Value) : 1, (float)(ClipValue ?? double.PositiveInfinity));
        if (clipping.IsNeeded) Elementwise.Map(parameter.Gradient.Span, parameter.Gradient.Span, clipping);
        if (L1 > 0 && Regularizes(parameter)) Elementwise.Map(parameter.Gradient.Span, parameter.Value.Span, parameter.Gradient.Span, new SignGradient((float)L1));
    }

    // After the rule.
    [MethodImpl(Jit.Cold)]
    private void Conclude(Parameter parameter, int i)
    {
        if (MaxNorm is double most && parameter.IsRegularized && parameter.Shape.Count == 2) LimitRows(parameter.Value, most);
        MoveAverage(parameter, i);
    }

    // For a frozen parameter too: when it is trained again, those steps count.
    private void MoveAverage(Parameter parameter, int i)
    {
        if (Average?.WeightAt(StepCount) is double weight && State.Arrays[i] is [.., float[] mean]) Elementwise.Map(mean, parameter.Value.Span, mean, new Blend((float)weight));
    }

    private static void LimitRows(Matrix weights, double most)
    {
        for (int row = 0; row < weights.Rows; row++)
        {
            double norm = Math.Sqrt(SquaredNorm(weights.Row(row)));
            if (norm > most) TensorPrimitives.Multiply(weights.Row(row), (float)(most / norm), weights.Row(row));
        }
    }

    /// <summary>g := min(max(scale·g, −bound), bound).</summary>
    private readonly struct Clipping(float scale, float bound) : IMap1
    {
        public bool IsNeeded => scale < 1 || bound < float.PositiveInfinity;

        [MethodImpl(Jit.Inline)]
        TLanes IMap1.Apply<TLanes>(TLanes gradient) => TLanes.AtMost(TLanes.AtLeast(scale * gradient, -bound), bound);
    }

    /// <summary>θ̄ + w(θ − θ̄), exactly θ for w = 1.</summary>
    private readonly struct Blend(float weight) : IMap2
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap2.Apply<TLanes>(TLanes mean, TLanes value) => weight == 1 ? value : mean + (weight * (value - mean));
    }

    /// <summary>g + λ₁·sign(w).</summary>
    private readonly struct SignGradient(float strength) : IMap2
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap2.Apply<TLanes>(TLanes gradient, TLanes value) =>
            gradient + TLanes.Select(TLanes.AreEqual(value, TLanes.Zero), TLanes.Zero, TLanes.CopySign(strength, value));
    }

    private readonly struct Magnitude : IMap1
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap1.Apply<TLanes>(TLanes x) => TLanes.Abs(x);
    }

    private readonly struct Square : IMap1
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap1.Apply<TLanes>(TLanes x) => x * x;
    }
}
