using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>The three matrix products of a fully connected layer, and the sum over rows that its bias needs.</summary>
/// <remarks>
/// All matrices are dense and row-major: m rows of the batch, n outputs, k inputs. Every value is one sum over the inner
/// index whose order depends on m, n and k alone: not on its position, nor on the number of threads.
/// </remarks>
internal static unsafe class Products
{
    // Multiply-adds a thread must get for sharing the work to pay. A product by itself gains earlier (64×64×64 takes 1.1 times
    // as long with two threads, 128×128×128 0.55 to 0.75 times), but in a step what comes next finds half of its input in the
    // other core's cache: with products of 2 to 4 million shared, 32-64-64-1 took 0.93 to 1.2 times as long, 784-128-10 0.7 to
    // 0.95 times, but 1.3 times where the second core was taken.
    private const long WorkPerThread = 1 << 22;

    // The same while the workers are awake, so larger products surround this one: what stays with one thread then finds half of its
    // input in the other's cache. All that is shared while awake (here and in loops over elements) makes the step of
    // 784-512-512-10 take 0.93 to 0.97 of the time on two threads; 1 << 16 and 1 << 18 make no difference.
    private const long WorkPerThreadAwake = 1 << 18;

    // Values a thread must get to sum up columns.
    private const long ValuesPerThread = 1 << 18;
    private const long ValuesPerThreadAwake = 1 << 14;

    /// <summary>y[m×n] = x[m×k]·w[n×k]ᵀ + bias[n] on each row; an empty bias adds nothing.</summary>
    [MethodImpl(Jit.Loop)]
    public static void TimesTransposed(
        ReadOnlySpan<float> x, ReadOnlySpan<float> w, ReadOnlySpan<float> bias, Span<float> y, int m, int n, int k)
    {
        CheckLength(x, m, k);
        CheckLength(w, n, k);
        CheckLength(y, m, n);
        KernelGuard.LengthOrEmpty(bias, n);
        if ((long)m * n * k <= TinyProduct.MaxWork)
        {
            TinyProduct.Run(x, k, 1, w, k, 1, bias, 0, y, m, n, k);
            return;
        }

        fixed (float* xs = x, ws = w, biases = bias, ys = y)
        {
            Run(ProductOperands.TimesTransposed(xs, ws, biases, ys, m, n, k));
        }
    }

    /// <summary>dx[m×k] = dy[m×n]·w[n×k], overwriting.</summary>
    [MethodImpl(Jit.Loop)]
    public static void Times(ReadOnlySpan<float> dy, ReadOnlySpan<float> w, Span<float> dx, int m, int n, int k)
    {
        CheckLength(dy, m, n);
        CheckLength(w, n, k);
        CheckLength(dx, m, k);
        if ((long)m * n * k <= TinyProduct.MaxWork)
        {
            TinyProduct.Run(dy, n, 1, w, 1, k, default, 0, dx, m, k, n);
            return;
        }

        fixed (float* dys = dy, ws = w, dxs = dx)
        {
            Run(ProductOperands.Times(dys, ws, dxs, m, n, k));
        }
    }

    /// <summary>dw[n×k] += dy[m×n]ᵀ·x[m×k], accumulating.</summary>
    [MethodImpl(Jit.Loop)]
    public static void AddTransposedTimes(ReadOnlySpan<float> dy, ReadOnlySpan<float> x, Span<float> dw, int m, int n, int k)
    {
        CheckLength(dy, m, n);
        CheckLength(x, m, k);
        CheckLength(dw, n, k);
        if ((long)m * n * k <= TinyProduct.MaxWork)
        {
            TinyProduct.Run(dy, 1, n, x, 1, k, dw, k, dw, n, k, m);
            return;
        }

        fixed (float* dys = dy, xs = x, dws = dw)
        {
            Run(ProductOperands.AddTransposedTimes(dys, xs, dws, m, n, k));
        }
    }

