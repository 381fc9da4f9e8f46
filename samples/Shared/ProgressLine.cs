using System.Diagnostics;

namespace NeuralTrain.Samples;

/// <summary>One line that says how far a loop is, redrawn in place; nothing if the output is redirected or the loop is short.</summary>
internal sealed class ProgressLine(string what, int count) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), Pause = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = Patience;
    private int _length;

    /// <summary>Says how far it is, a few times a second.</summary>
    public void Show(int done)
    {
        TimeSpan elapsed = _clock.Elapsed;
        if (elapsed < _next || Console.IsOutputRedirected)
        {
            return;
        }

        _next = elapsed + Pause;
        string left = done > 0 ? $", {elapsed.TotalSeconds * (count - done) / done:0} s left" : "";
        string line = $"{what}: {(double)done / count:0 %}{left}";
        Console.Write($"\r{line.PadRight(_length)}");
        _length = line.Length;
    }

    /// <summary>Wipes the line.</summary>
    public void Dispose()
    {
        if (_length > 0)
        {
            Console.Write($"\r{new string(' ', _length)}\r");
        }
    }
}
