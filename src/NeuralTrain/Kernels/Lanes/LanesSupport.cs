using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>The copy behind a partial load or store where the processor has no masked instruction.</summary>
internal static unsafe class LanesSupport
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Copy(float* source, float* destination, nint count)
    {
        for (nint i = 0; i < count; i++)
        {
            destination[i] = source[i];
        }
    }
}
