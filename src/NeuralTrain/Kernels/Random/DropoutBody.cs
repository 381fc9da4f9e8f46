using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Draws a dropout mask, keeps it and applies it in one sweep.</summary>
internal readonly unsafe struct DropoutBody(float* x, float* mask, float* y, float probability, float scale) : IRandomBody
{
    private readonly float* _x = x;
    private readonly float* _mask = mask;
    private readonly float* _y = y;
    private readonly float _probability = probability;
    private readonly float _scale = scale;

    public static bool IsNormal => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLanes>(TLanes random, nint index, nint count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes value = (random >= _probability) & TLanes.Broadcast(_scale);
        TLanes product = TLanes.Load(_x + index, count) * value;
        value.Store(_mask + index, count);
        product.Store(_y + index, count);
    }
}
