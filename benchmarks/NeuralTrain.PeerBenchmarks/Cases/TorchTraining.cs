using TorchSharp;
using static TorchSharp.torch;
using Reduction = TorchSharp.torch.nn.Reduction;

namespace NeuralTrain.PeerBenchmarks;

/// <summary>A plan built with TorchSharp, as a careful user writes it: nothing read back per step, everything disposed by a scope.</summary>
internal sealed class TorchTraining : IDisposable
{
    private readonly NetworkPlan _plan;
    private readonly torch.nn.Module<Tensor, Tensor> _network;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _inputs;
    private readonly Tensor _targets;

    /// <summary>Builds the network, its loss and its optimizer.</summary>
    public TorchTraining(NetworkPlan plan, SampleBatch batch)
    {
        _plan = plan;
        _network = TorchNetwork.Build(plan);
        _network.train();
        _inputs = tensor(batch.Inputs.Span.ToArray(), [plan.Batch, plan.Sizes[0]]);
        _targets = plan.IsClassification
            ? tensor(batch.Classes, [plan.Batch])
            : tensor(batch.Targets.Span.ToArray(), [plan.Batch, 1]);

        // TorchSharp has neither a fused nor a for-each Adam; its default for beta2 is 0.99, PyTorch's and ours 0.999.
        _optimizer = plan.Rule switch
        {
            Rule.SGD => optim.SGD(_network.parameters(), TorchRate(plan.LearningRate)),
            Rule.Momentum => optim.SGD(_network.parameters(), TorchRate(plan.LearningRate), momentum: 0.9),
            _ => optim.Adam(_network.parameters(), TorchRate(plan.LearningRate), beta1: 0.9, beta2: 0.999, eps: 1e-8),
        };
    }

    /// <summary>The network.</summary>
    public torch.nn.Module<Tensor, Tensor> Network => _network;

    /// <summary>The learning rate of the steps to come.</summary>
    public double LearningRate
    {
        set
        {
            foreach (var group in _optimizer.ParamGroups)
            {
                group.LearningRate = TorchRate(value);
            }
        }
    }

    /// <summary>One whole step of training.</summary>
    public void Step()
    {
        using DisposeScope scope = NewDisposeScope();
        _optimizer.zero_grad();
        using Tensor loss = Loss(_network.call(_inputs));
        loss.backward();
        _optimizer.step();
    }

    /// <summary>How many times the gradients of ours theirs are.</summary>
    public float GradientFactor => _plan.IsLectureXor ? 2 : 1;

    /// <summary>The step without its end: the gradients of the batch.</summary>
    /// <returns>The loss in the units of ours.</returns>
    public double Gradients()
    {
        using DisposeScope scope = NewDisposeScope();
        _optimizer.zero_grad();
        using Tensor loss = Loss(_network.call(_inputs));
        loss.backward();
        return loss.item<float>() / GradientFactor;
    }

    /// <summary>The end of the step: the optimizer's part.</summary>
    public void Update()
    {
        using DisposeScope scope = NewDisposeScope();
        _optimizer.step();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _network.Dispose();
        _inputs.Dispose();
        _targets.Dispose();
    }

    private Tensor Loss(Tensor output) => _plan.IsClassification
        ? nn.functional.cross_entropy(output, _targets)
        : nn.functional.mse_loss(output, _targets, _plan.IsLectureXor ? Reduction.Sum : Reduction.Mean);

    // libtorch has no half of a sum of squares. The whole one at half the rate takes the same steps without a further operation.
    private double TorchRate(double rate) => _plan.IsLectureXor ? rate / 2 : rate;
}
