using Microsoft.ML.OnnxRuntime;

namespace NeuralTrain.PeerBenchmarks;

/// <summary>Prediction with a trained network beside ONNX Runtime, which runs the file that ours writes; both into memory that is there, on one thread.</summary>
internal sealed class OnnxCase : PeerCase
{
    private readonly NetworkPlan _plan;
    private readonly Sequential _ours;
    private readonly Matrix _inputs, _outputs;
    private readonly float[] _theirInputs, _theirOutputs;
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();
    private readonly OrtValue _input, _output;

    /// <summary>Writes our network as a file and opens it.</summary>
    public OnnxCase(NetworkPlan plan)
    {
        _plan = plan;
        _inputs = new SampleBatch(plan).Inputs;
        _outputs = new Matrix(plan.Batch, plan.Sizes[^1]);
        _ours = OurTraining.Build(plan, new Random(2));
        using var file = new MemoryStream();
        OnnxFile.Save(file, _ours);
        _session = new InferenceSession(file.ToArray(), new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 });
        (_theirInputs, _theirOutputs) = (_inputs.Span.ToArray(), new float[_outputs.Span.Length]);
        _input = OrtValue.CreateTensorValueFromMemory(_theirInputs, [_inputs.Rows, _inputs.Columns]);
        _output = OrtValue.CreateTensorValueFromMemory(_theirOutputs, [_outputs.Rows, _outputs.Columns]);
        _binding = _session.CreateIoBinding();
        _binding.BindInput(_session.InputNames[0], _input);
        _binding.BindOutput(_session.OutputNames[0], _output);
    }

    /// <inheritdoc/>
    public override string Name => $"ONNX Runtime {string.Join('-', _plan.Sizes)}, {(_plan.Batch == 1 ? "1 row" : $"{_plan.Batch:# ##0} rows")}";

    /// <inheritdoc/>
    public override Agreement Check()
    {
        RunOurs(1);
        RunPeer(1);
        return Agreement.None.And("outputs", _outputs.Span, _theirOutputs);
    }

    /// <inheritdoc/>
    public override void RunOurs(int count)
    {
        for (int i = 0; i < count; i++) _ours.Infer(_inputs, _outputs);
    }

    /// <inheritdoc/>
    public override void RunPeer(int count)
    {
        for (int i = 0; i < count; i++) _session.RunWithBinding(_options, _binding);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (IDisposable part in new IDisposable[] { _binding, _input, _output, _options, _session }) part.Dispose();
    }
}