    /// <summary>sum[n] += the column sums of dy[m×n].</summary>
    [MethodImpl(Jit.Loop)]
    public static void AddColumnSums(ReadOnlySpan<float> dy, Span<float> sum, int m, int n)
    {
        CheckLength(dy, m, n);
        KernelGuard.Length<float>(sum, n);
        int parts = Parts((long)m * n, ValuesPerThread, ValuesPerThreadAwake);
        fixed (float* dys = dy, sums = sum)
        {
            if (Vector512.IsHardwareAccelerated) ColumnSums<Register512, Vector512<float>>.Run(dys, sums, m, n, parts);
            else if (Vector256.IsHardwareAccelerated) ColumnSums<Register256, Vector256<float>>.Run(dys, sums, m, n, parts);
            else if (Vector128.IsHardwareAccelerated) ColumnSums<Register128, Vector128<float>>.Run(dys, sums, m, n, parts);
            else ColumnSums<Register1, float>.Run(dys, sums, m, n, parts);
        }
    }

    [MethodImpl(Jit.Loop)]
    private static void Run(in ProductOperands product)
    {
        if (OperatingSystem.IsBrowser())
        {
            BrowserProduct.Run(product);
            return;
        }

        int parts = Parts((long)product.Rows * product.Columns * product.Inner, WorkPerThread, WorkPerThreadAwake);
        if (Vector512.IsHardwareAccelerated) SplitProduct<Register512, Vector512<float>>.Run(product, parts);
        else if (Vector256.IsHardwareAccelerated) SplitProduct<Register256, Vector256<float>>.Run(product, parts);
        else if (Vector128.IsHardwareAccelerated) SplitProduct<Register128, Vector128<float>>.Run(product, parts);
        else SplitProduct<Register1, float>.Run(product, parts);
    }

    [MethodImpl(Jit.Inline)]
    private static int Parts(long work, long perThread, long perThreadAwake)
    {
        if (work < 2 * perThreadAwake || Team.Threads == 1) return 1;
        long least = Team.IsAwake ? perThreadAwake : perThread;
        return (int)Math.Clamp(work / least, 1, Team.Threads);
    }

    [MethodImpl(Jit.Inline)]
    private static void CheckLength(
        ReadOnlySpan<float> span, int rows, int columns, [CallerArgumentExpression(nameof(span))] string name = "") =>
        KernelGuard.Length(span, KernelGuard.Block(rows, columns), name);
}

/// <summary>
/// A product so small that choosing a kernel, pinning its operands and describing them would take longer than the
/// product: four columns at a time in scalar arithmetic, straight on the spans' references.
/// </summary>
internal static class TinyProduct
{
    /// <summary>Multiply-adds up to which plain loops win: 4×4×3 takes 0.5 to 0.75 of the time of the kernels, 4×8×3 0.5 to 0.9.</summary>
    public const long MaxWork = 96;

    /// <summary>
    /// C = origin + A·B: element (i, p) of A is at a[i·aRow + p·aInner], element (p, j) of B at b[j·bColumn + p·bInner], C is dense and
    /// row i of the origin at origin + i·originRow; an empty origin adds nothing. The caller has checked the lengths.
    /// </summary>
    [MethodImpl(Jit.Inline)]
    public static void Run(
        ReadOnlySpan<float> a, nint aRow, nint aInner, ReadOnlySpan<float> b, nint bColumn, nint bInner,
        ReadOnlySpan<float> origin, nint originRow, Span<float> c, int rows, int columns, int inner)
    {
        float zero = 0;
        ref float start = ref origin.IsEmpty ? ref zero : ref MemoryMarshal.GetReference(origin);
        nint originColumn = origin.IsEmpty ? 0 : 1;
        ref float first = ref MemoryMarshal.GetReference(a);
        ref float second = ref MemoryMarshal.GetReference(b);
        ref float result = ref MemoryMarshal.GetReference(c);

        // Four columns of the result are computed together; where there are fewer, they become its rows.
        if (columns >= 4)
        {
            Run(
                ref first, aRow, aInner, ref second, bColumn, bInner, ref result, columns, 1, ref start, originRow, originColumn, rows, columns, inner);
        }
        else
        {
            Run(
                ref second, bColumn, bInner, ref first, aRow, aInner, ref result, 1, columns, ref start, originColumn, originRow, columns, rows, inner);
        }
    }

