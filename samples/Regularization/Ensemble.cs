namespace NeuralTrain.Samples;

/// <summary>Dropout as an ensemble (L4.6): 100 random passes compared with the single one of prediction, with their spread as an uncertainty.</summary>
internal static class Ensemble
{
    public static void Run(SampleRun sample)
    {
        // A sine with noise; there are no points in the middle and beyond the ends.
        (Random random, float[] noise) = (sample.NewRandom(), [0]);
        IEnumerable<float> known = Enumerable.Range(0, 200).Select(i => (float)(1 + (3 * random.NextDouble())) * (i % 2 == 0 ? 1 : -1));
        Dataset waves = Dataset.From(known, x => [x], x =>
        {
            new Normal(0.1).Fill(noise, 1, 1, random);
            return [noise[0] + MathF.Sin(x)];
        });
        SampleRun.Say($"L4.6: 1-128-128-1 with p = 0.1 on {waves}, a sine with noise.");
        Sequential network = Perceptron.New(random, [1, 128, 128, 1], dropout: 0.1);
        var trainer = new Trainer(network, new MeanSquaredError(), new Adam(network, 0.003))
        { BatchSize = 50, Schedule = new CosineDecay(), Seed = (ulong)sample.Seed };
        sample.Fit(trainer, waves, validation: null, epochs: sample.Quick ? 200 : 1_000);

        double[] places = [.. Enumerable.Range(0, 241).Select(i => -6 + (i * 0.05))];
        var inputs = new Matrix([.. places.Select(place => (float)place)], places.Length, 1);
        MonteCarloPrediction many = MonteCarlo.Predict(network, inputs, passes: 100, (ulong)sample.Seed);
        double[] mean = many.Mean.Doubles(), deviation = many.StandardDeviation.Doubles(), single = network.Predict(inputs).Doubles();

        Plot plot = Picture.New("Dropout as an ensemble", "input", "output");
        double[] lower = [.. mean.Zip(deviation, (m, d) => m - (2 * d))], upper = [.. mean.Zip(deviation, (m, d) => m + (2 * d))];
        ScottPlot.Plottables.FillY band = plot.Add.FillY(places, lower, upper);
        (band.FillColor, band.LineWidth, band.LegendText) = (Picture.Color(5).WithAlpha(0.35), 0, "mean ± 2 deviations");
        plot.AddLine(places, mean, "mean of 100 passes", color: 0);
        plot.AddLine(places, single, "single pass", color: 1, LinePattern.Dashed);
        plot.AddPoints(waves.Inputs.Doubles(), waves.Targets.Doubles(), "training data", color: 6, size: 4);
        sample.Save(plot, "regularization-ensemble.png");

        double Average(Func<double, bool> where, double[] values) => values.Where((_, i) => where(Math.Abs(places[i]))).Average();
        double near = Average(place => place is >= 1 and <= 4, deviation), far = Average(place => place > 5, deviation);
        double difference = Average(place => place is >= 1 and <= 4, [.. mean.Zip(single, (m, s) => Math.Abs(m - s))]);
        sample.Claim("Where there is data, 100 passes agree on average with the single pass to within their spread",
            difference < near, $"{difference:0.000} against {near:0.000}");
        sample.Claim("Beyond the data they agree less: the spread is at least half as large again",
            far > 1.5 * near, $"{far:0.000} against {near:0.000}");
    }
}
