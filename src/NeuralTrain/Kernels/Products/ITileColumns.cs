namespace NeuralTrain.Kernels;

/// <summary>The width of a tile as a type: one register or two, the last of them whole or partly used.</summary>
internal interface ITileColumns
{
    /// <summary>Whether the tile is two registers wide.</summary>
    static abstract bool IsDouble { get; }

    /// <summary>Whether only the first lanes of the last register belong to the result.</summary>
    static abstract bool IsPartial { get; }

    /// <summary>Whether the tile also writes what it reads of B to a packed panel, for the tiles below it.</summary>
    static abstract bool IsPacking { get; }
}
