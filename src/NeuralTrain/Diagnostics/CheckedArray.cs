using System.Globalization;

namespace NeuralTrain;

/// <summary>An array whose gradient is checked: the values that are moved, and what the backward pass says of each.</summary>
/// <param name="Name">How the table calls it.</param>
/// <param name="Values">The values the function reads.</param>
/// <param name="IsVector">Whether places are named by one index.</param>
internal sealed record CheckedArray(string Name, Matrix Values, bool IsVector)
{
    /// <summary>The gradient the backward pass gave.</summary>
    public float[] Analytic { get; set; } = [];

    /// <summary>Whether the array is left out because its parameter is frozen.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>A place as the table names it.</summary>
    public string Place(int index) => IsVector
        ? string.Create(CultureInfo.InvariantCulture, $"[{index}]")
        : string.Create(CultureInfo.InvariantCulture, $"[{index / Values.Columns}, {index % Values.Columns}]");
}
