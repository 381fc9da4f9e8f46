namespace NeuralTrain;

/// <summary>Measures derivatives of a function that is computed in float32, with an estimate of their error.</summary>
/// <remarks>
/// <code>
/// central    D(h) = (f(x+h) − f(x−h)) / 2h               = f′ + f‴h²/6 + …
/// refined    R(h) = (4·D(h) − D(2h)) / 3                 = f′ + O(h⁴)        (Richardson)
/// bend       B(h) = slope to the right − to the left     = f″h + O(h³), or the height of the kink
/// jump       J(h) = 2·B(h) − B(2h)                       = O(h³), or the height of the kink
/// error      E(h) = 4σ/h + |R(h) − R(2h)|                σ: rounding of f
/// </code>
/// Steps are powers of two, so that x ± h is exact or nearly so, and the step that float32 really took is the one divided by.
/// They are halved, from a quarter of the value's scale on, until E is small or rounding drowns the slope; of all steps, the one with the smallest E counts. A step
/// across a kink shows as a jump and is thrown away with all longer ones; if it still shows at the shortest step that rounding
/// leaves readable, the point lies on the kink. A claimed slope c is refuted if two steps in a row find |c − R| larger than
/// E + 2·|J| and no shorter one, precise enough to judge, takes it back: a kink that hides between two steps cannot do that.
/// </remarks>
internal sealed class SlopeProbe
{
    private readonly CheckedFunction _function;
    private readonly double _tolerance;
    private readonly double[] _middle, _above, _below;

    /// <summary>Prepares to measure a function around its present point.</summary>
    public SlopeProbe(CheckedFunction function, double tolerance)
    {
        (_function, _tolerance) = (function, tolerance);
        (_middle, _above, _below) = (new double[function.TermCount], new double[function.TermCount], new double[function.TermCount]);
        function.Evaluate(_middle);
    }

    /// <summary>Whether the function still gives at its point, bit for bit, what it gave at first.</summary>
    public bool Repeats()
    {
        _function.Evaluate(_above);
        return _above.AsSpan().SequenceEqual(_middle);
    }

