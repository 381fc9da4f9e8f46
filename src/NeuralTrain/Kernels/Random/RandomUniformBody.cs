using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Writes scale·random + shift, of uniform values.</summary>
internal readonly unsafe struct RandomUniformBody(float* destination, float scale, float shift) : IRandomBody
{
    private readonly float* _destination = destination;
    private readonly float _scale = scale;
    private readonly float _shift = shift;

    public static bool IsNormal => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLanes>(TLanes random, nint index, nint count)
        where TLanes : unmanaged, ILanes<TLanes> =>
        ((random * _scale) + _shift).Store(_destination + index, count);
}
