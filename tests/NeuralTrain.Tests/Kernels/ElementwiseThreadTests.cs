using System.Runtime.InteropServices;
using NeuralTrain.Kernels;
using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Kernels;

/// <summary>The bits do not depend on the number of threads, and nothing is allocated.</summary>
[Collection(ComputeTestGroup.Name)]
public sealed class ElementwiseThreadTests
{
    [Fact]
    public void One_two_and_seven_threads_give_the_same_bits()
    {
        int before = Compute.MaxThreads;
        try
        {
            Compute.MaxThreads = 1;
            float[] one = Everything();
            foreach (int threads in (int[])[2, 3, 7])
            {
                Compute.MaxThreads = threads;
                Guarded.Bits(Everything()).AsSpan().SequenceEqual(Guarded.Bits(one)).Should().BeTrue("{0} threads give the bits of one", threads);
            }
        }
        finally
        {
            Compute.MaxThreads = before;
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        float[] x = Guarded.Random(100_000, 1);
        var y = new float[x.Length];
        var sums = new float[100];
        Allocation.PerCall(Run).Should().Be(0);

        void Run()
        {
            Elementwise.Map(x, y, new TestFormulas.One(2));
            Elementwise.Map(x, new PerColumn(sums), y, default(TestFormulas.Two));
            Reduce.AddColumnSums(x, sums.AsSpan(), default(Itself));
            Reduce.Sum(x, y, default(Product));
            SoftmaxRows.Forward<SoftmaxRows.Plain>(x, y, 1000, 100);
            SoftmaxRows.CrossEntropy(x, x, y, 1000, 100, [], [], 0.1f, 1);
            CounterRandom.FillNormal(y, 1, 2, 0, 1);
        }
    }

    /// <summary>The results of every operation that may use threads, at sizes where it does, in one array.</summary>
    private static float[] Everything()
    {
        const int rows = 999;
        const int columns = 101;
        const int n = rows * columns;
        float[] x = Guarded.Random(n, 41);
        float[] y = Guarded.Random(n, 42);
        float[] a = Guarded.Random(columns, 43);
        var results = new List<float>();
        var r = new float[n];
        Elementwise.Map(x, r, new TestFormulas.One(2));
        results.AddRange(r);
        Elementwise.Map(x, new PerColumn(a), r, default(TestFormulas.Two));
        results.AddRange(r);
        Elementwise.Map(x, new PerColumn(y), r, default(TestFormulas.Two));
        results.AddRange(r);

        // Rows of whole registers take another loop.
        var whole = new float[500 * 64];
        Elementwise.Map(x.AsSpan(0, whole.Length), new PerColumn(a.AsSpan(0, 64)), whole, default(TestFormulas.Two));
        results.AddRange(whole);
        float[] value = [.. x];
        float[] gradient = [.. y];
        float[] state1 = [.. y];
        float[] state2 = [.. x];
        Elementwise.Update(value, gradient, state1, state2, new TestFormulas.Update2(0.1f));
        results.AddRange([.. value, .. gradient, .. state1, .. state2]);
        float[] sums = [.. a];
        Reduce.AddColumnSums(x, new Whole(y), sums.AsSpan(), default(Product));
        results.AddRange(sums);
        var wideSums = new double[columns];
        Reduce.AddColumnSums(x, new PerColumn(a), wideSums.AsSpan(), default(Product));
        results.AddRange(wideSums.SelectMany(sum => MemoryMarshal.Cast<byte, float>(BitConverter.GetBytes(sum)).ToArray()));
        SoftmaxRows.Forward<SoftmaxRows.Plain>(x, r, rows, columns);
        results.AddRange(r);
        double loss = SoftmaxRows.CrossEntropy(x, [.. r], r, rows, columns, [], [], 0.1f, 1);
        results.AddRange(r);
        results.Add(BitConverter.Int32BitsToSingle((int)(BitConverter.DoubleToInt64Bits(loss) >> 32)));
        results.Add(BitConverter.Int32BitsToSingle((int)BitConverter.DoubleToInt64Bits(loss)));
        CounterRandom.FillUniform(r, 7, 13);
        results.AddRange(r);
        CounterRandom.FillNormal(r, 7, 13, 1, 2);
        results.AddRange(r);
        CounterRandom.Dropout(x, value, r, 7, 13, 0.4f, 1.5f);
        results.AddRange([.. value, .. r]);
        return [.. results];
    }
}
