namespace NeuralTrain.PeerBenchmarks;

/// <summary>A whole step of training: forward, loss with gradient, backward, optimizer.</summary>
internal sealed class StepCase : PeerCase
{
    /// <summary>
    /// The learning rate while timing. So small that the thousandth step works on the same numbers as the first: a network
    /// that has learnt its one batch by heart has gradients and moments below the normal range, which processors add slowly.
    /// </summary>
    private const double TimingRate = 1e-7;

    private const int CheckedSteps = 3;

    private readonly NetworkPlan _plan;
    private readonly OurTraining _ours;
    private readonly TorchTraining _theirs;

    /// <summary>Builds both networks with the same weights.</summary>
    public StepCase(NetworkPlan plan, double targetRatio, double? targetTime = null)
    {
        _plan = plan;
        TargetRatio = targetRatio;
        TargetTime = targetTime;
        (_ours, _theirs) = BuildBoth(plan);
        _ours.LearningRate = TimingRate;
        _theirs.LearningRate = TimingRate;
    }

    /// <inheritdoc/>
    public override string Name => _plan.ToString();

    /// <inheritdoc/>
    public override double? TargetRatio { get; }

    /// <inheritdoc/>
    public override double? TargetTime { get; }

    /// <inheritdoc/>
    public override bool ComparesThreads => true;

    /// <inheritdoc/>
    /// <remarks>
    /// On networks of its own, at the plan's learning rate: loss, gradients, and the parameters after an update by the same
    /// gradients. Dropout draws its own numbers in each library and is left out.
    /// </remarks>
    public override Agreement Check()
    {
        (OurTraining ours, TorchTraining theirs) = BuildBoth(_plan with { Dropout = 0 });
        using (theirs)
        {
            Agreement agreement = Agreement.None;
            for (int step = 1; step <= CheckedSteps; step++)
            {
                agreement = agreement.And($"loss of step {step}", ours.Gradients(), theirs.Gradients());
                agreement = TorchNetwork.CompareGradients(agreement, ours.Network, theirs.Network, theirs.GradientFactor);
                TorchNetwork.CopyGradients(ours.Network, theirs.Network, theirs.GradientFactor);
                ours.Update();
                theirs.Update();
                agreement = TorchNetwork.Compare(agreement, ours.Network, theirs.Network);
            }

            return agreement;
        }
    }

    /// <inheritdoc/>
    public override void RunOurs(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ours.Step();
        }
    }

    /// <inheritdoc/>
    public override void RunPeer(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _theirs.Step();
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _theirs.Dispose();

    private static (OurTraining Ours, TorchTraining Theirs) BuildBoth(NetworkPlan plan)
    {
        var batch = new SampleBatch(plan);
        var ours = new OurTraining(plan, batch);
        var theirs = new TorchTraining(plan, batch);
        TorchNetwork.CopyFrom(ours.Network, theirs.Network);
        return (ours, theirs);
    }
}
