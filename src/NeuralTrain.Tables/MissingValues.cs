namespace NeuralTrain;

/// <summary>What becomes of a row in which a value is missing.</summary>
public enum MissingValues
{
    /// <summary>The file is refused; the message says in which line.</summary>
    Refuse,

    /// <summary>The row is left out.</summary>
    DropRow,

    /// <summary>A number becomes the mean of its column, a category the most frequent one, both of the training file. A missing target is refused still.</summary>
    Fill,
}
