using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Writes a mask: 0 with the given probability, else the scale.</summary>
internal readonly unsafe struct RandomMaskBody(float* mask, float probability, float scale) : IRandomBody
{
    private readonly float* _mask = mask;
    private readonly float _probability = probability;
    private readonly float _scale = scale;

    public static bool IsNormal => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLanes>(TLanes random, nint index, nint count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes value = (random >= _probability) & TLanes.Broadcast(_scale);
        value.Store(_mask + index, count);
    }
}
