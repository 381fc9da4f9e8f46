using System.Globalization;
using ScottPlot;
using ScottPlot.Colormaps;
using ScottPlot.Plottables;

namespace NeuralTrain;

/// <summary>Draws what a network with two inputs decides at every point of the plane, under the data it learnt from.</summary>
public static class DecisionBoundaryPicture
{
    /// <summary>The number of points predicted along each side of the plane.</summary>
    private const int Side = 240;

    /// <summary>More characters of a class's name would leave no room for the plane next to the legend.</summary>
    private const int LongestName = 20;

    private static readonly MarkerShape[] Shapes =
        [MarkerShape.FilledCircle, MarkerShape.FilledTriangleUp, MarkerShape.FilledSquare, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleDown];

    /// <summary>Draws the regions of the classes into a file.</summary>
    /// <param name="network">A network with two inputs, or with two that vary in the data. It is not changed.</param>
    /// <param name="data">The points to draw above the regions; with two input columns, or with two that vary: a column of 1 as the bias keeps its value.</param>
    /// <param name="outputs">What the network's outputs mean: the <c>OutputKind</c> of its loss.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <param name="title">The title. Default: the name of the kind of picture.</param>
    /// <param name="width">In pixels, 100 to 10 000. Default 800.</param>
    /// <param name="height">In pixels, 100 to 10 000. Default 500.</param>
    /// <remarks>
    /// With one output, the shade follows the probability of class 1: the logistic function of a score
    /// (<see cref="OutputKind.BinaryScores"/>), the output itself clipped to 0 … 1 (<see cref="OutputKind.Values"/>, a network ending in a sigmoid), or half of the
    /// margin + 1 (<see cref="OutputKind.Margins"/>). With several outputs, the colour is the class of the largest.
    /// </remarks>
    /// <exception cref="ArgumentException">There are not two inputs that vary, or the file name has another extension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range.</exception>
    public static void SaveDecisionBoundary(
        this Sequential network, Dataset data, OutputKind outputs, string path, string title = "Decision boundary",
        int width = Picture.DefaultWidth, int height = Picture.DefaultHeight) =>
        Picture.Save(network.ToDecisionBoundary(data, outputs, title), path, width, height);

    /// <summary>The same picture as a chart, to add to or to draw elsewhere.</summary>
    /// <param name="network">A network with two inputs, or with two that vary in the data. It is not changed.</param>
    /// <param name="data">The points to draw above the regions; with two input columns, or with two that vary: a column of 1 as the bias keeps its value.</param>
    /// <param name="outputs">What the network's outputs mean: the <c>OutputKind</c> of its loss.</param>
    /// <param name="title">The title. Default: the name of the kind of picture.</param>
    /// <returns>A new chart.</returns>
    /// <exception cref="ArgumentException">There are not two inputs that vary.</exception>
    public static Plot ToDecisionBoundary(this Sequential network, Dataset data, OutputKind outputs, string title = "Decision boundary")
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        int[] axes = AxesOf(data);
        if (axes.Length != 2 || (network.InputSize ?? data.InputSize) != data.InputSize)
        {
            throw new ArgumentException(
                $"A decision boundary is drawn in the plane: it needs 2 inputs that vary, received a network of {network.InputSize?.ToString(CultureInfo.InvariantCulture) ?? "any"} and data of " +
                $"{data.InputSize}, of which {axes.Length} vary. Train a network on two of the columns to look at them.",
                nameof(data));
        }

