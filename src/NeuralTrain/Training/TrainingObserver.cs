namespace NeuralTrain;

/// <summary>Observes training from inside: override the events you need, and add it to <see cref="Trainer.Observers"/>.</summary>
/// <remarks>It is called on the thread that trains, between computations. An exception from it ends the training as <see cref="StopReason.Failed"/>,
/// even a <see cref="NotFiniteNumberException"/>, which does not count as a divergence and causes no <see cref="Recovery"/>.</remarks>
public abstract class TrainingObserver
{
    /// <summary>Before the first epoch of a call of <c>Fit</c>.</summary>
    /// <param name="trainer">The trainer.</param>
    public virtual void OnBegin(Trainer trainer)
    {
    }

    /// <summary>When the gradients of a step are complete, just before the optimizer uses and clears them.</summary>
    /// <param name="trainingStep">The step that is about to be taken.</param>
    public virtual void OnGradients(in TrainingStep trainingStep)
    {
    }

    /// <summary>After a step: the parameters have changed.</summary>
    /// <param name="trainingStep">The step that was taken.</param>
    public virtual void OnStep(in TrainingStep trainingStep)
    {
    }

    /// <summary>After an epoch, when it is in the history.</summary>
    /// <param name="epoch">The epoch that was finished.</param>
    public virtual void OnEpoch(Epoch epoch)
    {
    }

    /// <summary>After the last epoch, however the training ended; the network has its final weights.</summary>
    /// <param name="history">The history of the training.</param>
    public virtual void OnEnd(History history)
    {
    }
}

/// <summary>One step of training, as observers see it. The matrices are valid only during the call.</summary>
public readonly struct TrainingStep
{
    /// <summary>The network that is trained.</summary>
    public Sequential Network { get; internal init; }

    /// <summary>The optimizer that takes the step.</summary>
    public Optimizer Optimizer { get; internal init; }

    /// <summary>The current epoch, from 1.</summary>
    public int Epoch { get; internal init; }

    /// <summary>The step, from 1 over the whole training.</summary>
    public long Step { get; internal init; }

    /// <summary>The inputs of the (last) batch of the step.</summary>
    public Matrix Inputs { get; internal init; }

    /// <summary>The targets of the (last) batch of the step.</summary>
    public Matrix Targets { get; internal init; }

    /// <summary>The outputs of the network for the inputs, before the step.</summary>
    public Matrix Predictions { get; internal init; }

    /// <summary>The loss of the (last) batch of the step, before the step.</summary>
    public double Loss { get; internal init; }
}
