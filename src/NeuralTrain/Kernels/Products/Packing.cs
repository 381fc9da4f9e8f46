using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
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
    [MethodImpl(Jit.Full)]
    public static void Copy(float* source, nint sourceRow, int inner, int width, float* panel, int panelWidth)
    {
        if (width == 2 * TRegister.Count && panelWidth == width)
        {
            for (int p = 0; p < inner; p++, source += sourceRow, panel += panelWidth)
            {
                TVector left = TRegister.Load(source);
                TVector right = TRegister.Load(source + TRegister.Count);
                TRegister.Store(panel, left);
                TRegister.Store(panel + TRegister.Count, right);
            }
        }
        else if (panelWidth <= TRegister.Count)
        {
            for (int p = 0; p < inner; p++, source += sourceRow, panel += panelWidth)
            {
                TRegister.Store(panel, TRegister.LoadFirst(source, width));
            }
        }
        else
        {
            for (int p = 0; p < inner; p++, source += sourceRow, panel += panelWidth)
            {
                int j = 0;
                for (; j <= width - TRegister.Count; j += TRegister.Count) TRegister.Store(panel + j, TRegister.Load(source + j));
                for (; j < panelWidth; j += TRegister.Count)
                {
                    TRegister.Store(panel + j, TRegister.LoadFirst(source + j, Math.Max(width - j, 0)));
                }
            }
        }
    }

    /// <summary>panel[p·panelWidth + j] = source[j·sourceRow + p] for j below width, zero up to panelWidth.</summary>
    [MethodImpl(Jit.Full)]
    public static void TransposePanel(float* source, nint sourceRow, int inner, int width, float* panel, int panelWidth)
    {
        if (width < panelWidth) new Span<float>(panel, inner * panelWidth).Clear();
        Transpose(source, sourceRow, inner, width, panel, panelWidth);
    }

    /// <summary>target[p·targetRow + j] = source[j·sourceRow + p] for p below inner and j below width.</summary>
    [MethodImpl(Jit.Loop)]
    public static void Transpose(float* source, nint sourceRow, int inner, int width, float* target, nint targetRow)
    {
        int j = 0;
        if (Avx512F.IsSupported && width - j >= 16) j = TransposeBlocks<Transpose16>(j, source, sourceRow, inner, width, target, targetRow);
        if (Avx.IsSupported && width - j >= 8) j = TransposeBlocks<Transpose8>(j, source, sourceRow, inner, width, target, targetRow);
        if (Transpose4.IsSupported && width - j >= 4) j = TransposeBlocks<Transpose4>(j, source, sourceRow, inner, width, target, targetRow);

        // Up to three rows are left: with those before them, once more, instead of value by value.
        if (Transpose4.IsSupported && j < width && width > 4) j = TransposeBlocks<Transpose4>(width - 4, source, sourceRow, inner, width, target, targetRow);
        if (j < width) TransposePlainly(source + (j * sourceRow), sourceRow, inner, width - j, target + j, targetRow);
    }

    // As many blocks of rows of the source from j on as fit; returns the row after the last.
    [MethodImpl(Jit.Loop)]
    private static int TransposeBlocks<TBlock>(int j, float* source, nint sourceRow, int inner, int width, float* target, nint targetRow)
        where TBlock : struct, ITransposedBlock
    {
        for (; j <= width - TBlock.Rows; j += TBlock.Rows)
        {
            float* block = source + (j * sourceRow);
            int p = 0;
            for (; p <= inner - 4; p += 4) TBlock.Run(block + p, sourceRow, target + (p * targetRow) + j, targetRow);

            if (p < inner) TransposePlainly(block + p, sourceRow, inner - p, TBlock.Rows, target + (p * targetRow) + j, targetRow);
        }

        return j;
    }

    [MethodImpl(Jit.Loop)]
    private static void TransposePlainly(float* source, nint sourceRow, int inner, int width, float* target, nint targetRow)
    {
        for (int p = 0; p < inner; p++)
        {
            for (int j = 0; j < width; j++) target[(p * targetRow) + j] = source[(j * sourceRow) + p];
        }
    }
}

