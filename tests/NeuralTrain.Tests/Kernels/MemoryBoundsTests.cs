using System.Runtime.InteropServices;
using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

/// <summary>Operands that end where memory ends: whatever reads or writes beyond crashes the program, with this test in the stack that it prints.</summary>
public sealed partial class MemoryBoundsTests
{
    [Fact]
    public void Kernels_touch_nothing_beyond_the_end_of_their_operands()
    {
        if (!OperatingSystem.IsLinux()) return;
        using Fence a = new(), b = new(), c = new(), d = new();
        for (int columns = 1; columns <= 67; columns++)
        {
            foreach (int rows in new[] { 1, 3 })
            {
                int count = rows * columns;
                Span<float> x = a.Last<float>(count), y = b.Last<float>(count), result = c.Last<float>(count), row = d.Last<float>(columns);
                Elementwise.Map(x, result, new TestFormulas.One(1));
                Elementwise.Map(x, y, result, default(TestFormulas.Two));
                Elementwise.Map(x, y, d.Last<float>(count), result, default(TestFormulas.Three));
                Elementwise.Map(x, new Whole(y), new PerColumn(row), result, default(TestFormulas.Three));
                Elementwise.Update(x, y, result, d.Last<float>(count), new TestFormulas.Update2(1));
                Reduce.Sum(x, y, default(TestFormulas.Two));
                Reduce.AddColumnSums(x, new Whole(y), row, default(TestFormulas.Two));
                SoftmaxRows.Forward<SoftmaxRows.Plain>(x, result, rows, columns);
                SoftmaxRows.Forward<SoftmaxRows.Logarithmic>(x, result, rows, columns);
                SoftmaxRows.Backward<SoftmaxRows.Plain>(x, y, result, rows, columns);
                SoftmaxRows.Backward<SoftmaxRows.Logarithmic>(x, y, result, rows, columns);
                SoftmaxRows.CrossEntropy(x, y, result, rows, columns, row, [], 0, 1);
                Span<int> first = d.Last<int>(rows);
                first.Clear();
                RowGather.Run(x, first, result, columns);
                MaxPieces.Forward(a.Last<float>(2 * count), result, y, rows, columns, pieces: 2);
                MaxPieces.Backward(y, result, a.Last<float>(2 * count), rows, columns, pieces: 2);
                foreach (int inner in new[] { 1, 5, 17, 64 })
                {
                    Products.TimesTransposed(a.Last<float>(rows * inner), b.Last<float>(columns * inner), row, result, rows, columns, inner);
                    Products.Times(a.Last<float>(rows * columns), b.Last<float>(columns * inner), c.Last<float>(rows * inner), rows, columns, inner);
                    Products.AddTransposedTimes(a.Last<float>(inner * columns), b.Last<float>(inner * rows), result, inner, columns, rows);
                }
            }
        }
    }

    /// <summary>Memory before a page that nobody may touch.</summary>
    private sealed unsafe partial class Fence : IDisposable
    {
        private const int Bytes = 1 << 16, Readable = 1, Writable = 2, PrivateAndAnonymous = 0x22;
        private readonly byte* _start = (byte*)Map(0, Bytes + Environment.SystemPageSize, Readable | Writable, PrivateAndAnonymous, -1, 0);

        public Fence() => Protect((nint)_start + Bytes, Environment.SystemPageSize, 0).Should().Be(0);

        public Span<T> Last<T>(int count)
            where T : unmanaged => new(_start + Bytes - (count * sizeof(T)), count);

        public void Dispose() => _ = Unmap((nint)_start, Bytes + Environment.SystemPageSize);

        [LibraryImport("libc", EntryPoint = "mmap")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

        [LibraryImport("libc", EntryPoint = "mprotect")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static partial int Protect(nint address, nint length, int protection);

        [LibraryImport("libc", EntryPoint = "munmap")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static partial int Unmap(nint address, nint length);
    }
}
