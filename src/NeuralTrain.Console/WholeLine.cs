using Spectre.Console.Rendering;

namespace NeuralTrain;

/// <summary>A line that is never broken, however narrow the console says it is: in a file or a pipe nothing is narrow.</summary>
internal sealed class WholeLine(string text) : Renderable
{
    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [new Segment(text), Segment.LineBreak];
}
