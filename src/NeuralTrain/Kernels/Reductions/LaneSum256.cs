using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>Sums of <see cref="Lanes256"/> in double.</summary>
internal struct LaneSum256 : ILaneSum<Lanes256>
{
    private Vector256<double> _lower;
    private Vector256<double> _upper;

    public readonly double Total
    {
        get
        {
            Vector256<double> all = _lower + _upper;
            Vector128<double> half = all.GetLower() + all.GetUpper();
            return half.GetElement(0) + half.GetElement(1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Lanes256 value)
    {
        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(value.Value);
        _lower += lower;
        _upper += upper;
    }
}
