using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain;

/// <summary>Draws a study: how it went, which hyper-parameters matter, and what values of each were good.</summary>
public static class StudyPicture
{
    private const int Columns = 3, WidthOfChart = 420, HeightOfChart = 340, LongestName = 24;
    private const float Marker = 6, MarkerOfBest = 11;

    /// <summary>Draws all charts of a study into one file, three in a row: <c>study.SavePng("study.png")</c>.</summary>
    /// <param name="study">The study, with a trial that was completed.</param>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>. A missing folder is created.</param>
    /// <exception cref="ArgumentException">No trial was completed, or the file name has another extension.</exception>
    public static void SavePng(this Study study, string path) => Save(study.ToPlots(), path);

    /// <inheritdoc cref="SavePng(Study, string)"/>
    public static void SavePng(this StudyMachine study, string path) => Save(study.ToPlots(), path);

    /// <summary>The charts of a study, to add to or to draw elsewhere: the history; the importance, if there are enough trials to tell; and for each hyper-parameter, in the order of their importance, the scores by its values.</summary>
    /// <param name="study">The study, with a trial that was completed.</param>
    /// <returns>New charts. All show the scores over the same range: outliers of bad trials lie outside, and the history says how many.</returns>
    /// <exception cref="ArgumentException">No trial was completed.</exception>
    public static IReadOnlyList<Plot> ToPlots(this Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return ToPlots(study.Trials, study.Ranges, study.Direction, study.Importance);
    }

    /// <inheritdoc cref="ToPlots(Study)"/>
    public static IReadOnlyList<Plot> ToPlots(this StudyMachine study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return ToPlots(study.Trials, study.Ranges, study.Direction, study.Importance);
    }

    private static void Save(IReadOnlyList<Plot> plots, string path)
    {
        int columns = Math.Min(plots.Count, Columns), rows = (plots.Count + columns - 1) / columns;
        Picture.SaveGrid(plots, columns, path, Math.Max(columns * WidthOfChart, Picture.DefaultWidth), rows * HeightOfChart);
    }

    private static List<Plot> ToPlots(IReadOnlyList<TrialResult> trials, IReadOnlyDictionary<string, SearchRange> ranges, Direction direction, Func<IReadOnlyList<ParameterImportance>> importance)
    {
        TrialResult[] completed = [.. trials.Where(trial => trial.Status == TrialStatus.Completed)];
        if (completed.Length == 0) throw new ArgumentException($"None of {trials.Count} trials was completed, so there is no score to draw. Run the study first.", nameof(trials));
        TrialResult[] scored = [.. trials.Where(trial => trial.Score is not null)];
        CoordinateRange shown = RangeOf(completed, direction);
        TrialResult best = direction == Direction.Minimize ? completed.MinBy(trial => trial.Score)! : completed.MaxBy(trial => trial.Score)!;
        var plots = new List<Plot> { History(trials, completed, direction, shown) };
        string[] names = [.. ranges.Keys];
        try
        {
            IReadOnlyList<ParameterImportance> shares = importance();
            plots.Add(Importance(shares));
            names = [.. shares.Select(share => share.Name)];
        }
        catch (InvalidOperationException)
        {
            // Too few trials to tell.
        }

        plots.AddRange(names.Select(name => Slice(name, ranges[name], scored, best, shown)));
        return plots;
    }

    private static Plot History(IReadOnlyList<TrialResult> trials, TrialResult[] completed, Direction direction, CoordinateRange shown)
    {
        Plot plot = Picture.New("Score by trial", "trial", "score");
        AddMarks(plot, "stopped", Coordinates(trials.Where(trial => trial.Status == TrialStatus.Stopped)), MarkerShape.OpenCircle, Picture.Color(4));
        int outside = trials.Count(trial => trial.Score is double score && !shown.Contains(score)), failed = trials.Count(trial => trial.Status == TrialStatus.Failed);
        AddMarks(plot, $"completed{(outside > 0 ? $" ({outside} not shown)" : "")}{(failed > 0 ? $" ({failed} failed)" : "")}", Coordinates(completed), MarkerShape.FilledCircle, Picture.Color(0));
        var line = new List<Coordinates>();
        foreach (TrialResult trial in completed)
        {
            double score = trial.Score!.Value;
            if (line.Count == 0 || (direction == Direction.Minimize ? score < line[^1].Y : score > line[^1].Y)) line.Add(new Coordinates(trial.Number, score));
        }

        line.Add(new Coordinates(trials.Count - 1, line[^1].Y));
        Scatter best = plot.Add.Scatter(line, Picture.Color(1));
        (best.LegendText, best.LineWidth, best.MarkerSize, best.ConnectStyle) = ("best so far", 2.5f, 0, ConnectStyle.StepHorizontal);
        double margin = 0.02 * Math.Max(trials.Count - 1, 1);
        plot.Axes.SetLimits(-margin, trials.Count - 1 + margin, shown.Min, shown.Max);
        plot.Axes.Bottom.TickGenerator = new Numbers(wholeOnly: true);
        Picture.ShowLegend(plot, Edge.Bottom);
        return plot;

        static Coordinates[] Coordinates(IEnumerable<TrialResult> trials) => [.. trials.Select(trial => new Coordinates(trial.Number, trial.Score!.Value))];
    }

