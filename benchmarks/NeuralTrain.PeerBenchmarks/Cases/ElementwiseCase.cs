using static TorchSharp.torch;

namespace NeuralTrain.PeerBenchmarks;

/// <summary>A function of each of 65 536 values. TorchSharp takes no given output for these, so libtorch allocates one each time.</summary>
internal sealed class ElementwiseCase : PeerCase
{
    private const int Count = 65536;

    private readonly string _name;
    private readonly Layer _ours;
    private readonly Func<Tensor, Tensor> _theirs;
    private readonly Matrix _input = new(64, Count / 64);
    private readonly Matrix _output = new(64, Count / 64);
    private readonly Tensor _tensor;

    /// <summary>Draws values between −5 and 5.</summary>
    public ElementwiseCase(string name, Layer ours, Func<Tensor, Tensor> theirs, double? targetRatio)
    {
        (_name, _ours, _theirs, TargetRatio) = (name, ours, theirs, targetRatio);
        var random = new Random(1);
        foreach (ref float value in _input.Span)
        {
            value = (10 * random.NextSingle()) - 5;
        }

        _tensor = tensor(_input.Span.ToArray(), [_input.Rows, _input.Columns]);
    }

    /// <inheritdoc/>
    public override string Name => _name;

    /// <inheritdoc/>
    public override double? TargetRatio { get; }

    /// <inheritdoc/>
    public override Agreement Check()
    {
        RunOurs(1);
        using Tensor output = _theirs(_tensor);
        return Agreement.None.And("output", _output.Span, TorchNetwork.Values(output));
    }

    /// <inheritdoc/>
    public override void RunOurs(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ours.Infer(_input, _output);
        }
    }

    /// <inheritdoc/>
    public override void RunPeer(int count)
    {
        using IDisposable mode = inference_mode();
        for (int i = 0; i < count; i++)
        {
            using Tensor output = _theirs(_tensor);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _tensor.Dispose();
}
