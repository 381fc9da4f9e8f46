using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>What the registers of every width share.</summary>
internal static unsafe class LanesSupport
{
    /// <summary>Whether <see cref="ILanes{TSelf}.MultiplyAdd"/> rounds once; a constant to the compiler.</summary>
    internal static bool IsFused => Fma.IsSupported || AdvSimd.IsSupported;

    /// <summary>Whether lanes pick from a table of 32 floats in one instruction; a constant to the compiler.</summary>
    internal static bool HasTables => Avx512F.IsSupported;

    /// <summary>The copy behind a partial load or store where the processor has no masked instruction.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Copy(float* source, float* destination, nint count)
    {
        for (nint i = 0; i < count; i++)
        {
            destination[i] = source[i];
        }
    }
}
