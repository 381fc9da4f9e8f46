using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>What this process computes with: other vectors add in another order, so the last bits differ.</summary>
internal static class InstructionSet
{
    /// <summary>The processor and its widest vectors, as <c>X64 with vectors of 512 bits</c>.</summary>
    public static string Present { get; } =
        $"{RuntimeInformation.ProcessArchitecture} with vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0)} bits";
}
