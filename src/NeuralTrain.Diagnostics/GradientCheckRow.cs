using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>What a <see cref="GradientCheck"/> found in one array: a parameter, the input, or the prediction of a loss.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class GradientCheckRow
{
    internal GradientCheckRow(CheckedArray array) =>
        (Name, Count, IsFrozen) = (array.Name, array.Values.Span.Length, array.Parameter is { IsTrainable: false });

    /// <summary>The parameter's path, as <c>0.weight</c>; or <c>(input)</c>, <c>(prediction)</c>.</summary>
    public string Name { get; }

    /// <summary>The number of values in the array.</summary>
    public int Count { get; }

    /// <summary>Whether the array belongs to a frozen parameter, which is not checked.</summary>
    public bool IsFrozen { get; }

    /// <summary>The number of values checked: all, a random sample, or none for a frozen parameter.</summary>
    public int Checked { get; internal set; }

    /// <summary>The number of gradients that agree with the differences of the forward pass.</summary>
    public int Agreeing { get; private set; }

    /// <summary>The number of wrong gradients.</summary>
    internal int Wrong { get; private set; }

    /// <summary>The number of values on a kink, where the slopes on both sides differ and no gradient exists.</summary>
    internal int OnKinks { get; set; }

    /// <summary>The number of inconclusive gradients, hidden by rounding in the forward pass or by nearby kinks.</summary>
    internal int Unresolved { get; set; }

    /// <summary>The number of values that could not be moved without the forward pass giving NaN or infinity, or refusing them, such as category numbers.</summary>
    internal int NotFinite { get; set; }

    /// <summary>The largest relative error |analytic − numeric| / max(|analytic|, |numeric|) found, wrong or agreeing; NaN if none was measured.</summary>
    public double WorstError { get; private set; } = double.NaN;

    /// <summary>Where that error is: <c>[row, column]</c>, or <c>[index]</c> of a vector; empty if none was measured.</summary>
    public string WorstAt { get; private set; } = "";

    /// <summary>What the backward pass gave there.</summary>
    internal double Analytic { get; private set; } = double.NaN;

    /// <summary>What differences of the forward pass gave there.</summary>
    internal double Numeric { get; private set; } = double.NaN;

    /// <summary>Where the first value on a kink is; empty if there is none.</summary>
    internal string FirstKinkAt { get; set; } = "";

    /// <summary>The verdict on this array.</summary>
    public GradientCheckVerdict Verdict =>
        Wrong > 0 ? GradientCheckVerdict.Wrong : Agreeing > 0 ? GradientCheckVerdict.Passed : GradientCheckVerdict.NotCheckable;

    internal void Add(bool agrees, string place, double error, double analytic, double numeric)
    {
        (Agreeing, Wrong) = agrees ? (Agreeing + 1, Wrong) : (Agreeing, Wrong + 1);
        if (!(error <= WorstError)) (WorstError, WorstAt, Analytic, Numeric) = (error, place, analytic, numeric);
    }
}
