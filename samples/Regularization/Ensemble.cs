using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Samples;

/// <summary>Dropout as an ensemble (L4.6): 100 random passes on average against the single pass of prediction, with their spread as an uncertainty.</summary>
internal static class Ensemble
{
    public static void Run(SampleRun sample)
    {
        // A sine with noise; nothing is known of the middle and beyond the ends.
        (Random random, var normal) = (sample.NewRandom(), new Normal(0.1));
        Dataset waves = Dataset.From(Enumerable.Range(0, 200).Select(i => (float)(1 + (3 * random.NextDouble())) * (i % 2 == 0 ? 1 : -1)), x => [x], x =>
        {
            float[] noisy = [0];
            normal.Fill(noisy, 1, 1, random);
            return [noisy[0] + MathF.Sin(x)];
        });
        SampleRun.Say($"L4.6: 1-128-128-1 with p = 0.1 on {waves}, a sine with noise.");
        var network = new Sequential(
            new Linear(1, 128, random), new ReLU(), new Dropout(0.1, random), new Linear(128, 128, random), new ReLU(), new Dropout(0.1, random), new Linear(128, 1, random));
        var trainer = new Trainer(network, new MeanSquaredError(), new Adam(network, 0.003)) { BatchSize = 50, Schedule = new CosineDecay(), Seed = (ulong)sample.Seed };
        sample.Fit(trainer, waves, validation: null, epochs: sample.Quick ? 200 : 1_000);

        double[] places = [.. Enumerable.Range(0, 241).Select(i => -6 + (i * 0.05))];
        var inputs = new Matrix([.. places.Select(place => (float)place)], places.Length, 1);
        MonteCarloPrediction many = MonteCarlo.Predict(network, inputs, passes: 100, sample.Seed);
        (double[] mean, double[] deviation, double[] single) = (many.Mean.Doubles(), many.Deviation.Doubles(), network.Predict(inputs).Doubles());

        Plot plot = Picture.New("Dropout as an ensemble", "input", "output");
        FillY band = plot.Add.FillY(places, [.. mean.Zip(deviation, (m, d) => m - (2 * d))], [.. mean.Zip(deviation, (m, d) => m + (2 * d))]);
        (band.FillColor, band.LineWidth, band.LegendText) = (Picture.Color(5).WithAlpha(0.35), 0, "mean ± 2 deviations");
        plot.AddLine(places, mean, "mean of 100 passes", color: 0);
        plot.AddLine(places, single, "single pass", color: 1, LinePattern.Dashed);
        Scatter points = plot.AddLine(waves.Inputs.Doubles(), waves.Targets.Doubles(), "training data", color: 6);
        (points.LineWidth, points.MarkerSize) = (0, 4);
        Picture.ShowLegend(plot);
        sample.Save(plot, "regularization-ensemble.png");

        int[] within = [.. Enumerable.Range(0, places.Length).Where(i => Math.Abs(places[i]) is >= 1 and <= 4)];
        double difference = within.Average(i => Math.Abs(mean[i] - single[i])), near = within.Average(i => deviation[i]);
        double far = Enumerable.Range(0, places.Length).Where(i => Math.Abs(places[i]) > 5).Average(i => deviation[i]);
        sample.Claim("Where there are data, 100 passes agree on average with the single pass to within their spread", difference < near, $"{difference:0.000} against {near:0.000}");
        sample.Claim("Beyond the data they are less of one opinion: the spread is at least half as large again", far > 1.5 * near, $"{far:0.000} against {near:0.000}");
    }
}
