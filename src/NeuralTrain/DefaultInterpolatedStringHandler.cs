using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace System.Runtime.CompilerServices;

/// <summary>Makes every interpolated text of the library read the same under any culture: 1.5, never 1,5.</summary>
/// <remarks>
/// The compiler turns <c>$"…"</c> into calls of the type of this name, and takes the one it compiles before the framework's, whose culture is the
/// current one. So a message or a <c>ToString</c> cannot forget the invariant culture. CA1305 (see .editorconfig) covers what is formatted without <c>$"…"</c>.
/// </remarks>
[Embedded, InterpolatedStringHandler]
internal ref struct DefaultInterpolatedStringHandler
{
    private readonly StringBuilder _text;
    private StringBuilder.AppendInterpolatedStringHandler _handler;

    public DefaultInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        _text = new StringBuilder(literalLength + (8 * formattedCount));
        _handler = new(literalLength, formattedCount, _text, CultureInfo.InvariantCulture);
    }

    public void AppendLiteral(string value) => _text.Append(value);

    public void AppendFormatted(string? value) => _text.Append(value);

    public void AppendFormatted(object? value, int alignment = 0, string? format = null) => _handler.AppendFormatted(value, alignment, format);

    public void AppendFormatted(ReadOnlySpan<char> value) => _text.Append(value);

    public void AppendFormatted<T>(T value, int alignment = 0, string? format = null) => _handler.AppendFormatted(value, alignment, format);

    public readonly string ToStringAndClear() => _text.ToString();
}
