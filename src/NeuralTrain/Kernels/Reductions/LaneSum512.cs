using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>Sums of <see cref="Lanes512"/> in double.</summary>
internal struct LaneSum512 : ILaneSum<Lanes512>
{
    private Vector512<double> _lower;
    private Vector512<double> _upper;

    public readonly double Total
    {
        get
        {
            Vector512<double> all = _lower + _upper;
            Vector256<double> half = all.GetLower() + all.GetUpper();
            Vector128<double> quarter = half.GetLower() + half.GetUpper();
            return quarter.GetElement(0) + quarter.GetElement(1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Lanes512 value)
    {
        (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(value.Value);
        _lower += lower;
        _upper += upper;
    }
}
