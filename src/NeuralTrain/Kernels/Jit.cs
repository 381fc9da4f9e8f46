using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// How methods on the path of a step are compiled. A program that trains for a tenth of a second would spend it in unoptimised code, where every
/// operator of a register is a call: so the methods with loops, and those that lead to them, are optimised at their first call, and all that is small
/// becomes a part of them and is never compiled by itself.
/// </summary>
internal static class Jit
{
    /// <summary>Becomes part of its callers.</summary>
    internal const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Optimised at its first call.</summary>
    internal const MethodImplOptions Full = MethodImplOptions.AggressiveOptimization;

    /// <summary>Becomes part of callers that are optimised; others find it optimised.</summary>
    internal const MethodImplOptions Entry = Inline | Full;

    /// <summary>What seldom runs: kept out of its callers, since all of a method is compiled before its first call.</summary>
    internal const MethodImplOptions Cold = MethodImplOptions.NoInlining;

    /// <summary>A loop: optimised at its first call, and by itself, as the compiler's inlining budget belongs to the formula.</summary>
    internal const MethodImplOptions Loop = MethodImplOptions.NoInlining | Full;
}
