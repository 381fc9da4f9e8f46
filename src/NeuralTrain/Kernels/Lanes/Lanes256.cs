using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>Eight floats: AVX and AVX2.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Lanes256>
{
    private readonly Vector256<float> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes256(Vector256<float> value) => _value = value;

    public static int Count => 8;

    public static Lanes256 Zero => new(Vector256<float>.Zero);

    public static Lanes256 One => new(Vector256.Create(1f));

    internal Vector256<float> Value => _value;

    private static Vector256<int> Indices => Vector256<int>.Indices;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Lanes256(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 left, Lanes256 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 left, Lanes256 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 value) => new(-value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator <(Lanes256 left, Lanes256 right) => new(Vector256.LessThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator >(Lanes256 left, Lanes256 right) => new(Vector256.GreaterThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator <=(Lanes256 left, Lanes256 right) =>
        new(Vector256.LessThanOrEqual(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator >=(Lanes256 left, Lanes256 right) =>
        new(Vector256.GreaterThanOrEqual(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AreEqual(Lanes256 left, Lanes256 right) => new(Vector256.Equals(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 IsNaN(Lanes256 value) => new(~Vector256.Equals(value._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator &(Lanes256 left, Lanes256 right) => new(left._value & right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator |(Lanes256 left, Lanes256 right) => new(left._value | right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator ^(Lanes256 left, Lanes256 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Select(Lanes256 mask, Lanes256 whenTrue, Lanes256 whenFalse) =>
        new(Vector256.ConditionalSelect(mask._value, whenTrue._value, whenFalse._value));

    // The native maximum gives its second operand when either is NaN; so only a NaN on the right needs care.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 left, Lanes256 right) =>
        Select(AreEqual(right, right), AtLeast(left, right), right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Min(Lanes256 left, Lanes256 right) =>
        Select(AreEqual(right, right), AtMost(left, right), right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AtLeast(Lanes256 value, Lanes256 bound) => new(Vector256.MaxNative(bound._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AtMost(Lanes256 value, Lanes256 bound) => new(Vector256.MinNative(bound._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 value) => new(Vector256.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 value) => new(Vector256.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 CopySign(Lanes256 magnitude, Lanes256 sign) =>
        new(Vector256.ConditionalSelect(Vector256.Create(-0f), sign._value, magnitude._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 left, Lanes256 right, Lanes256 addend) =>
        new(Vector256.MultiplyAddEstimate(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ReciprocalEstimate(Lanes256 value) =>
        Avx512F.VL.IsSupported ? new(Avx512F.VL.Reciprocal14(value._value)) : One / value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Round(Lanes256 value) => new(Vector256.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ScaleByPowerOfTwo(Lanes256 value, Lanes256 exponent)
    {
        if (Avx512F.VL.IsSupported)
        {
            return new(Avx512F.VL.Scale(value._value, exponent._value));
        }

        // 2ⁿ itself may lie outside the range: two factors of half the exponent. Only the second product can round.
        Vector256<int> whole = Vector256.ConvertToInt32Native(exponent._value);
        Vector256<int> half = Vector256.ShiftRightArithmetic(whole, 1);
        Vector256<int> bias = Vector256.Create(127);
        Vector256<float> first = Vector256.ShiftLeft(half + bias, 23).AsSingle();
        Vector256<float> second = Vector256.ShiftLeft(whole - half + bias, 23).AsSingle();
        return new(value._value * first * second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SplitExponent(Lanes256 value, out Lanes256 mantissa)
    {
        // Subnormals are brought into the normal range first.
        Vector256<float> small = Vector256.LessThan(value._value, Vector256.Create(1.17549435e-38f));
        Vector256<float> normal = Vector256.ConditionalSelect(small, value._value * 8388608f, value._value);
        Vector256<int> bits = normal.AsInt32();

        // Taking the bits of ¾ away moves the carry into the exponent at ¾·2ⁿ instead of at 2ⁿ.
        Vector256<int> origin = Vector256.Create(0x3F400000);
        Vector256<int> exponent = Vector256.ShiftRightArithmetic(bits - origin, 23);
        mantissa = new((bits - Vector256.ShiftLeft(exponent, 23)).AsSingle());
        return new(Vector256.ConvertToSingle(exponent) - (small & Vector256.Create(23f)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LeadingBits(Lanes256 value) => new(Vector256.ShiftRightLogical(value._value.AsInt32(), 20).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Pick(Vector512<float> low, Vector512<float> high, Lanes256 index) =>
        new(Avx512F.PermuteVar16x32x2(low, index._value.AsInt32().ToVector512Unsafe(), high).GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadUniform(uint* bits) =>
        new(Vector256.ConvertToSingle(Vector256.ShiftRightLogical(Vector256.Load(bits), 8).AsInt32()) * (1f / 16777216f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 KeepFirst(Lanes256 value, nint count) =>
        count >= Count ? value : new(value._value & Mask((int)count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source, nint count) =>
        count >= Count ? new(Vector256.Load(source)) : LoadPartial(source, count);

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
            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(_value);
            (Vector256.Load(sums) + lower).Store(sums);
            (Vector256.Load(sums + (Count / 2)) + upper).Store(sums + (Count / 2));
        }
        else
        {
            AddToPartial(sums, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float HorizontalMax()
    {
        Vector128<float> quarter = Vector128.MaxNative(_value.GetLower(), _value.GetUpper());
        Vector128<float> pair = Vector128.MaxNative(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(pair, Vector128.Shuffle(pair, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Mask(int count) => Vector256.LessThan(Indices, Vector256.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes256 LoadPartial(float* source, nint count)
    {
        if (Avx.IsSupported)
        {
            return new(Avx.MaskLoad(source, Mask((int)count)));
        }

        Vector256<float> value = default;
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

        Vector256<float> value = _value;
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
