using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>Sums of <see cref="Lanes128"/> in double.</summary>
internal struct LaneSum128 : ILaneSum<Lanes128>
{
    private Vector128<double> _lower;
    private Vector128<double> _upper;

    public readonly double Total
    {
        get
        {
            Vector128<double> all = _lower + _upper;
            return all.GetElement(0) + all.GetElement(1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Lanes128 value)
    {
        (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(value.Value);
        _lower += lower;
        _upper += upper;
    }
}
