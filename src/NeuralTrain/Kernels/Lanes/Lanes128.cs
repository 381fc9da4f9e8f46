using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>Four floats: SSE and NEON, and the portable form everywhere else.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Lanes128>
{
    private readonly Vector128<float> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes128(Vector128<float> value) => _value = value;

    public static int Count => 4;

    public static Lanes128 Zero => new(Vector128<float>.Zero);

    public static Lanes128 One => new(Vector128.Create(1f));

    internal Vector128<float> Value => _value;

    private static Vector128<int> Indices => Vector128<int>.Indices;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Lanes128(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 left, Lanes128 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 left, Lanes128 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 left, Lanes128 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 left, Lanes128 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 value) => new(-value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator <(Lanes128 left, Lanes128 right) => new(Vector128.LessThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator >(Lanes128 left, Lanes128 right) => new(Vector128.GreaterThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator <=(Lanes128 left, Lanes128 right) =>
        new(Vector128.LessThanOrEqual(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator >=(Lanes128 left, Lanes128 right) =>
        new(Vector128.GreaterThanOrEqual(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AreEqual(Lanes128 left, Lanes128 right) => new(Vector128.Equals(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 IsNaN(Lanes128 value) => new(~Vector128.Equals(value._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator &(Lanes128 left, Lanes128 right) => new(left._value & right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator |(Lanes128 left, Lanes128 right) => new(left._value | right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator ^(Lanes128 left, Lanes128 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Select(Lanes128 mask, Lanes128 whenTrue, Lanes128 whenFalse) =>
        new(Vector128.ConditionalSelect(mask._value, whenTrue._value, whenFalse._value));

    // The native maximum gives its second operand when either is NaN; so only a NaN on the right needs care.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 left, Lanes128 right) =>
        Select(AreEqual(right, right), AtLeast(left, right), right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Min(Lanes128 left, Lanes128 right) =>
        Select(AreEqual(right, right), AtMost(left, right), right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AtLeast(Lanes128 value, Lanes128 bound) => new(Vector128.MaxNative(bound._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AtMost(Lanes128 value, Lanes128 bound) => new(Vector128.MinNative(bound._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Abs(Lanes128 value) => new(Vector128.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Sqrt(Lanes128 value) => new(Vector128.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 CopySign(Lanes128 magnitude, Lanes128 sign) =>
        new(Vector128.ConditionalSelect(Vector128.Create(-0f), sign._value, magnitude._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 left, Lanes128 right, Lanes128 addend) =>
        new(Vector128.MultiplyAddEstimate(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ReciprocalEstimate(Lanes128 value) =>
        Avx512F.VL.IsSupported ? new(Avx512F.VL.Reciprocal14(value._value)) : One / value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Round(Lanes128 value) => new(Vector128.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ScaleByPowerOfTwo(Lanes128 value, Lanes128 exponent)
    {
        if (Avx512F.VL.IsSupported)
        {
            return new(Avx512F.VL.Scale(value._value, exponent._value));
        }

        // 2ⁿ itself may lie outside the range: two factors of half the exponent. Only the second product can round.
        Vector128<int> whole = Vector128.ConvertToInt32Native(exponent._value);
        Vector128<int> half = Vector128.ShiftRightArithmetic(whole, 1);
        Vector128<int> bias = Vector128.Create(127);
        Vector128<float> first = Vector128.ShiftLeft(half + bias, 23).AsSingle();
        Vector128<float> second = Vector128.ShiftLeft(whole - half + bias, 23).AsSingle();
        return new(value._value * first * second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SplitExponent(Lanes128 value, out Lanes128 mantissa)
    {
        // Subnormals are brought into the normal range first.
        Vector128<float> small = Vector128.LessThan(value._value, Vector128.Create(1.17549435e-38f));
        Vector128<float> normal = Vector128.ConditionalSelect(small, value._value * 8388608f, value._value);
        Vector128<int> bits = normal.AsInt32();

        // Taking the bits of ¾ away moves the carry into the exponent at ¾·2ⁿ instead of at 2ⁿ.
        Vector128<int> origin = Vector128.Create(0x3F400000);
        Vector128<int> exponent = Vector128.ShiftRightArithmetic(bits - origin, 23);
        mantissa = new((bits - Vector128.ShiftLeft(exponent, 23)).AsSingle());
        return new(Vector128.ConvertToSingle(exponent) - (small & Vector128.Create(23f)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LeadingBits(Lanes128 value) => new(Vector128.ShiftRightLogical(value._value.AsInt32(), 20).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Pick(Vector512<float> low, Vector512<float> high, Lanes128 index) =>
        new(Avx512F.PermuteVar16x32x2(low, index._value.AsInt32().ToVector256Unsafe().ToVector512Unsafe(), high).GetLower().GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadUniform(uint* bits) =>
        new(Vector128.ConvertToSingle(Vector128.ShiftRightLogical(Vector128.Load(bits), 8).AsInt32()) * (1f / 16777216f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 KeepFirst(Lanes128 value, nint count) =>
        count >= Count ? value : new(value._value & Mask((int)count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source, nint count) =>
        count >= Count ? new(Vector128.Load(source)) : LoadPartial(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination, nint count)
    {
        if (count >= Count)
        {
            _value.Store(destination);
        }
        else
        {
            StorePartial(destination, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo(double* sums, nint count)
    {
        if (count >= Count)
        {
            (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(_value);
            (Vector128.Load(sums) + lower).Store(sums);
            (Vector128.Load(sums + (Count / 2)) + upper).Store(sums + (Count / 2));
        }
        else
        {
            AddToPartial(sums, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float HorizontalMax()
    {
        Vector128<float> quarter = _value;
        Vector128<float> pair = Vector128.MaxNative(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(pair, Vector128.Shuffle(pair, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Mask(int count) => Vector128.LessThan(Indices, Vector128.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes128 LoadPartial(float* source, nint count)
    {
        if (Avx.IsSupported)
        {
            return new(Avx.MaskLoad(source, Mask((int)count)));
        }

        Vector128<float> value = default;
        LanesSupport.Copy(source, (float*)&value, count);
        return new(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void StorePartial(float* destination, nint count)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(destination, Mask((int)count), _value);
            return;
        }

        Vector128<float> value = _value;
        LanesSupport.Copy((float*)&value, destination, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddToPartial(double* sums, nint count)
    {
        for (int i = 0; i < count; i++)
        {
            sums[i] += _value.GetElement(i);
        }
    }
}
