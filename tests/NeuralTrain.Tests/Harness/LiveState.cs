namespace NeuralTrain.Tests.Harness;

/// <summary>Every bit of a network and its optimizer that something which works on a clone must leave alone, as lines to compare.</summary>
internal static class LiveState
{
    public static IReadOnlyList<string> Of(Layer network, Optimizer optimizer)
    {
        var lines = new List<string>();
        foreach ((string path, Layer layer) in network.SelfAndBelow())
        {
            lines.Add($"{path} {layer} frozen {layer.IsFrozen} initializer {(layer.Parameters.Count > 0 ? layer.Parameters[0].Initializer : null)} mask {layer.RandomStream?.Seed}/{layer.RandomStream?.Position}");
        }

        foreach ((string path, Parameter parameter) in network.NamedParameters())
        {
            lines.Add($"{path} {parameter} trainable {parameter.IsTrainable} value {Bits(parameter.Value.Span)} gradient {Bits(parameter.Gradient.Span)}");
        }

        OptimizerState state = optimizer.State;
        var settings = new Settings("optimizer");
        optimizer.DescribeCommon(settings, optimizer.LearningRate);
        lines.Add($"{optimizer} {settings} {state.StepCount} {state.LearningRate:r} {optimizer.L2:r} {optimizer.ClipNorm:r} {optimizer.ClipValue:r} last norm {optimizer.LastGradientNorm:r}");
        for (int i = 0; i < state.Updates.Length; i++)
        {
            string arrays = string.Join(" ", (state.Arrays[i] ?? []).Select(array => Bits(array)));
            lines.Add($"moments {i}: {state.Updates[i]} {arrays}");
        }

        return lines;
    }

    private static string Bits(ReadOnlySpan<float> values) => Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));
}
