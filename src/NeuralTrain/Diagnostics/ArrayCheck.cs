namespace NeuralTrain;

/// <summary>Checks the gradient of one array, or of a random sample of a long one.</summary>
internal static class ArrayCheck
{
    /// <summary>Compares what the backward pass gave with measured slopes.</summary>
    public static GradientCheckRow Run(CheckedArray array, SlopeProbe probe, GradientCheckOptions options, Random random)
    {
        Span<float> values = array.Values.Span;
        int[] places = Sample(values.Length, options.ValuesPerArray, random);
        double size = RootMeanSquare(values);
        size = size > 0 ? size : 1;

        // The rounding seen at one value alone may be small by luck: what is typical of the array counts as well.
        double[] roundings = new double[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            ref float value = ref values[places[i]];
            roundings[i] = probe.MeasureRounding(ref value, value != 0 ? Math.Abs(value) : size);
        }

        double typical = 1.5 * Median(roundings);

        // Backward sums in float32 too: a gradient a thousand times smaller than its neighbours has lost digits to them.
        double least = 1e-3 * RootMeanSquare(array.Analytic);
        var tally = new Tally { Worst = double.NaN, Place = -1, FirstKink = -1 };
        for (int i = 0; i < places.Length; i++)
        {
            int place = places[i];
            double own = Math.Abs(values[place]);
            Slope slope = probe.Measure(
                ref values[place], longest: Math.Max(Math.Max(size, own), 0.5), shortest: own > 0 ? own : size,
                Math.Max(typical, roundings[i]), least, claim: array.Analytic[place]);
            Judge(ref tally, place, array.Analytic[place], slope, least, options.Tolerance);
        }

        return new GradientCheckRow(array.Name, values.Length)
        {
            Checked = places.Length,
            Agreeing = tally.Agreeing,
            Wrong = tally.Wrong,
            OnKinks = tally.OnKinks,
            Unresolved = tally.Unresolved,
            NotFinite = tally.NotFinite,
            WorstError = tally.Worst,
            WorstAt = tally.Place < 0 ? "" : array.Place(tally.Place),
            Analytic = tally.Analytic,
            Numeric = tally.Numeric,
            FirstKinkAt = tally.FirstKink < 0 ? "" : array.Place(tally.FirstKink),
        };
    }

    /// <summary>√(Σx²/n) over the finite values.</summary>
    public static double RootMeanSquare(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += float.IsFinite(value) ? (double)value * value : 0;
        }

        return Math.Sqrt(sum / Math.Max(1, values.Length));
    }

    private static void Judge(ref Tally tally, int place, double analytic, Slope slope, double least, double tolerance)
    {
        double scale = Math.Max(least, Math.Max(Math.Abs(analytic), Math.Abs(slope.Value)));
        double difference = Math.Abs(analytic - slope.Value);
        if (!double.IsFinite(analytic))
        {
            tally.Wrong++;
            tally.Note(place, double.PositiveInfinity, analytic, slope.Value);
        }
        else if (!slope.IsFinite)
        {
            tally.NotFinite++;
        }
        else if (slope.IsKink)
        {
            tally.OnKinks++;
            tally.FirstKink = tally.FirstKink < 0 ? place : tally.FirstKink;
        }
        else if (slope.RefutesClaim && difference > (tolerance * scale) + slope.Error)
        {
            tally.Wrong++;
            tally.Note(place, difference / scale, analytic, slope.Value);
        }
        else if (difference == 0 || (slope.Error <= tolerance * scale && difference <= (tolerance * scale) + slope.Error))
        {
            tally.Agreeing++;
            tally.Note(place, scale > 0 ? difference / scale : 0, analytic, slope.Value);
        }
        else
        {
            tally.Unresolved++;
        }
    }

    // All places, or some of them, each as likely as any other, in order.
    private static int[] Sample(int count, int most, Random random)
    {
        int[] places = [.. Enumerable.Range(0, count)];
        if (count <= most)
        {
            return places;
        }

        for (int i = 0; i < most; i++)
        {
            int other = random.Next(i, count);
            (places[i], places[other]) = (places[other], places[i]);
        }

        int[] sample = places[..most];
        Array.Sort(sample);
        return sample;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private struct Tally
    {
        public int Agreeing, Wrong, OnKinks, Unresolved, NotFinite, Place, FirstKink;
        public double Worst, Analytic, Numeric;

        public void Note(int place, double error, double analytic, double numeric)
        {
            if (!(error <= Worst))
            {
                (Worst, Place, Analytic, Numeric) = (error, place, analytic, numeric);
            }
        }
    }
}
