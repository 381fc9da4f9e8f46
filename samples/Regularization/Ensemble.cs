using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Samples;

/// <summary>Dropout as an ensemble (L4.6): 100 random passes on average against the single pass of prediction, with their spread as an uncertainty.</summary>
internal static class Ensemble
{
    private const double Noise = 0.1;

    public static void Run(SampleRun sample)
    {
        Dataset waves = Waves(sample.NewRandom());
        Random random = sample.NewRandom();
        var network = new Sequential(
            new Linear(1, 128, random), new ReLU(), new Dropout(0.1, random),
            new Linear(128, 128, random), new ReLU(), new Dropout(0.1, random),
            new Linear(128, 1, random));
        var trainer = new Trainer(network, new MeanSquaredError(), new Adam(network, 0.003)) { BatchSize = 50, Schedule = new CosineDecay(), Seed = (ulong)sample.Seed };
        trainer.Fit(waves, epochs: sample.Quick ? 200 : 1_000, cancellationToken: sample.Stop);

        double[] places = [.. Enumerable.Range(0, 241).Select(i => -6 + (i * 0.05))];
        var inputs = new Matrix([.. places.Select(place => (float)place)], places.Length, 1);
        MonteCarloPrediction many = MonteCarlo.Predict(network, inputs, passes: 100, sample.Seed);
        Matrix single = network.Predict(inputs);
        Draw(sample, waves, places, many, single);

        int[] within = [.. Enumerable.Range(0, places.Length).Where(i => HasData(places[i]))];
        int[] outside = [.. Enumerable.Range(0, places.Length).Where(i => Math.Abs(places[i]) > 5)];
        double difference = within.Average(i => Math.Abs(many.Mean[i, 0] - single[i, 0]));
        (double near, double far) = (within.Average(i => many.Deviation[i, 0]), outside.Average(i => many.Deviation[i, 0]));
        sample.Claim("Where there are data, 100 passes agree on average with the single pass to within their spread", difference < near, $"{difference:0.000} against {near:0.000}");
        sample.Claim("Beyond the data they are less of one opinion: the spread is at least half as large again", far > 1.5 * near, $"{far:0.000} against {near:0.000}");
    }

    private static bool HasData(double place) => Math.Abs(place) is >= 1 and <= 4;

    // A sine with noise; nothing is known of the middle and beyond the ends.
    private static Dataset Waves(Random random)
    {
        var normal = new Normal(Noise);
        var inputs = new Matrix(200, 1);
        var targets = new Matrix(200, 1);
        normal.Fill(targets.Span, 1, 1, random);
        for (int row = 0; row < inputs.Rows; row++)
        {
            double place = (1 + (3 * random.NextDouble())) * (row % 2 == 0 ? 1 : -1);
            inputs[row, 0] = (float)place;
            targets[row, 0] += (float)Math.Sin(place);
        }

        return new Dataset(inputs, targets);
    }

    private static void Draw(SampleRun sample, Dataset waves, double[] places, MonteCarloPrediction many, Matrix single)
    {
        double[] mean = [.. many.Mean.Span.ToArray().Select(value => (double)value)], deviation = [.. many.Deviation.Span.ToArray().Select(value => (double)value)];
        Plot plot = Picture.New("Dropout as an ensemble", "input", "output");
        FillY band = plot.Add.FillY(places, [.. mean.Zip(deviation, (m, d) => m - (2 * d))], [.. mean.Zip(deviation, (m, d) => m + (2 * d))]);
        (band.FillColor, band.LineWidth, band.LegendText) = (Picture.Color(5).WithAlpha(0.35), 0, "mean ± 2 deviations");
        Scatter average = plot.Add.ScatterLine(places, mean, Picture.Color(0));
        (average.LineWidth, average.LegendText) = (2, "mean of 100 passes");
        Scatter once = plot.Add.ScatterLine(places, [.. single.Span.ToArray().Select(value => (double)value)], Picture.Color(1));
        (once.LineWidth, once.LinePattern, once.LegendText) = (2, LinePattern.Dashed, "single pass, nothing dropped");
        Coordinates[] data = [.. Enumerable.Range(0, waves.Inputs.Rows).Select(row => new Coordinates(waves.Inputs[row, 0], waves.Targets[row, 0]))];
        Markers points = plot.Add.Markers(data, MarkerShape.FilledCircle, 4, Picture.Color(6));
        points.LegendText = "training data";
        Picture.ShowLegend(plot, Edge.Bottom);
        sample.Save(plot, "regularization-ensemble.png");
    }
}
