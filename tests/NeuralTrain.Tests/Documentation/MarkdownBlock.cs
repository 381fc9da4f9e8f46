namespace NeuralTrain.Tests.Documentation;

/// <summary>A fenced block of a markdown page, with what the comment on the line above it says.</summary>
/// <param name="Page">The page, as messages name it.</param>
/// <param name="Line">The line of the opening fence, from 1.</param>
/// <param name="Language">The word behind the opening fence, in lower case; empty if there is none.</param>
/// <param name="Label">The kind of the comment above, <c>snippet</c>, <c>output</c> or <c>source</c>; empty if there is none.</param>
/// <param name="Name">The name in that comment; empty if there is none.</param>
/// <param name="Text">The lines between the fences.</param>
public sealed record MarkdownBlock(string Page, int Line, string Language, string Label, string Name, string Text)
{
    /// <summary>Whether the block shows C#.</summary>
    public bool IsCSharp => Language is "csharp" or "cs" or "c#";

    /// <inheritdoc/>
    public override string ToString() => $"{Page}, line {Line}";
}
