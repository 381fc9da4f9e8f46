namespace NeuralTrain;

/// <summary>A kind of finding: its code, how grave it is, and what it is about, as docs/checks.md has it.</summary>
internal sealed record FindingKind(string Code, FindingSeverity Severity, string Title)
{
    /// <summary>A finding of this kind. The numbers in the texts are written the same on every machine.</summary>
    public Finding At(string place, FormattableString message, string remedy) =>
        new(Code, Severity, FormattableString.Invariant(message), remedy, place);
}
