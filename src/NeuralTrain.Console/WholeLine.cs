using Spectre.Console.Rendering;

namespace NeuralTrain;

/// <summary>A line that is never wrapped, however narrow the console claims to be: in a file or a pipe, width does not matter.</summary>
internal sealed class WholeLine(string text) : Renderable
{
    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [new Segment(text), Segment.LineBreak];
}
