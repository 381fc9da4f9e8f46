namespace NeuralTrain;

/// <summary>What the raw outputs of a network mean, which follows from the loss it is trained with.</summary>
public enum OutputKind
{
    /// <summary>Numbers as they are: regression.</summary>
    Values,

    /// <summary>A raw score for each of one or more yes-or-no questions: yes above 0, and σ(score) is its probability.</summary>
    BinaryScores,

    /// <summary>A margin for each column, without a probability: the sign decides for one column, the largest among several.</summary>
    Margins,

    /// <summary>A raw score for each class: the largest wins, and softmax gives the probabilities.</summary>
    ClassScores,
}