        string[] names = data.InputNames.Count > 0 ? [.. axes.Select(axis => data.InputNames[axis])] : ["first input", "second input"];
        Plot plot = Picture.New(title, names[0], names[1]);
        CoordinateRect plane = PlaneOf(data.Inputs, axes);
        AddRegions(plot, network, outputs, plane, data.Inputs.Row(0), axes);
        AddPoints(plot, data, outputs, axes);
        plot.Axes.SetLimits(plane);
        Picture.ShowLegend(plot);
        return plot;
    }

    private static void AddRegions(Plot plot, Sequential network, OutputKind outputs, CoordinateRect plane, ReadOnlySpan<float> others, int[] axes)
    {
        var points = new Matrix(Side * Side, others.Length);
        for (int row = 0; row < Side; row++)
        {
            for (int column = 0; column < Side; column++)
            {
                // The middles of the cells; the first row is the uppermost.
                others.CopyTo(points.Row((row * Side) + column));
                points[(row * Side) + column, axes[0]] = (float)(plane.Left + (plane.Width * (column + 0.5) / Side));
                points[(row * Side) + column, axes[1]] = (float)(plane.Top - (plane.Height * (row + 0.5) / Side));
            }
        }

        Matrix answers = network.Predict(points);
        int classes = Math.Max(2, answers.Columns);
        var shades = new double[Side, Side];
        for (int i = 0; i < answers.Rows; i++)
        {
            shades[i / Side, i % Side] = answers.Columns == 1 ? Probability(answers[i, 0], outputs) : LargestOf(answers.Row(i));
        }

        Heatmap regions = plot.Add.Heatmap(shades);
        // The edges of the outermost cells; ScottPlot's Position would mean their middles, and stretch the regions by a cell.
        regions.Rectangle = plane;
        regions.ManualRange = new ScottPlot.Range(0, classes - 1);
        regions.Colormap = answers.Columns == 1
            ? new CustomInterpolated([Tint(0, 0.75), Colors.White, Tint(1, 0.75)])
            : new CustomPalette([.. Enumerable.Range(0, classes).Select(c => Tint(c, 0.65))], "classes");
    }

    private static void AddPoints(Plot plot, Dataset data, OutputKind outputs, int[] axes)
    {
        int classes = Math.Max(2, data.TargetSize);
        string[] names = Names.Cut([.. Enumerable.Range(0, classes).Select(c => c < data.Classes.Count ? data.Classes[c] : $"class {c}")], LongestName);
        for (int c = 0; c < classes; c++)
        {
            Coordinates[] points =
            [
                .. Enumerable.Range(0, data.Inputs.Rows).Where(row => ClassOf(data.Targets.Row(row), outputs) == c)
                    .Select(row => new Coordinates(data.Inputs[row, axes[0]], data.Inputs[row, axes[1]])),
            ];
            if (points.Length == 0)
            {
                continue;
            }

            Markers markers = plot.Add.Markers(points, Shapes[c % Shapes.Length], size: 7, Picture.Color(c));
            markers.MarkerLineColor = Colors.White;
            markers.MarkerLineWidth = 0.5f;
            markers.LegendText = names[c];
        }
    }

    // The two columns, or of more the two that vary.
    private static int[] AxesOf(Dataset data) => data.InputSize == 2 ? [0, 1]
        : [.. Enumerable.Range(0, data.InputSize).Where(column => Enumerable.Range(1, data.Inputs.Rows - 1).Any(row => data.Inputs[row, column] != data.Inputs[0, column]))];

    private static CoordinateRect PlaneOf(Matrix inputs, int[] axes)
    {
        (double left, double right) = RangeOf(inputs, axes[0]);
        (double bottom, double top) = RangeOf(inputs, axes[1]);
        return new CoordinateRect(left, right, bottom, top);
    }

    // A tenth is left free on both sides; a column with a single value gets 1.
    private static (double Low, double High) RangeOf(Matrix inputs, int column)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (int row = 0; row < inputs.Rows; row++)
        {
            low = Math.Min(low, inputs[row, column]);
            high = Math.Max(high, inputs[row, column]);
        }

        double margin = high > low ? (high - low) / 10 : 1;
        return (low - margin, high + margin);
    }

    private static double Probability(double output, OutputKind outputs) => outputs switch
    {
        OutputKind.BinaryScores => 1 / (1 + Math.Exp(-output)),
        OutputKind.Margins => Math.Clamp((output + 1) / 2, 0, 1),
        _ => Math.Clamp(output, 0, 1),
    };

    private static int ClassOf(ReadOnlySpan<float> target, OutputKind outputs) =>
        target.Length > 1 ? LargestOf(target) : target[0] > (outputs == OutputKind.Margins ? 0 : 0.5) ? 1 : 0;

    private static int LargestOf(ReadOnlySpan<float> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
        {
            largest = values[i] > values[largest] ? i : largest;
        }

        return largest;
    }

    private static Color Tint(int index, double whiteness) => Picture.Color(index).MixedWith(Colors.White, whiteness);
}
