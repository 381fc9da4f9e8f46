namespace NeuralTrain;

/// <summary>One thing that <see cref="Sequential.Check"/> found.</summary>
/// <param name="Code">What it is, as <c>NT004</c>: stays the same from version to version, see docs/checks.md.</param>
/// <param name="Severity">How grave it is.</param>
/// <param name="Message">What was found, with names and numbers, as <c>column 'proline' has deviation 315</c>.</param>
/// <param name="Remedy">What to do, as <c>put Normalization first</c>.</param>
/// <param name="Place">Where: <c>inputs</c>, <c>targets</c>, <c>loss</c>, <c>batches</c>, or the path of a layer or parameter, as <c>2.weight</c>.</param>
public sealed record Finding(string Code, FindingSeverity Severity, string Message, string Remedy, string Place)
{
    /// <summary>As <c>NT004 warning: column 'proline' has deviation 315; put Normalization first</c>.</summary>
    public override string ToString()
    {
        string severity = Severity switch
        {
            FindingSeverity.Error => "error",
            FindingSeverity.Warning => "warning",
            _ => "hint",
        };
        return $"{Code} {severity}: {Message}; {Remedy}";
    }
}
