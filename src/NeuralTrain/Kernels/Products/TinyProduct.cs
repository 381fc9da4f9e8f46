using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

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
                float sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
                if (Vector128.IsHardwareAccelerated && bColumn == 1)
                {
                    Vector128<float> sum = default;
                    for (int p = 0; p < inner; p++)
                    {
                        sum = Vector128.MultiplyAddEstimate(Vector128.Create(x), Vector128.LoadUnsafe(ref y), sum);
                        x = ref Unsafe.Add(ref x, aInner);
                        y = ref Unsafe.Add(ref y, bInner);
                    }

                    (sum0, sum1, sum2, sum3) = (sum[0], sum[1], sum[2], sum[3]);
                }
                else
                {
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
                }

                target = start + sum0;
                Unsafe.Add(ref target, cColumn) = Unsafe.Add(ref start, originColumn) + sum1;
                Unsafe.Add(ref target, 2 * cColumn) = Unsafe.Add(ref start, 2 * originColumn) + sum2;
                Unsafe.Add(ref target, 3 * cColumn) = Unsafe.Add(ref start, 3 * originColumn) + sum3;
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
}
