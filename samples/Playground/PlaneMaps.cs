using System.Numerics.Tensors;

namespace NeuralTrain.Samples;

/// <summary>What each hidden unit and the output give over the plane, as bytes to be shown as colours. Its memory is used again for each frame.</summary>
internal sealed class PlaneMaps
{
    /// <summary>Cells along a side of the output's map, and of a unit's.</summary>
    public const int Side = 60, UnitSide = 30;

    // The plane passes through the network in bands of ten lines: what a layer gives for one stays in the processor's cache.
    private const int Stride = Side / UnitSide, UnitCells = UnitSide * UnitSide, BandLines = 10, BandCells = BandLines * Side;

    private readonly Matrix _grid;
    private readonly float[][] _bands = [new float[BandCells * Setup.MostUnits], new float[BandCells * Setup.MostUnits]];
    private readonly float[] _units, _output = new float[Side * Side];

    public PlaneMaps(Experiment experiment)
    {
        _grid = new Matrix(Side * Side, 2);
        double scale = experiment.Setup.InputScale * Setup.Reach;
        for (int cell = 0; cell < Side * Side; cell++)
        {
            // The middles of the cells, from the upper left.
            _grid[cell, 0] = (float)(scale * ((2 * ((cell % Side) + 0.5) / Side) - 1));
            _grid[cell, 1] = (float)(scale * (1 - (2 * ((cell / Side) + 0.5) / Side)));
        }

        _units = new float[UnitCells * experiment.Blocks.SkipLast(1).Sum(block => block.Units)];
    }

    /// <summary>Writes the map of each unit, layer by layer, relative to its greatest value, and then the output's, from one class to the other.</summary>
    public void Write(Experiment experiment, Stream stream)
    {
        for (int line = 0; line < Side; line += BandLines)
        {
            PassBand(experiment, line);
        }

        var bytes = new byte[_units.Length + _output.Length];
        for (int start = 0; start < _units.Length; start += UnitCells)
        {
            ReadOnlySpan<float> unit = _units.AsSpan(start, UnitCells);
            float greatest = Math.Abs(TensorPrimitives.MaxMagnitude(unit));
            Shade(unit, factor: 1 / Math.Max(greatest, 1e-12f), bytes.AsSpan(start));
        }

        double middle = experiment.Middle;
        if (experiment.Loss.OutputKind == OutputKind.BinaryScores)
        {
            // σ(s) goes from 0 to 1 as tanh(s/2) goes from −1 to 1.
            TensorPrimitives.Multiply(_output, 0.5f, _output);
            TensorPrimitives.Tanh<float>(_output, _output);
        }
        else if (!experiment.Setup.IsRegression)
        {
            TensorPrimitives.Subtract(_output, (float)middle, _output);
            TensorPrimitives.Multiply(_output, 2, _output);
        }

        Shade(_output, factor: 1, bytes.AsSpan(_units.Length));
        stream.Write(bytes);
    }

    private void PassBand(Experiment experiment, int line)
    {
        Matrix current = _grid.SliceRows(line * Side, BandCells);
        (int block, int firstUnit) = (0, 0);
        for (int i = 0; i < experiment.Network.Children.Count; i++)
        {
            Layer layer = experiment.Network.Children[i];
            var next = new Matrix(_bands[i % 2], 0, BandCells, layer.OutputSize(current.Columns));
            layer.Infer(current, next);
            current = next;
            if (i == experiment.Blocks[block].Values && block < experiment.Blocks.Count - 1)
            {
                Keep(current, line, firstUnit);
                firstUnit += experiment.Blocks[block++].Units;
            }
        }

        current.Span.CopyTo(_output.AsSpan(line * Side));
    }

    // Every second cell of every second line, unit by unit.
    private void Keep(Matrix values, int line, int firstUnit)
    {
        int units = values.Columns;
        ReadOnlySpan<float> all = values.Span;
        for (int unit = 0; unit < units; unit++)
        {
            Span<float> map = _units.AsSpan(((firstUnit + unit) * UnitCells) + (line / Stride * UnitSide), BandCells / Stride / Stride);
            for (int cell = 0; cell < map.Length; cell++)
            {
                map[cell] = all[(((cell / UnitSide * Stride * Side) + (cell % UnitSide * Stride)) * units) + unit];
            }
        }
    }

    private static void Shade(ReadOnlySpan<float> values, float factor, Span<byte> shades)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i] * factor;
            shades[i] = (byte)(128.5f + (127 * (float.IsNaN(value) ? 0 : Math.Clamp(value, -1, 1))));
        }
    }
}
