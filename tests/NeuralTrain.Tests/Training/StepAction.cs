namespace NeuralTrain.Tests.Training;

/// <summary>An observer made of two actions.</summary>
internal sealed class StepAction(Action<TrainingStep>? onStep = null, Action<Epoch>? onEpoch = null, Action<TrainingStep>? onGradients = null) : TrainingObserver
{
    public override void OnStep(in TrainingStep trainingStep) => onStep?.Invoke(trainingStep);

    public override void OnGradients(in TrainingStep trainingStep) => onGradients?.Invoke(trainingStep);

    public override void OnEpoch(Epoch epoch) => onEpoch?.Invoke(epoch);
}
