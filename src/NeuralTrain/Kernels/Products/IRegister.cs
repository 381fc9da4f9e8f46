using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>
/// The few operations the product kernels need of a vector register, so that a kernel is written once for every width.
/// The implementations are stateless; the compiler resolves every call and nothing of the abstraction is left in the loop.
/// </summary>
/// <typeparam name="TVector">The register: a hardware vector of floats, or a single float.</typeparam>
internal unsafe interface IRegister<TVector>
    where TVector : unmanaged
{
    /// <summary>Floats in one register.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of the tallest tile whose accumulators (two registers a row) still fit the register file.</summary>
    static abstract int MaxRows { get; }

    /// <summary>Whether a multiply-add can read one value and broadcast it, in one instruction.</summary>
    static abstract bool EmbedsBroadcasts { get; }

    /// <summary>Reads <see cref="Count"/> floats from any address.</summary>
    static abstract TVector Load(float* source);

    /// <summary>Writes <see cref="Count"/> floats to any address.</summary>
    static abstract void Store(float* target, TVector value);

    /// <summary>Reads the first <paramref name="count"/> floats and nothing beyond; the other lanes are zero.</summary>
    static abstract TVector LoadFirst(float* source, int count);

    /// <summary>Writes the first <paramref name="count"/> lanes and nothing beyond.</summary>
    static abstract void StoreFirst(float* target, TVector value, int count);

    /// <summary>The same value in every lane.</summary>
    static abstract TVector Broadcast(float value);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a·b + c, fused (rounded once) where the hardware has it.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The sums of the lanes of four registers, each in the same fixed order.</summary>
    static abstract Vector128<float> Sums(TVector a, TVector b, TVector c, TVector d);
}

/// <summary>One float: the kernels without any vector hardware, where emulated vectors would be many times slower.</summary>
internal readonly unsafe struct Register1 : IRegister<float>
{
    public static int Count => 1;

    public static int MaxRows => 6;

    public static bool EmbedsBroadcasts => false;

    [MethodImpl(Jit.Inline)]
    public static float Load(float* source) => *source;

    [MethodImpl(Jit.Inline)]
    public static void Store(float* target, float value) => *target = value;

    [MethodImpl(Jit.Inline)]
    public static float LoadFirst(float* source, int count) => count > 0 ? *source : 0f;

    [MethodImpl(Jit.Inline)]
    public static void StoreFirst(float* target, float value, int count)
    {
        if (count > 0) *target = value;
    }

    [MethodImpl(Jit.Inline)]
    public static float Broadcast(float value) => value;

    [MethodImpl(Jit.Inline)]
    public static float Add(float a, float b) => a + b;

    [MethodImpl(Jit.Inline)]
    public static float MultiplyAdd(float a, float b, float c) => float.MultiplyAddEstimate(a, b, c);

    [MethodImpl(Jit.Inline)]
    public static Vector128<float> Sums(float a, float b, float c, float d) => Vector128.Create(a, b, c, d);
}
