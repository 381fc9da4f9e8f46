namespace NeuralTrain;

/// <summary>Where an adaptive rule adds the small number ε that keeps it from dividing by zero.</summary>
public enum EpsilonPlacement
{
    /// <summary>√(u + ε): the lecture's form, and that of Keras' <c>RMSprop</c>.</summary>
    InsideRoot,

    /// <summary>√u + ε: the form of Adam's paper and of PyTorch.</summary>
    OutsideRoot,
}