/// <summary>A transposition of some rows of four floats each.</summary>
internal unsafe interface ITransposedBlock
{
    static abstract int Rows { get; }

    static abstract void Run(float* source, nint row, float* target, nint targetRow);
}

/// <summary>Reads quarters of the rows i, i + 4, i + 8 and i + 12 into one register, so that only shuffles within quarters remain to be done.</summary>
internal readonly unsafe struct Transpose16 : ITransposedBlock
{
    public static int Rows => 16;

    [MethodImpl(Jit.Inline)]
    public static void Run(float* source, nint row, float* target, nint targetRow)
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

    [MethodImpl(Jit.Inline)]
    private static Vector512<float> Quarters(float* source, nint row)
    {
        Vector512<float> value = Vector128.Load(source).ToVector256Unsafe().ToVector512Unsafe();
        value = Avx512F.InsertVector128(value, Vector128.Load(source + (4 * row)), 1);
        value = Avx512F.InsertVector128(value, Vector128.Load(source + (8 * row)), 2);
        return Avx512F.InsertVector128(value, Vector128.Load(source + (12 * row)), 3);
    }
}

/// <summary>The same with halves of the rows i and i + 4.</summary>
internal readonly unsafe struct Transpose8 : ITransposedBlock
{
    public static int Rows => 8;

    [MethodImpl(Jit.Inline)]
    public static void Run(float* source, nint row, float* target, nint targetRow)
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
}

/// <summary>Four rows, with shuffles that x64 and Arm64 have from the start: halves of registers would go through memory on x64.</summary>
internal readonly unsafe struct Transpose4 : ITransposedBlock
{
    public static bool IsSupported => Sse.IsSupported || AdvSimd.Arm64.IsSupported;

    public static int Rows => 4;

    [MethodImpl(Jit.Inline)]
    public static void Run(float* source, nint row, float* target, nint targetRow)
    {
        Vector128<float> r0 = Vector128.Load(source);
        Vector128<float> r1 = Vector128.Load(source + row);
        Vector128<float> r2 = Vector128.Load(source + (2 * row));
        Vector128<float> r3 = Vector128.Load(source + (3 * row));
        Vector128<float> low02 = Low(r0, r2);
        Vector128<float> high02 = High(r0, r2);
        Vector128<float> low13 = Low(r1, r3);
        Vector128<float> high13 = High(r1, r3);
        Low(low02, low13).Store(target);
        High(low02, low13).Store(target + targetRow);
        Low(high02, high13).Store(target + (2 * targetRow));
        High(high02, high13).Store(target + (3 * targetRow));
    }

    // a0 b0 a1 b1
    [MethodImpl(Jit.Inline)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    // a2 b2 a3 b3
    [MethodImpl(Jit.Inline)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}

/// <summary>
/// The working memory of a thread for packed operands: pinned, aligned to cache lines, made at the thread's first packed
/// product and kept until the thread ends, so that products allocate nothing afterwards.
/// </summary>
internal static unsafe class PackBuffer
{
    private const int LineBytes = 64;

    [ThreadStatic]
    private static float[]? _buffer;

    /// <summary>At least <paramref name="length"/> floats, starting on a cache line. Their content is arbitrary.</summary>
    [MethodImpl(Jit.Inline)]
    public static float* Get(int length)
    {
        float[]? buffer = _buffer;
        if (buffer is null || buffer.Length < length + (LineBytes / sizeof(float))) buffer = Grow(length);

        // The array is pinned for life, so its address may outlive the reference taken here.
        nuint address = (nuint)Unsafe.AsPointer(ref buffer[0]);
        return (float*)((address + LineBytes - 1) & ~(nuint)(LineBytes - 1));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float[] Grow(int length) =>
        _buffer = GC.AllocateUninitializedArray<float>(length + (LineBytes / sizeof(float)), pinned: true);
}
