using TorchSharp;
using static TorchSharp.torch;

namespace NeuralTrain.PeerBenchmarks;

/// <summary>Prediction with a trained network: ours into a given output, theirs in inference mode.</summary>
internal sealed class InferenceCase : PeerCase
{
    private readonly NetworkPlan _plan;
    private readonly Sequential _ours;
    private readonly Matrix _inputs;
    private readonly Matrix _outputs;
    private readonly TorchSharp.Modules.Sequential _theirs;
    private readonly Tensor _tensor;

    /// <summary>Builds both networks with the same weights.</summary>
    public InferenceCase(NetworkPlan plan, double targetRatio)
    {
        _plan = plan;
        TargetRatio = targetRatio;
        _inputs = new SampleBatch(plan).Inputs;
        _outputs = new Matrix(plan.Batch, plan.Sizes[^1]);
        _ours = OurTraining.Build(plan, new Random(2));
        _theirs = TorchNetwork.Build(plan);
        _theirs.eval();
        TorchNetwork.CopyFrom(_ours, _theirs);
        _tensor = tensor(_inputs.Span.ToArray(), [plan.Batch, plan.Sizes[0]]);
    }

    /// <inheritdoc/>
    public override string Name => $"inference {string.Join('-', _plan.Sizes)}, {(_plan.Batch == 1 ? "1 row" : $"{_plan.Batch:# ##0} rows")}";

    /// <inheritdoc/>
    public override double? TargetRatio { get; }

    /// <inheritdoc/>
    public override bool ComparesThreads => true;

    /// <inheritdoc/>
    public override Agreement Check()
    {
        RunOurs(1);
        using IDisposable mode = inference_mode();
        using Tensor outputs = _theirs.call(_tensor);
        return Agreement.None.And("outputs", _outputs.Span, TorchNetwork.Values(outputs));
    }

    /// <inheritdoc/>
    public override void RunOurs(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ours.Infer(_inputs, _outputs);
        }
    }

    /// <inheritdoc/>
    public override void RunPeer(int count)
    {
        using IDisposable mode = inference_mode();
        for (int i = 0; i < count; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            _theirs.call(_tensor);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _theirs.Dispose();
        _tensor.Dispose();
    }
}
