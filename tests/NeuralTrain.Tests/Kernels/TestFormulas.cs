using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

/// <summary>Formulas in which every operand matters, with transcendental parts whose last bits a wrong path would change.</summary>
internal static class TestFormulas
{
    internal readonly struct One(float a) : IMap1
    {
        private readonly float _a = a;

        public static int ParallelThreshold => 1000;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => (_a * VectorMath.Tanh(x)) + VectorMath.Exp(x);
    }

    internal readonly struct Two : IMap2
    {
        public static int ParallelThreshold => 1000;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes y)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Sigmoid(x) / (2 + (y * y));
    }

    internal readonly struct Three : IMap3
    {
        public static int ParallelThreshold => 1000;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes y, TLanes z)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.Select(x > y, VectorMath.ExpM1(z), x - (3 * z));
    }

    internal readonly struct Four : IMap4
    {
        public static int ParallelThreshold => 1000;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes y, TLanes z, TLanes w)
            where TLanes : unmanaged, ILanes<TLanes> => (x * z) + (y / (1 + TLanes.Abs(w)));
    }

    internal readonly struct Six : IMap6
    {
        public static int ParallelThreshold => 1000;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes y, TLanes z, TLanes w, TLanes v, TLanes u)
            where TLanes : unmanaged, ILanes<TLanes> => (x * z) + (y * w) + (v / (1 + TLanes.Abs(u)));
    }

    internal readonly struct Update0(float rate) : IUpdate0
    {
        private readonly float _rate = rate;

        public static int ParallelThreshold => 1000;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<TLanes>(ref TLanes value, TLanes gradient)
            where TLanes : unmanaged, ILanes<TLanes> => value -= _rate * gradient;
    }

    internal readonly struct Update1(float rate) : IUpdate1
    {
        private readonly float _rate = rate;

        public static int ParallelThreshold => 1000;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<TLanes>(ref TLanes value, TLanes gradient, ref TLanes state)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            state = (0.9f * state) - (_rate * gradient);
            value += state;
        }
    }

    internal readonly struct Update2(float rate) : IUpdate2
    {
        private readonly float _rate = rate;

        public static int ParallelThreshold => 1000;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<TLanes>(ref TLanes value, TLanes gradient, ref TLanes state1, ref TLanes state2)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            state1 = (0.9f * state1) + (0.1f * gradient);
            state2 = (0.99f * TLanes.Abs(state2)) + (0.01f * gradient * gradient);
            value -= _rate * state1 / (TLanes.Sqrt(state2) + 1e-8f);
        }
    }

    internal readonly struct Loss : ILossMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes prediction, TLanes target, out TLanes gradient)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes error = prediction - target;
            gradient = 2 * error;
            return (error * error) + 1;
        }
    }

    /// <summary>1 whatever the operands: sums of it count how often the formula was applied.</summary>
    internal readonly struct Count : IMap1, IMap2, IMap3, IMap4
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.One;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes y)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.One;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes y, TLanes z)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.One;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x, TLanes y, TLanes z, TLanes w)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.One;
    }
}
