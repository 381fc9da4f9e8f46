using System.Runtime.Intrinsics;
using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

/// <summary>The products at each register width, whether or not this machine would choose it.</summary>
internal static class ProductWidth
{
    /// <summary>All widths, in bits; 32 is a single float, 0 the loops for a browser.</summary>
    public static readonly int[] All = [0, 32, 128, 256, 512];

    internal delegate void Run(in ProductOperands product, int parts);

    public static Run Runner(int width) => width switch
    {
        512 => SplitProduct<Register512, Vector512<float>>.Run,
        256 => SplitProduct<Register256, Vector256<float>>.Run,
        128 => SplitProduct<Register128, Vector128<float>>.Run,
        32 => SplitProduct<Register1, float>.Run,
        0 => (in ProductOperands product, int _) => BrowserProduct.Run(product),
        _ => throw new ArgumentOutOfRangeException(nameof(width)),
    };
}
