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

    [Fact]
    public void The_bits_do_not_depend_on_the_number_of_parts()
    {
        foreach (int width in ProductWidth.All)
        {
            foreach ((int rows, int columns) in ((int, int)[])[(130, 300), (7, 33), (40, 16), (9, 5)])
            {
                PaddedArray values = PaddedArray.Random(rows * columns, new Random(2));
                var alone = new PaddedArray(columns);
                alone.Values.Fill(0.5f);
                Add(width, values, alone, rows, columns);
                foreach (int parts in (int[])[2, 3, 7])
                {
                    var divided = new PaddedArray(columns);
                    divided.Values.Fill(0.5f);
                    Add(width, values, divided, rows, columns, parts);

                    divided.Values.SequenceEqual(alone.Values).Should().BeTrue("{0}×{1} at width {2} in {3} parts", rows, columns, width, parts);
                    divided.IsPaddingIntact.Should().BeTrue();
                }
            }
        }
    }

    private static void Add(int width, PaddedArray values, PaddedArray sums, int rows, int columns, int parts = 1)
    {
        fixed (float* source = values.Values, target = sums.Values)
        {
            switch (width)
            {
                case 512: ColumnSums<Register512, Vector512<float>>.Run(source, target, rows, columns, parts); break;
                case 256: ColumnSums<Register256, Vector256<float>>.Run(source, target, rows, columns, parts); break;
                case 128: ColumnSums<Register128, Vector128<float>>.Run(source, target, rows, columns, parts); break;
                case 32: ColumnSums<Register1, float>.Run(source, target, rows, columns, parts); break;
                default: Products.AddColumnSums(values.Values, sums.Values, rows, columns); break;
            }
        }
    }
}
