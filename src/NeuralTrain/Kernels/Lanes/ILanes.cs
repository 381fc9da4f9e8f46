using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>
/// A handful of floats computed at once: one SIMD register. A formula written over <typeparamref name="TSelf"/> is
/// written once and runs at whatever width the machine offers (<see cref="Lanes128"/>, <see cref="Lanes256"/>,
/// <see cref="Lanes512"/>); it reads as the scalar formula would: <c>TLanes.Max(x, TLanes.Zero)</c>, <c>1 / (1 + e)</c>.
/// </summary>
/// <remarks>
/// A comparison gives a mask: lanes of all ones (true) or all zeros (false), to be used by <see cref="Select"/> and
/// the bitwise operators. A plain number stands for all lanes holding it. The longer functions (Exp, Tanh, …) are in
/// <see cref="VectorMath"/>.
/// </remarks>
internal unsafe interface ILanes<TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>Number of floats in one register.</summary>
    static abstract int Count { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf One { get; }

    static abstract TSelf Broadcast(float value);

    static abstract implicit operator TSelf(float value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf value);

    /// <summary>Mask, false where either side is NaN (as all ordered comparisons).</summary>
    static abstract TSelf operator <(TSelf left, TSelf right);

    static abstract TSelf operator >(TSelf left, TSelf right);

    static abstract TSelf operator <=(TSelf left, TSelf right);

    static abstract TSelf operator >=(TSelf left, TSelf right);

    /// <summary>Mask of equal lanes: +0 equals −0, NaN equals nothing.</summary>
    static abstract TSelf AreEqual(TSelf left, TSelf right);

    static abstract TSelf IsNaN(TSelf value);

    static abstract TSelf operator &(TSelf left, TSelf right);

    static abstract TSelf operator |(TSelf left, TSelf right);

    static abstract TSelf operator ^(TSelf left, TSelf right);

    /// <summary>Per lane: where the mask is set <paramref name="whenTrue"/>, else <paramref name="whenFalse"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf whenTrue, TSelf whenFalse);

    /// <summary>The larger; NaN if either is NaN. The sign of a zero result is not defined.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>The smaller; NaN if either is NaN. The sign of a zero result is not defined.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary><paramref name="value"/> raised to at least <paramref name="bound"/>, which must not be NaN: one
    /// instruction where <see cref="Max"/> needs more. A NaN value stays NaN.</summary>
    static abstract TSelf AtLeast(TSelf value, TSelf bound);

    /// <summary><paramref name="value"/> lowered to at most <paramref name="bound"/>, which must not be NaN. A NaN
    /// value stays NaN.</summary>
    static abstract TSelf AtMost(TSelf value, TSelf bound);

    static abstract TSelf Abs(TSelf value);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary>The magnitude of the one with the sign of the other.</summary>
    static abstract TSelf CopySign(TSelf magnitude, TSelf sign);

    /// <summary>left·right + addend, rounded once where the processor has a fused instruction, else twice.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>1/value, to a relative 2⁻¹⁴ where the processor estimates so many bits at once (AVX-512), else the
    /// rounded quotient: to be refined by a Newton step.</summary>
    static abstract TSelf ReciprocalEstimate(TSelf value);

    /// <summary>The nearest integral value, ties to even.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>value·2ⁿ for integral <paramref name="exponent"/> of magnitude up to 252, rounded once: exact into
    /// the subnormals, infinite beyond the range.</summary>
    static abstract TSelf ScaleByPowerOfTwo(TSelf value, TSelf exponent);

    /// <summary>Writes a positive finite value as mantissa·2ⁿ with the mantissa in [¾, 1½) and returns n. Other
    /// values give an unspecified result.</summary>
    static abstract TSelf SplitExponent(TSelf value, out TSelf mantissa);

    /// <summary>The twelve leading bits of each lane (sign, exponent and the first three of the fraction) as an index for
    /// <see cref="Pick"/>.</summary>
    static abstract TSelf LeadingBits(TSelf value);

    /// <summary>Per lane the entry of a table of 32 floats, given in two halves, at the five lowest bits of the index. Only where
    /// <see cref="LanesSupport.HasTables"/>.</summary>
    static abstract TSelf Pick(Vector512<float> low, Vector512<float> high, TSelf index);

    /// <summary>Uniform values in [0, 1) from random bits: the upper 24 bits of each 32-bit word, divided by 2²⁴.</summary>
    static abstract TSelf LoadUniform(uint* bits);

    /// <summary>Loads the first <paramref name="count"/> floats, or all lanes when there are as many or more; the other
    /// lanes are zero and nothing beyond is read.</summary>
    static abstract TSelf Load(float* source, nint count);

    /// <summary>The first <paramref name="count"/> lanes of the value, zero in the others.</summary>
    static abstract TSelf KeepFirst(TSelf value, nint count);

    /// <summary>Stores the first <paramref name="count"/> lanes, or all when there are as many or more; writes nothing
    /// beyond.</summary>
    void Store(float* destination, nint count);

    /// <summary>Adds each of the first <paramref name="count"/> lanes, widened, to the double at its place: how
    /// columns are summed.</summary>
    void AddTo(double* sums, nint count);

    /// <summary>The largest lane; unspecified if any is NaN.</summary>
    float HorizontalMax();
}
