using System.Collections;

namespace NeuralTrain;

/// <summary>What <see cref="Sequential.Check"/> found, the gravest first.</summary>
public sealed class Findings : IReadOnlyList<Finding>
{
    private readonly Finding[] _findings;

    internal Findings(IEnumerable<Finding> findings) =>
        _findings = [.. findings.OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Code, StringComparer.Ordinal)];

    /// <summary>How many there are.</summary>
    public int Count => _findings.Length;

    /// <summary>Whether one of them is an error, with which the training cannot work.</summary>
    public bool HasErrors => Array.Exists(_findings, finding => finding.Severity == FindingSeverity.Error);

    /// <summary>One finding.</summary>
    /// <param name="index">Its place, from 0.</param>
    public Finding this[int index] => _findings[index];

    /// <inheritdoc/>
    public IEnumerator<Finding> GetEnumerator() => ((IEnumerable<Finding>)_findings).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A line for each; or that nothing was found.</summary>
    public override string ToString() => _findings.Length == 0 ? "Nothing was found." : string.Join('\n', (object[])_findings);
}
