using System.Diagnostics.CodeAnalysis;

namespace NeuralTrain;

/// <summary>What the values of an <see cref="OnnxGraph"/> are, as the format numbers it.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The words of the format.")]
public enum OnnxType
{
    /// <summary>Numbers of 32 bits.</summary>
    Float = 1,

    /// <summary>Whole numbers of 64 bits.</summary>
    WholeNumber = 7,

    /// <summary>Texts.</summary>
    Text = 8,

    /// <summary>True or false.</summary>
    Flag = 9,

    /// <summary>Numbers of 64 bits.</summary>
    Double = 11,
}
