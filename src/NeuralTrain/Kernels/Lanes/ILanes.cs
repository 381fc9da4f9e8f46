using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>
/// A register of floats that are computed at once. A formula over <typeparamref name="TSelf"/> is written once, runs at whatever
/// width the machine offers, and reads like the scalar formula: <c>1 / (1 + e)</c>.
/// </summary>
/// <remarks>
/// A comparison gives a mask: lanes of all ones (true) or all zeros (false), for <see cref="Select"/> and the bitwise
/// operators. A plain number stands for a register that holds it in every lane. The longer functions (Exp, Tanh, …) are in
/// <see cref="VectorMath"/>. The implementations, <see cref="Lanes128"/>, <see cref="Lanes256"/> and <see cref="Lanes512"/>,
/// are generated from one template.
/// </remarks>
internal unsafe interface ILanes<TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>Number of floats in one register.</summary>
    static abstract int Count { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf One { get; }

    static abstract implicit operator TSelf(float value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf value);

    /// <summary>Mask, false where either side is NaN (as in all ordered comparisons).</summary>
    static abstract TSelf operator <(TSelf left, TSelf right);

    static abstract TSelf operator >(TSelf left, TSelf right);

    static abstract TSelf operator <=(TSelf left, TSelf right);

    static abstract TSelf operator >=(TSelf left, TSelf right);

    static abstract TSelf operator &(TSelf left, TSelf right);

    static abstract TSelf operator |(TSelf left, TSelf right);

    static abstract TSelf operator ^(TSelf left, TSelf right);

    /// <summary>Mask of equal lanes: +0 equals −0, NaN equals nothing.</summary>
    static abstract TSelf AreEqual(TSelf left, TSelf right);

    static abstract TSelf IsNaN(TSelf value);

    /// <summary>Per lane <paramref name="whenTrue"/> where the mask is set, else <paramref name="whenFalse"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf whenTrue, TSelf whenFalse);

    /// <summary>The larger of the value and <paramref name="bound"/>, which must not be NaN. A NaN value stays NaN; the sign of a
    /// zero result is not defined.</summary>
    static abstract TSelf AtLeast(TSelf value, TSelf bound);

    /// <summary>The smaller of the value and <paramref name="bound"/>, under the conditions of <see cref="AtLeast"/>.</summary>
    static abstract TSelf AtMost(TSelf value, TSelf bound);

    static abstract TSelf Abs(TSelf value);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary>The nearest integral value, ties to even.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>The magnitude of one value with the sign of the other.</summary>
    static abstract TSelf CopySign(TSelf magnitude, TSelf sign);

    /// <summary>left·right + addend, rounded once where the processor has a fused instruction, else twice.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>1/value to a relative 2⁻¹⁴ where the processor has such an estimate (AVX-512), else the rounded quotient: the
    /// start of a Newton step.</summary>
    static abstract TSelf ReciprocalEstimate(TSelf value);

    /// <summary>value·2ⁿ for integral <paramref name="exponent"/> of magnitude up to 252, rounded once: exact into
    /// the subnormals, infinite beyond the range.</summary>
    static abstract TSelf ScaleByPowerOfTwo(TSelf value, TSelf exponent);

    /// <summary>Splits a positive finite value into mantissa·2ⁿ with the mantissa in [¾, 1½), and returns n. The result for
    /// other values is unspecified.</summary>
    static abstract TSelf SplitExponent(TSelf value, out TSelf mantissa);

    /// <summary>The twelve leading bits of each lane (sign, exponent and three of the fraction) as an index for <see cref="Pick"/>.</summary>
    static abstract TSelf LeadingBits(TSelf value);

    /// <summary>Per lane the entry of a table of 32 floats, given in two halves, at the five lowest bits of the index. Only where
    /// <see cref="LanesSupport.HasTables"/>.</summary>
    static abstract TSelf Pick(Vector512<float> low, Vector512<float> high, TSelf index);

    /// <summary>Uniform values in [0, 1) from random bits: the upper 24 bits of each 32-bit word, divided by 2²⁴.</summary>
    static abstract TSelf LoadUniform(uint* bits);

    /// <summary>The first <paramref name="count"/> lanes of the value, zero in the others.</summary>
    static abstract TSelf KeepFirst(TSelf value, nint count);

    /// <summary>Loads the first <paramref name="count"/> floats, or all lanes if there are that many; the other lanes are zero, and
    /// nothing beyond is read.</summary>
    static abstract TSelf Load(float* source, nint count);

    /// <summary>Stores the first <paramref name="count"/> lanes, or all if there are no more; nothing beyond is written.</summary>
    void Store(float* destination, nint count);

    /// <summary>Adds each of the first <paramref name="count"/> lanes, as a double, to the sum at its place.</summary>
    void AddTo(double* sums, nint count);

    /// <summary>Adds the lower half of the lanes, as doubles, to sums in double that fill a register.</summary>
    static abstract TSelf AddLowerHalf(TSelf sums, TSelf value);

    /// <summary>Adds the upper half of the lanes, as doubles, to sums in double that fill a register.</summary>
    static abstract TSelf AddUpperHalf(TSelf sums, TSelf value);

    /// <summary>All sums of the two halves together, added in a fixed order.</summary>
    static abstract double Total(TSelf lowerSums, TSelf upperSums);

    /// <summary>The largest lane; unspecified if any is NaN.</summary>
    float HorizontalMax();
}

/// <summary>What registers of every width share.</summary>
internal static unsafe class LanesSupport
{
    /// <summary>Whether <see cref="ILanes{TSelf}.MultiplyAdd"/> rounds once; a constant to the compiler.</summary>
    internal static bool IsFused => Fma.IsSupported || AdvSimd.IsSupported;

    /// <summary>Whether a register can pick from a table of 32 floats in one instruction; a constant to the compiler.</summary>
    internal static bool HasTables => Avx512F.IsSupported;

    /// <summary>A partial load or store where the processor has no masked instruction.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Copy(float* source, float* destination, nint count)
    {
        for (nint i = 0; i < count; i++) destination[i] = source[i];
    }
}
