using System.Runtime.Intrinsics;
using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

public sealed unsafe class ColumnSumsTests
{
    private static readonly int[] Sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 257];

    [Fact]
    [Trait("Lecture", "L1.2")]
    public void Sums_over_rows_agree_with_the_plain_formula_at_every_width_and_are_added()
    {
        var random = new Random(5);
        foreach (int rows in Sizes)
        {
            foreach (int columns in Sizes)
            {
                PaddedArray values = PaddedArray.Random(rows * columns, random);
                float[] before = PaddedArray.Random(columns, random).Values.ToArray();
                var expected = new double[columns];
                var bounds = new double[columns];
                for (int j = 0; j < columns; j++)
                {
                    (expected[j], double magnitude) = (before[j], Math.Abs(before[j]));
                    for (int i = 0; i < rows; i++)
                    {
                        double value = values.Values[(i * columns) + j];
                        expected[j] += value;
                        magnitude += Math.Abs(value);
                    }

                    bounds[j] = (rows + 2) * Math.ScaleB(1, -24) * magnitude;
                }

                foreach (int width in (int[])[0, .. ProductWidth.All])
                {
                    var sums = new PaddedArray(columns);
                    before.CopyTo(sums.Values);
                    Add(width, values, sums, rows, columns);

                    for (int j = 0; j < columns; j++)
                    {
                        if (!(Math.Abs(sums.Values[j] - expected[j]) <= bounds[j]))
                        {
                            Assert.Fail($"{rows}×{columns} at width {width}: [{j}] is {sums.Values[j]:R}, expected {expected[j]:R}");
                        }
                    }

                    (sums.IsPaddingIntact && values.IsPaddingIntact).Should().BeTrue("{0}×{1} at width {2}", rows, columns, width);
                }
            }
        }
    }

    [Fact]
    public void A_value_that_is_not_finite_reaches_its_own_column_only()
    {
        foreach (int width in ProductWidth.All)
        {
            PaddedArray values = PaddedArray.Random(9 * 37, new Random(1));
            values.Values[(5 * 37) + 35] = float.NaN;
            values.Values[(8 * 37) + 3] = float.NegativeInfinity;
            var sums = new PaddedArray(37);
            sums.Values.Clear();

            Add(width, values, sums, 9, 37);

            for (int j = 0; j < 37; j++)
            {
                float.IsNaN(sums.Values[j]).Should().Be(j == 35);
                float.IsNegativeInfinity(sums.Values[j]).Should().Be(j == 3);
            }
        }
    }

    private static void Add(int width, PaddedArray values, PaddedArray sums, int rows, int columns)
    {
        fixed (float* source = values.Values, target = sums.Values)
        {
            switch (width)
            {
                case 512: ColumnSums<Register512, Vector512<float>>.Add(source, target, rows, columns); break;
                case 256: ColumnSums<Register256, Vector256<float>>.Add(source, target, rows, columns); break;
                case 128: ColumnSums<Register128, Vector128<float>>.Add(source, target, rows, columns); break;
                case 32: ColumnSums<Register1, float>.Add(source, target, rows, columns); break;
                default: Products.AddColumnSums(values.Values, sums.Values, rows, columns); break;
            }
        }
    }
}
