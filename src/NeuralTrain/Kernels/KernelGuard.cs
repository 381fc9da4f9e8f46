using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>The checks at the entry of a kernel: lengths are verified before any memory is touched.</summary>
internal static class KernelGuard
{
    [MethodImpl(Jit.Inline)]
    internal static void Length<T>(ReadOnlySpan<T> span, int expected, [CallerArgumentExpression(nameof(span))] string name = "")
    {
        if (span.Length != expected) ThrowLength(name, expected, span.Length);
    }

    /// <summary>As <see cref="Length"/>, or an empty span for "none".</summary>
    [MethodImpl(Jit.Inline)]
    internal static void LengthOrEmpty<T>(ReadOnlySpan<T> span, int expected, [CallerArgumentExpression(nameof(span))] string name = "")
    {
        if (!span.IsEmpty) Length(span, expected, name);
    }

    /// <summary>The number of elements of a block, after checking that neither side is negative and the product fits.</summary>
    [MethodImpl(Jit.Inline)]
    internal static int Block(int rows, int columns)
    {
        long count = (long)rows * columns;
        if (rows < 0 || columns < 0 || count > int.MaxValue) ThrowBlock(rows, columns);

        return (int)count;
    }

    /// <summary>The number of rows of a block, after checking that all are whole; 0 where there are no columns.</summary>
    [MethodImpl(Jit.Inline)]
    internal static int Rows(ReadOnlySpan<float> block, int columns, [CallerArgumentExpression(nameof(block))] string name = "")
    {
        int rows = columns == 0 ? 0 : block.Length == columns ? 1 : block.Length / columns;
        if (rows * columns != block.Length) ThrowRows(name, columns, block.Length);

        return rows;
    }

    [DoesNotReturn]
    private static void ThrowRows(string name, int columns, int received) => throw new ArgumentException(
        $"'{name}' must hold whole rows of {columns} values, received {received}: pass spans of matching lengths.", name);

    [DoesNotReturn]
    private static void ThrowLength(string name, int expected, int received) => throw new ArgumentException(
        $"'{name}' must hold {expected} values, received {received}: pass spans of matching lengths.", name);

    [DoesNotReturn]
    private static void ThrowBlock(int rows, int columns) => throw new ArgumentOutOfRangeException(
        nameof(rows),
        $"A block must have at least 0 rows and columns and at most {int.MaxValue} values, received {rows} × {columns}.");
}
