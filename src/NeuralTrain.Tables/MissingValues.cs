namespace NeuralTrain;

/// <summary>What to do with a row in which a value is missing.</summary>
public enum MissingValues
{
    /// <summary>The file is refused; the message says in which line.</summary>
    Refuse,

    /// <summary>The row is left out.</summary>
    DropRow,

    /// <summary>A missing number becomes the mean of its column, a missing category the most frequent one, both of the training file. A missing target is still refused.</summary>
    Fill,
}