    /// <summary>
    /// The rounding σ of the function at its point, as a standard deviation: what remains of f(x+δ) + f(x−δ) − 2f(x), whose
    /// variance is 6σ², when δ is too small for the function to bend. Null if a layer refuses the moved value, such as the number of a category.
    /// </summary>
    public double? MeasureRounding(ref float value, double scale)
    {
        try
        {
            return TryStep(ref value, Math.ScaleB(1, Math.ILogB(scale) - 18), out Differences near) ? Math.Abs(near.Rise - near.Fall) / Math.Sqrt(6) : 0;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Measures the derivative with respect to one value, which is moved and put back.</summary>
    /// <param name="value">The value.</param>
    /// <param name="longest">The scale of the longest step: a change of the value that would matter.</param>
    /// <param name="shortest">The scale of the shortest step: the size of the value, or of its neighbours if it is 0.</param>
    /// <param name="rounding">The rounding σ of the function, if it is more than that of its terms.</param>
    /// <param name="least">A slope so small that nothing smaller needs to be told apart.</param>
    /// <param name="claim">The claimed slope.</param>
    public Slope Measure(ref float value, double longest, double shortest, double rounding, double least, double claim)
    {
        double centralBefore = double.NaN, refinedBefore = double.NaN, bendBefore = double.NaN, steepest = 0;
        var best = new Slope(double.NaN, double.PositiveInfinity, IsKink: false, IsFinite: false, RefutesClaim: false);
        bool isKink = false;
        int refutations = 0;
        double refutedBy = 0;
        for (int power = Math.ILogB(longest) - 2; power >= Math.ILogB(shortest) - 17; power--)
        {
            double step = Math.ScaleB(1, power);
            if (!TryStep(ref value, step, out Differences differences)) continue;

            best = best with { IsFinite = true };
            double noise = Math.Max(rounding, differences.Rounding) / step;
            double central = (differences.Rise + differences.Fall) / (differences.Up + differences.Down);
            double left = differences.Fall / differences.Down, right = differences.Rise / differences.Up;
            double bend = right - left;
            double refined = ((4 * central) - centralBefore) / 3;
            double change = Math.Abs(refined - refinedBefore);

            // Where the function becomes flat next to a kink, the slopes of longer steps still say what is small.
            steepest = Math.Max(Math.Max(least, steepest / 4), Math.Max(Math.Abs(left), Math.Abs(right)));

            // J combines five values of f; three standard deviations of that are 15σ/h.
            double jump = Math.Abs((2 * bend) - bendBefore);
            bool isReadable = 15 * noise <= 0.1 * steepest && !double.IsNaN(jump);
            if (isReadable) isKink = jump > (_tolerance * steepest) + (15 * noise);

            // While a halved step still changes a tenth of the slope, the steps are longer than the function is smooth.
            bool converges = change <= (0.1 * Math.Max(Math.Abs(refined), least)) + (8 * noise);
            if (isReadable && isKink) best = best with { Value = double.NaN, Error = double.PositiveInfinity };
            else if (converges && (4 * noise) + change < best.Error) best = best with { Value = refined, Error = (4 * noise) + change };

            double difference = Math.Abs(claim - refined), scale = Math.Max(least, Math.Max(Math.Abs(claim), Math.Abs(refined)));
            if (difference > (_tolerance * scale) + (2 * jump) + (6 * noise) + change && !(isReadable && isKink))
            {
                refutedBy = ++refutations >= 2 ? difference : refutedBy;
            }
            else
            {
                // Taken back by a shorter step that could have seen the difference, and sees less than half of it.
                refutations = 0;
                refutedBy = 12 * noise < refutedBy && difference < refutedBy / 2 ? 0 : refutedBy;
            }

            bool isGoodEnough = isReadable && !isKink && difference <= _tolerance * scale
                && best.Error <= _tolerance / 8 * Math.Max(Math.Abs(best.Value), least);
            if (isGoodEnough || (4 * noise > steepest && double.IsFinite(best.Error))) break;

            (centralBefore, refinedBefore, bendBefore) = (central, refined, bend);
        }

        return best with { IsKink = isKink, RefutesClaim = refutedBy > 0 };
    }

    // f(x+h) − f(x) and f(x) − f(x−h), summed term by term in double, with the steps that float32 really took.
    private bool TryStep(ref float value, double step, out Differences differences)
    {
        float middle = value, above = (float)(middle + step), below = (float)(middle - step);
        differences = new Differences((double)above - middle, (double)middle - below, 0, 0, 0);
        if (differences.Up == 0 || differences.Down == 0) return false;

        try
        {
            value = above;
            _function.Evaluate(_above);
            value = below;
            _function.Evaluate(_below);
        }
        catch (NotFiniteNumberException)
        {
            return false;
        }
        finally
        {
            value = middle;
        }

        double rise = 0, fall = 0, moved = 0, all = 0;
        for (int i = 0; i < _middle.Length; i++)
        {
            double up = _above[i] - _middle[i], down = _middle[i] - _below[i], square = _middle[i] * _middle[i];
            rise += up;
            fall += down;
            all += square;
            moved += up != 0 || down != 0 ? square : 0;
        }

        // Terms that did not move did not round differently either; but if none moved, rounding may have hidden it.
        double rounding = Math.ScaleB(Math.Sqrt((moved > 0 ? moved : all) / _function.ValuesPerTerm), -24);
        differences = differences with { Rise = rise, Fall = fall, Rounding = rounding };
        return double.IsFinite(rise) && double.IsFinite(fall);
    }

    private readonly record struct Differences(double Up, double Down, double Rise, double Fall, double Rounding);
}

/// <summary>What differences of a function say of its derivative at one point.</summary>
/// <param name="Value">The derivative.</param>
/// <param name="Error">How far it may be off by rounding and by the size of the step; infinite if nothing could be measured.</param>
/// <param name="IsKink">Whether the slopes on the two sides differ however small the step, so that there is no derivative.</param>
/// <param name="IsFinite">Whether the function is finite on both sides for some step.</param>
/// <param name="RefutesClaim">Whether the claimed derivative is wrong beyond rounding, the size of the step and kinks nearby.</param>
internal readonly record struct Slope(double Value, double Error, bool IsKink, bool IsFinite, bool RefutesClaim);

/// <summary>Compares the gradient of one array, or of a random sample of a long one, with measured slopes.</summary>
internal static class ArrayCheck
{
    public static GradientCheckRow Run(CheckedArray array, SlopeProbe probe, GradientCheckOptions options, Random random)
    {
        Span<float> values = array.Values.Span;
        int[] places = Sample(values.Length, options.ValuesPerArray, random);
        double size = RootMeanSquare(values) is > 0 and double typicalSize ? typicalSize : 1;

        // The rounding seen at one value may be small by luck: what is typical of the array counts as well.
        var roundings = new double?[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            ref float value = ref values[places[i]];
            roundings[i] = probe.MeasureRounding(ref value, value != 0 ? Math.Abs(value) : size);
        }

        double[] known = [.. roundings.OfType<double>().Order()];

        // Backward sums in float32 too: a gradient a thousand times smaller than its neighbours has lost digits to them.
        double least = 1e-3 * RootMeanSquare(array.Analytic);
        var row = new GradientCheckRow(array) { Checked = places.Length, NotFinite = places.Length - known.Length };
        for (int i = 0; i < places.Length; i++)
        {
            if (roundings[i] is not double rounding) continue;
            double own = Math.Abs(values[places[i]]);
            Slope slope = probe.Measure(
                ref values[places[i]], longest: Math.Max(Math.Max(size, own), 0.5), shortest: own > 0 ? own : size,
                Math.Max(1.5 * known[known.Length / 2], rounding), least, claim: array.Analytic[places[i]]);
            Judge(row, array.Place(places[i]), array.Analytic[places[i]], slope, least, options.Tolerance);
        }

        return row;
    }

    /// <summary>√(Σx²/n) over the finite values.</summary>
    public static double RootMeanSquare(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values) sum += float.IsFinite(value) ? (double)value * value : 0;

        return Math.Sqrt(sum / Math.Max(1, values.Length));
    }

    private static void Judge(GradientCheckRow row, string place, double analytic, Slope slope, double least, double tolerance)
    {
        double scale = Math.Max(least, Math.Max(Math.Abs(analytic), Math.Abs(slope.Value)));
        double difference = Math.Abs(analytic - slope.Value), allowed = tolerance * scale;
        bool agrees = difference == 0 || (slope.Error <= allowed && difference <= allowed + slope.Error);
        if (!double.IsFinite(analytic)) row.Add(agrees: false, place, double.PositiveInfinity, analytic, slope.Value);
        else if (!slope.IsFinite) row.NotFinite++;
        else if (slope.IsKink) row.FirstKinkAt = row.OnKinks++ == 0 ? place : row.FirstKinkAt;
        else if (slope.RefutesClaim && difference > allowed + slope.Error) row.Add(agrees: false, place, difference / scale, analytic, slope.Value);
        else if (agrees) row.Add(agrees: true, place, scale > 0 ? difference / scale : 0, analytic, slope.Value);
        else row.Unresolved++;
    }

    // All places, or some of them, each as likely as any other, in order.
    private static int[] Sample(int count, int most, Random random)
    {
        int[] places = [.. Enumerable.Range(0, count)];
        if (count <= most) return places;

        for (int i = 0; i < most; i++)
        {
            int other = random.Next(i, count);
            (places[i], places[other]) = (places[other], places[i]);
        }

        Array.Sort(places, 0, most);
        return places[..most];
    }
}