    private static Plot Importance(IReadOnlyList<ParameterImportance> shares)
    {
        Plot plot = Picture.New("Importance", "part of all, in %", "");
        for (int i = 0; i < shares.Count; i++)
        {
            BarPlot bar = plot.Add.Bar(shares.Count - 1 - i, 100 * shares[i].Share);
            (bar.Horizontal, bar.Color) = (true, Picture.Color(0));
        }

        plot.Axes.Left.TickGenerator = new ClassTicks(Names.Cut([.. shares.Select(share => share.Name)], LongestName), firstAtEnd: true);
        plot.Axes.SetLimits(0, 103, -0.7, shares.Count - 0.3);
        return plot;
    }

    private static Plot Slice(string name, SearchRange range, TrialResult[] scored, TrialResult best, CoordinateRange shown)
    {
        Plot plot = Picture.New(Names.Cut(name, LongestName), "", "score");
        AddMarks(plot, null, Points(TrialStatus.Stopped), MarkerShape.OpenCircle, Picture.Color(4));
        AddMarks(plot, null, Points(TrialStatus.Completed), MarkerShape.FilledCircle, Picture.Color(0));
        if (best.Coordinates.TryGetValue(name, out double value))
        {
            Markers mark = plot.Add.Markers(new[] { new Coordinates(Place(value), best.Score!.Value) }, MarkerShape.FilledDiamond, MarkerOfBest, Picture.Color(1));
            mark.LegendText = "best";
        }

        double low = Place(range.Low), high = Place(range.High), margin = range.Choices is null ? 0.03 * Math.Max(high - low, 1e-9) : 0.5;
        plot.Axes.SetLimits(low - margin, high + margin, shown.Min, shown.Max);
        if (range.Choices is IReadOnlyList<string> choices) plot.Axes.Bottom.TickGenerator = new ClassTicks(Names.Cut(choices, LongestName));
        else if (range.IsLogarithmic) Picture.ShowPowersOfTen(plot.Axes.Bottom);
        else plot.Axes.Bottom.TickGenerator = new Numbers(range.IsWhole);
        return plot;

        double Place(double value) => range.IsLogarithmic ? Math.Log10(value) : value;

        Coordinates[] Points(TrialStatus status) =>
            [.. scored.Where(trial => trial.Status == status && trial.Coordinates.ContainsKey(name)).Select(trial => new Coordinates(Place(trial.Coordinates[name]), trial.Score!.Value))];
    }

    private static void AddMarks(Plot plot, string? name, Coordinates[] points, MarkerShape shape, Color color)
    {
        if (points.Length == 0) return;
        Markers marks = plot.Add.Markers(points, shape, Marker, color);
        if (name is not null) marks.LegendText = name;
    }

    // From the best to the worst of the completed ones; but bad trials can be bad without limit, and would press all others together: Tukey's fence.
    private static CoordinateRange RangeOf(TrialResult[] completed, Direction direction)
    {
        double[] scores = [.. completed.Select(trial => trial.Score!.Value).Order()];
        double low = scores[0], high = scores[^1], lower = scores[scores.Length / 4], upper = scores[3 * scores.Length / 4];
        double fence = 1.5 * (upper - lower);
        if (direction == Direction.Minimize) high = Math.Min(high, upper + fence);
        else low = Math.Max(low, lower - fence);
        double margin = high > low ? 0.05 * (high - low) : Math.Max(0.05 * Math.Abs(low), 1e-9);
        return new CoordinateRange(low - margin, high + margin);
    }
}
