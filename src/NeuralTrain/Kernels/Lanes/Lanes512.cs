using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>Sixteen floats: AVX-512.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Lanes512>
{
    private readonly Vector512<float> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes512(Vector512<float> value) => _value = value;

    public static int Count => 16;

    public static Lanes512 Zero => new(Vector512<float>.Zero);

    public static Lanes512 One => new(Vector512.Create(1f));

    internal Vector512<float> Value => _value;

    private static Vector512<int> Indices => Vector512<int>.Indices;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Lanes512(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 left, Lanes512 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 left, Lanes512 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 left, Lanes512 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 left, Lanes512 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 value) => new(-value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator <(Lanes512 left, Lanes512 right) => new(Vector512.LessThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator >(Lanes512 left, Lanes512 right) => new(Vector512.GreaterThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator <=(Lanes512 left, Lanes512 right) =>
        new(Vector512.LessThanOrEqual(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator >=(Lanes512 left, Lanes512 right) =>
        new(Vector512.GreaterThanOrEqual(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AreEqual(Lanes512 left, Lanes512 right) => new(Vector512.Equals(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 IsNaN(Lanes512 value) => new(~Vector512.Equals(value._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator &(Lanes512 left, Lanes512 right) => new(left._value & right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator |(Lanes512 left, Lanes512 right) => new(left._value | right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator ^(Lanes512 left, Lanes512 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Select(Lanes512 mask, Lanes512 whenTrue, Lanes512 whenFalse) =>
        new(Vector512.ConditionalSelect(mask._value, whenTrue._value, whenFalse._value));

    // The native maximum gives its second operand when either is NaN; so only a NaN on the right needs care.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 left, Lanes512 right) =>
        Select(AreEqual(right, right), AtLeast(left, right), right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 left, Lanes512 right) =>
        Select(AreEqual(right, right), AtMost(left, right), right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AtLeast(Lanes512 value, Lanes512 bound) => new(Vector512.MaxNative(bound._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AtMost(Lanes512 value, Lanes512 bound) => new(Vector512.MinNative(bound._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Abs(Lanes512 value) => new(Vector512.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Sqrt(Lanes512 value) => new(Vector512.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 CopySign(Lanes512 magnitude, Lanes512 sign) =>
        new(Vector512.ConditionalSelect(Vector512.Create(-0f), sign._value, magnitude._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 left, Lanes512 right, Lanes512 addend) =>
        new(Vector512.MultiplyAddEstimate(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ReciprocalEstimate(Lanes512 value) =>
        Avx512F.IsSupported ? new(Avx512F.Reciprocal14(value._value)) : One / value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Round(Lanes512 value) => new(Vector512.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ScaleByPowerOfTwo(Lanes512 value, Lanes512 exponent)
    {
        if (Avx512F.IsSupported)
        {
            return new(Avx512F.Scale(value._value, exponent._value));
        }

        return ScaleByPowerOfTwoInSoftware(value, exponent);
    }

    /// <summary>Kept apart: only the other widths meet a processor without the instruction in earnest.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Lanes512 ScaleByPowerOfTwoInSoftware(Lanes512 value, Lanes512 exponent)
    {
        // 2ⁿ itself may lie outside the range: two factors of half the exponent. Only the second product can round.
        Vector512<int> whole = Vector512.ConvertToInt32Native(exponent._value);
        Vector512<int> half = Vector512.ShiftRightArithmetic(whole, 1);
        Vector512<int> bias = Vector512.Create(127);
        Vector512<float> first = Vector512.ShiftLeft(half + bias, 23).AsSingle();
        Vector512<float> second = Vector512.ShiftLeft(whole - half + bias, 23).AsSingle();
        return new(value._value * first * second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SplitExponent(Lanes512 value, out Lanes512 mantissa)
    {
        if (Avx512F.IsSupported)
        {
            // The mantissa instruction has this very interval; the exponent is that of [1, 2), one less below 1.
            Vector512<float> m = Avx512F.GetMantissa(value._value, 0b0011);
            mantissa = new(m);
            return new(Avx512F.GetExponent(value._value) + (Vector512.LessThan(m, Vector512.Create(1f)) & Vector512.Create(1f)));
        }

        return SplitExponentInSoftware(value, out mantissa);
    }

    /// <summary>Kept apart: only the other widths meet a processor without the instruction in earnest.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Lanes512 SplitExponentInSoftware(Lanes512 value, out Lanes512 mantissa)
    {
        // Subnormals are brought into the normal range first.
        Vector512<float> small = Vector512.LessThan(value._value, Vector512.Create(1.17549435e-38f));
        Vector512<float> normal = Vector512.ConditionalSelect(small, value._value * 8388608f, value._value);
        Vector512<int> bits = normal.AsInt32();

        // Taking the bits of ¾ away moves the carry into the exponent at ¾·2ⁿ instead of at 2ⁿ.
        Vector512<int> origin = Vector512.Create(0x3F400000);
        Vector512<int> exponent = Vector512.ShiftRightArithmetic(bits - origin, 23);
        mantissa = new((bits - Vector512.ShiftLeft(exponent, 23)).AsSingle());
        return new(Vector512.ConvertToSingle(exponent) - (small & Vector512.Create(23f)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LeadingBits(Lanes512 value) => new(Vector512.ShiftRightLogical(value._value.AsInt32(), 20).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Pick(Vector512<float> low, Vector512<float> high, Lanes512 index) =>
        new(Avx512F.PermuteVar16x32x2(low, index._value.AsInt32(), high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadUniform(uint* bits) =>
        new(Vector512.ConvertToSingle(Vector512.ShiftRightLogical(Vector512.Load(bits), 8).AsInt32()) * (1f / 16777216f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 KeepFirst(Lanes512 value, nint count) =>
        count >= Count ? value : new(value._value & Mask((int)count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source, nint count) =>
        count >= Count ? new(Vector512.Load(source)) : LoadPartial(source, count);

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
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(_value);
            (Vector512.Load(sums) + lower).Store(sums);
            (Vector512.Load(sums + (Count / 2)) + upper).Store(sums + (Count / 2));
        }
        else
        {
            AddToPartial(sums, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float HorizontalMax()
    {
        Vector256<float> half = Vector256.MaxNative(_value.GetLower(), _value.GetUpper());
        Vector128<float> quarter = Vector128.MaxNative(half.GetLower(), half.GetUpper());
        Vector128<float> pair = Vector128.MaxNative(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(pair, Vector128.Shuffle(pair, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Mask(int count) => Vector512.LessThan(Indices, Vector512.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes512 LoadPartial(float* source, nint count)
    {
        if (Avx512F.IsSupported)
        {
            return new(Avx512F.MaskLoad(source, Mask((int)count), Vector512<float>.Zero));
        }

        Vector512<float> value = default;
        LanesSupport.Copy(source, (float*)&value, count);
        return new(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void StorePartial(float* destination, nint count)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.MaskStore(destination, Mask((int)count), _value);
            return;
        }

        Vector512<float> value = _value;
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