    [MethodImpl(Jit.Full)]
    private static void Run(
        ref float a, nint aRow, nint aInner, ref float b, nint bColumn, nint bInner, ref float c, nint cRow, nint cColumn,
        ref float origin, nint originRow, nint originColumn, int rows, int columns, int inner)
    {
        for (int i = 0; i < rows; i++)
        {
            ref float column = ref b;
            ref float target = ref c;
            ref float start = ref origin;
            int j = columns;
            for (; j >= 4; j -= 4)
            {
                ref float x = ref a;
                ref float y = ref column;
                if (Vector128.IsHardwareAccelerated && bColumn == 1)
                {
                    Vector128<float> sum = default;
                    for (int p = 0; p < inner; p++)
                    {
                        sum = Vector128.MultiplyAddEstimate(Vector128.Create(x), Vector128.LoadUnsafe(ref y), sum);
                        x = ref Unsafe.Add(ref x, aInner);
                        y = ref Unsafe.Add(ref y, bInner);
                    }

                    // Side by side, the origin lies like the result or is a single value.
                    if (cColumn == 1) ((originColumn == 0 ? Vector128.Create(start) : Vector128.LoadUnsafe(ref start)) + sum).StoreUnsafe(ref target);
                    else Store(ref target, cColumn, ref start, originColumn, sum[0], sum[1], sum[2], sum[3]);
                }
                else
                {
                    float sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
                    for (int p = 0; p < inner; p++)
                    {
                        float value = x;
                        sum0 = float.MultiplyAddEstimate(value, y, sum0);
                        sum1 = float.MultiplyAddEstimate(value, Unsafe.Add(ref y, bColumn), sum1);
                        sum2 = float.MultiplyAddEstimate(value, Unsafe.Add(ref y, 2 * bColumn), sum2);
                        sum3 = float.MultiplyAddEstimate(value, Unsafe.Add(ref y, 3 * bColumn), sum3);
                        x = ref Unsafe.Add(ref x, aInner);
                        y = ref Unsafe.Add(ref y, bInner);
                    }

                    Store(ref target, cColumn, ref start, originColumn, sum0, sum1, sum2, sum3);
                }

                target = ref Unsafe.Add(ref target, 4 * cColumn);
                start = ref Unsafe.Add(ref start, 4 * originColumn);
                column = ref Unsafe.Add(ref column, 4 * bColumn);
            }

            for (; j > 0; j--)
            {
                ref float x = ref a;
                ref float y = ref column;
                float sum = 0;
                for (int p = 0; p < inner; p++)
                {
                    sum = float.MultiplyAddEstimate(x, y, sum);
                    x = ref Unsafe.Add(ref x, aInner);
                    y = ref Unsafe.Add(ref y, bInner);
                }

                target = start + sum;
                target = ref Unsafe.Add(ref target, cColumn);
                start = ref Unsafe.Add(ref start, originColumn);
                column = ref Unsafe.Add(ref column, bColumn);
            }

            a = ref Unsafe.Add(ref a, aRow);
            c = ref Unsafe.Add(ref c, cRow);
            origin = ref Unsafe.Add(ref origin, originRow);
        }
    }

    [MethodImpl(Jit.Inline)]
    private static void Store(ref float target, nint column, ref float start, nint originColumn, float sum0, float sum1, float sum2, float sum3)
    {
        target = start + sum0;
        Unsafe.Add(ref target, column) = Unsafe.Add(ref start, originColumn) + sum1;
        Unsafe.Add(ref target, 2 * column) = Unsafe.Add(ref start, 2 * originColumn) + sum2;
        Unsafe.Add(ref target, 3 * column) = Unsafe.Add(ref start, 3 * originColumn) + sum3;
    }
}
