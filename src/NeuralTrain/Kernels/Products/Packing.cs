using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>
/// Copies a part of an operand into a panel the micro-kernel reads straight through: row after row of the inner index,
/// each of a fixed width that is a whole number of registers, the unused end of a row filled with zeros.
/// </summary>
internal static unsafe class Packing<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    /// <summary>panel[p·panelWidth + j] = source[p·sourceRow + j] for j below width, zero up to panelWidth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* source, nint sourceRow, int inner, int width, float* panel, int panelWidth)
    {
        if (width == 2 * TRegister.Count && panelWidth == width)
        {
            for (int p = 0; p < inner; p++)
            {
                TVector left = TRegister.Load(source);
                TVector right = TRegister.Load(source + TRegister.Count);
                TRegister.Store(panel, left);
                TRegister.Store(panel + TRegister.Count, right);
                source += sourceRow;
                panel += panelWidth;
            }

            return;
        }

        if (panelWidth == TRegister.Count)
        {
            for (int p = 0; p < inner; p++)
            {
                TRegister.Store(panel, TRegister.LoadFirst(source, width));
                source += sourceRow;
                panel += panelWidth;
            }

            return;
        }

        for (int p = 0; p < inner; p++)
        {
            int j = 0;
            for (; j <= width - TRegister.Count; j += TRegister.Count)
            {
                TRegister.Store(panel + j, TRegister.Load(source + j));
            }

            for (; j < panelWidth; j += TRegister.Count)
            {
                TRegister.Store(panel + j, TRegister.LoadFirst(source + j, Math.Max(width - j, 0)));
            }

            source += sourceRow;
            panel += panelWidth;
        }
    }

    /// <summary>panel[p·panelWidth + j] = source[j·sourceRow + p] for j below width, zero up to panelWidth.</summary>
    public static void TransposePanel(float* source, nint sourceRow, int inner, int width, float* panel, int panelWidth)
    {
        Transpose(source, sourceRow, inner, width, panel, panelWidth);
        if (width < panelWidth)
        {
            for (int p = 0; p < inner; p++)
            {
                new Span<float>(panel + ((nint)p * panelWidth) + width, panelWidth - width).Clear();
            }
        }
    }

    /// <summary>target[p·targetRow + j] = source[j·sourceRow + p] for p below inner and j below width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceRow, int inner, int width, float* target, nint targetRow)
    {
        int j = 0;
        if (Avx512F.IsSupported)
        {
            for (; j <= width - 16; j += 16)
            {
                float* block = source + (j * sourceRow);
                int p = 0;
                for (; p <= inner - 4; p += 4)
                {
                    Transpose16x4(block + p, sourceRow, target + (p * targetRow) + j, targetRow);
                }

                TransposePlainly(block + p, sourceRow, inner - p, 16, target + (p * targetRow) + j, targetRow);
            }
        }

        if (Avx.IsSupported)
        {
            for (; j <= width - 8; j += 8)
            {
                float* block = source + (j * sourceRow);
                int p = 0;
                for (; p <= inner - 4; p += 4)
                {
                    Transpose8x4(block + p, sourceRow, target + (p * targetRow) + j, targetRow);
                }

                TransposePlainly(block + p, sourceRow, inner - p, 8, target + (p * targetRow) + j, targetRow);
            }
        }

        if (Vector128.IsHardwareAccelerated)
        {
            for (; j <= width - 4; j += 4)
            {
                float* block = source + (j * sourceRow);
                int p = 0;
                for (; p <= inner - 4; p += 4)
                {
                    Transpose4x4(block + p, sourceRow, target + (p * targetRow) + j, targetRow);
                }

                TransposePlainly(block + p, sourceRow, inner - p, 4, target + (p * targetRow) + j, targetRow);
            }
        }

        TransposePlainly(source + (j * sourceRow), sourceRow, inner, width - j, target + j, targetRow);
    }

    private static void TransposePlainly(float* source, nint sourceRow, int inner, int width, float* target, nint targetRow)
    {
        for (int p = 0; p < inner; p++)
        {
            for (int j = 0; j < width; j++)
            {
                target[(p * targetRow) + j] = source[(j * sourceRow) + p];
            }
        }
    }

    // Reads quarters of the rows i, i + 4, i + 8 and i + 12 into one register, so that only shuffles within quarters
    // remain to be done.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose16x4(float* source, nint row, float* target, nint targetRow)
    {
        Vector512<float> r0 = Quarters(source, row);
        Vector512<float> r1 = Quarters(source + row, row);
        Vector512<float> r2 = Quarters(source + (2 * row), row);
        Vector512<float> r3 = Quarters(source + (3 * row), row);
        Vector512<float> low01 = Avx512F.UnpackLow(r0, r1);
        Vector512<float> high01 = Avx512F.UnpackHigh(r0, r1);
        Vector512<float> low23 = Avx512F.UnpackLow(r2, r3);
        Vector512<float> high23 = Avx512F.UnpackHigh(r2, r3);
        Avx512F.Shuffle(low01, low23, 0b01_00_01_00).Store(target);
        Avx512F.Shuffle(low01, low23, 0b11_10_11_10).Store(target + targetRow);
        Avx512F.Shuffle(high01, high23, 0b01_00_01_00).Store(target + (2 * targetRow));
        Avx512F.Shuffle(high01, high23, 0b11_10_11_10).Store(target + (3 * targetRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters(float* source, nint row)
    {
        Vector512<float> value = Vector128.Load(source).ToVector256Unsafe().ToVector512Unsafe();
        value = Avx512F.InsertVector128(value, Vector128.Load(source + (4 * row)), 1);
        value = Avx512F.InsertVector128(value, Vector128.Load(source + (8 * row)), 2);
        return Avx512F.InsertVector128(value, Vector128.Load(source + (12 * row)), 3);
    }

    // The same with halves of the rows i and i + 4.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8x4(float* source, nint row, float* target, nint targetRow)
    {
        Vector256<float> r0 = Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * row)));
        Vector256<float> r1 = Vector256.Create(Vector128.Load(source + row), Vector128.Load(source + (5 * row)));
        Vector256<float> r2 = Vector256.Create(Vector128.Load(source + (2 * row)), Vector128.Load(source + (6 * row)));
        Vector256<float> r3 = Vector256.Create(Vector128.Load(source + (3 * row)), Vector128.Load(source + (7 * row)));
        Vector256<float> low01 = Avx.UnpackLow(r0, r1);
        Vector256<float> high01 = Avx.UnpackHigh(r0, r1);
        Vector256<float> low23 = Avx.UnpackLow(r2, r3);
        Vector256<float> high23 = Avx.UnpackHigh(r2, r3);
        Avx.Shuffle(low01, low23, 0b01_00_01_00).Store(target);
        Avx.Shuffle(low01, low23, 0b11_10_11_10).Store(target + targetRow);
        Avx.Shuffle(high01, high23, 0b01_00_01_00).Store(target + (2 * targetRow));
        Avx.Shuffle(high01, high23, 0b11_10_11_10).Store(target + (3 * targetRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4x4(float* source, nint row, float* target, nint targetRow)
    {
        Vector128<float> r0 = Vector128.Load(source);
        Vector128<float> r1 = Vector128.Load(source + row);
        Vector128<float> r2 = Vector128.Load(source + (2 * row));
        Vector128<float> r3 = Vector128.Load(source + (3 * row));
        Vector128<float> even01 = Merge(r0, Vector128.Shuffle(r1, Vector128.Create(0, 0, 2, 2)));
        Vector128<float> odd01 = Merge(Vector128.Shuffle(r0, Vector128.Create(1, 1, 3, 3)), r1);
        Vector128<float> even23 = Merge(r2, Vector128.Shuffle(r3, Vector128.Create(0, 0, 2, 2)));
        Vector128<float> odd23 = Merge(Vector128.Shuffle(r2, Vector128.Create(1, 1, 3, 3)), r3);
        Vector128.Create(even01.GetLower(), even23.GetLower()).Store(target);
        Vector128.Create(odd01.GetLower(), odd23.GetLower()).Store(target + targetRow);
        Vector128.Create(even01.GetUpper(), even23.GetUpper()).Store(target + (2 * targetRow));
        Vector128.Create(odd01.GetUpper(), odd23.GetUpper()).Store(target + (3 * targetRow));
    }

    // The even lanes of one, the odd lanes of the other.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Merge(Vector128<float> even, Vector128<float> odd) =>
        Vector128.ConditionalSelect(Vector128.Create(-1, 0, -1, 0).AsSingle(), even, odd);
}
