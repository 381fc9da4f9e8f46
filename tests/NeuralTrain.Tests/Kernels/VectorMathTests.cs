using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

/// <summary>The functions of VectorMath against double references over the whole range of floats, at every width.</summary>
public sealed unsafe class VectorMathTests
{
    /// <summary>A prime, so that all mantissas and exponents are met: 4.2 million values a function.</summary>
    private const int Stride = 1009;

    private static readonly float[] Specials =
    [
        0f, -0f, 1f, -1f, 0.5f, 2f, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue,
        1.17549435e-38f, -1.17549435e-38f, 88.72283f, -87.33654f, -103.97208f, -104f, 89f, 0.34657359f, -0.34657359f,
        0.55f, -0.55f, 0.9f, -0.9f, 4f, 4.1f, -17.32868f, -30f, 1.41421356f, 0.70710678f, 0.41421356f, -0.29289322f,
        16777216f, 9.01f, 100f, -100f, 1e4f, -1e4f, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    [Fact]
    public void Exp_is_within_one_and_a_quarter_ulp_of_the_exact_value() => Check<ExpFormula>(Math.Exp, 1.25);

    [Fact]
    public void ExpM1_is_within_two_ulp_of_the_exact_value() => Check<ExpM1Formula>(MathReference.ExpM1, 2.0);

    [Fact]
    public void Log_is_within_one_ulp_of_the_exact_value() => Check<LogFormula>(Math.Log, 1.0);

    [Fact]
    public void Sigmoid_is_within_two_ulp_of_the_exact_value() => Check<SigmoidFormula>(MathReference.Sigmoid, 2.0);

    [Fact]
    public void Tanh_is_within_two_ulp_of_the_exact_value() => Check<TanhFormula>(Math.Tanh, 2.0);

    [Fact]
    public void Softplus_is_within_two_ulp_of_the_exact_value() => Check<SoftplusFormula>(MathReference.Softplus, 2.0);

    [Fact]
    public void Erf_is_within_two_ulp_of_the_exact_value() => Check<ErfFormula>(MathReference.Erf, 2.0);

    [Fact]
    public void The_ends_are_exact()
    {
        Run<ExpFormula, Lanes512>([0f, -0f, 89f, -104f, float.PositiveInfinity, float.NegativeInfinity])
            .Should().Equal(1, 1, float.PositiveInfinity, 0, float.PositiveInfinity, 0);
        Run<SigmoidFormula, Lanes512>([0f, 100f, -200f, float.PositiveInfinity, float.NegativeInfinity])
            .Should().Equal(0.5f, 1, 0, 1, 0);
        Run<SigmoidFormula, Lanes512>([-100f])[0].Should().Be((float)Math.Exp(-100), "it is a subnormal, not 0");
        Run<TanhFormula, Lanes512>([0f, 20f, -20f, float.PositiveInfinity, float.NegativeInfinity]).Should().Equal(0, 1, -1, 1, -1);
        Run<LogFormula, Lanes512>([1f, 0f, -0f, float.PositiveInfinity])
            .Should().Equal(0, float.NegativeInfinity, float.NegativeInfinity, float.PositiveInfinity);
        Run<LogFormula, Lanes512>([-1f, float.NegativeInfinity, float.NaN]).Should().OnlyContain(y => float.IsNaN(y));
        Run<ErfFormula, Lanes512>([0f, 4.5f, -4.5f, float.PositiveInfinity, float.NegativeInfinity]).Should().Equal(0, 1, -1, 1, -1);

        // Odd functions, and those through the origin, keep the sign of zero.
        foreach (float[] y in (float[][])[
            Run<TanhFormula, Lanes512>([-0f]), Run<ErfFormula, Lanes512>([-0f]), Run<ExpM1Formula, Lanes512>([-0f])])
        {
            BitConverter.SingleToUInt32Bits(y[0]).Should().Be(0x80000000);
        }
    }

    private static void Check<TFormula>(Func<double, double> reference, double bound)
        where TFormula : unmanaged, IMap1
    {
        float[] x = Inputs();
        float[] y128 = Run<TFormula, Lanes128>(x);
        float[] y256 = Run<TFormula, Lanes256>(x);
        float[] y512 = Run<TFormula, Lanes512>(x);
        Guarded.Bits(y128).AsSpan().SequenceEqual(Guarded.Bits(y256)).Should().BeTrue("the widths compute the same");
        Guarded.Bits(y128).AsSpan().SequenceEqual(Guarded.Bits(y512)).Should().BeTrue("the widths compute the same");
        double worst = 0;
        float worstAt = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double exact = reference(x[i]);
            double error = Ulp.Error(y128[i], exact);
            if (error > worst)
            {
                worst = error;
                worstAt = x[i];
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{typeof(TFormula).Name}: {worst:F3} ulp at {worstAt:R}");
        worst.Should().BeLessThanOrEqualTo(bound, "that is the stated accuracy; the worst was at {0:R}", worstAt);
    }

    private static float[] Run<TFormula, TLanes>(float[] x)
        where TFormula : unmanaged, IMap1
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var y = new float[x.Length];
        fixed (float* px = x, py = y)
        {
            ElementLoop.RunElements<MapBody<Value1<TFormula>>, TLanes>(
                new MapBody<Value1<TFormula>>(new Value1<TFormula>(px, default), py), 0, x.Length);
        }

        // Which NaN comes out of two is the processor's choice: one stands for all in comparisons of bits.
        return Array.ConvertAll(y, value => float.IsNaN(value) ? float.NaN : value);
    }

    private static float[] Inputs()
    {
        var values = new List<float>();
        for (long bits = 0; bits <= uint.MaxValue; bits += Stride)
        {
            values.Add(BitConverter.UInt32BitsToSingle((uint)bits));
        }

        // Neighbours of the places where a formula changes its ways.
        foreach (float special in Specials)
        {
            uint centre = BitConverter.SingleToUInt32Bits(special);
            for (int d = -200; d <= 200; d++)
            {
                values.Add(BitConverter.UInt32BitsToSingle(unchecked(centre + (uint)d)));
            }
        }

        return [.. values];
    }

    private readonly struct ExpFormula : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Exp(x);
    }

    private readonly struct ExpM1Formula : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.ExpM1(x);
    }

    private readonly struct LogFormula : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Log(x);
    }

    private readonly struct SigmoidFormula : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Sigmoid(x);
    }

    private readonly struct TanhFormula : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Tanh(x);
    }

    private readonly struct SoftplusFormula : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Softplus(x);
    }

    private readonly struct ErfFormula : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Erf(x);
    }
}
