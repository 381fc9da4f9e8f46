using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The formulas per value of <see cref="LayerNorm"/>, for one row: x̂ = (x − mean)·inverse + rest.</summary>
internal static class LayerNormFormulas
{
    /// <summary>(x − m)², m the mean as a float.</summary>
    internal readonly struct SquaredDeviation(float mean) : IMap1
    {
        private readonly float _mean = mean;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes deviation = x - _mean;
            return deviation * deviation;
        }
    }

    /// <summary>x̂.</summary>
    internal readonly struct Normalized(float mean, float inverse, float rest) : IMap1
    {
        private readonly float _mean = mean;
        private readonly float _inverse = inverse;
        private readonly float _rest = rest;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.MultiplyAdd(x - _mean, _inverse, _rest);
    }

    /// <summary>γ·x̂ + β.</summary>
    internal readonly struct ScaledAndShifted(float mean, float inverse, float rest) : IMap3
    {
        private readonly Normalized _normalized = new(mean, inverse, rest);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes weight, TLanes bias)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.MultiplyAdd(_normalized.Apply(x), weight, bias);
    }

    /// <summary>x̂·ȳ.</summary>
    internal readonly struct NormalizedTimesGradient(float mean, float inverse, float rest) : IMap2
    {
        private readonly Normalized _normalized = new(mean, inverse, rest);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes gradient)
            where TLanes : unmanaged, ILanes<TLanes> => _normalized.Apply(x) * gradient;
    }

    /// <summary>inverse·(g − mean of g − x̂·mean of g·x̂).</summary>
    internal readonly struct InputGradient(float mean, float inverse, float rest, float meanOfGradient, float meanOfProduct) : IMap2
    {
        private readonly Normalized _normalized = new(mean, inverse, rest);
        private readonly float _inverse = inverse;
        private readonly float _meanOfGradient = meanOfGradient;
        private readonly float _meanOfProduct = meanOfProduct;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes gradient)
            where TLanes : unmanaged, ILanes<TLanes> =>
            _inverse * (gradient - _meanOfGradient - (_normalized.Apply(x) * _meanOfProduct));
    }
}
