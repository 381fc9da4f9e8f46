namespace NeuralTrain;

/// <summary>Where <see cref="Dropout"/> makes up for the dropped values (lecture L4.5).</summary>
public enum DropoutMode
{
    /// <summary>In training, by dividing the kept values by 1 − p; prediction leaves its values alone. The default, and what PyTorch and Keras do.</summary>
    Inverted,

    /// <summary>In prediction, by multiplying all values by 1 − p; training only drops. The form of Srivastava et al. 2014.</summary>
    Direct,
}
