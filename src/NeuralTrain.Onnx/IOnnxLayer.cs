namespace NeuralTrain;

/// <summary>A custom layer that can be written to an ONNX file.</summary>
public interface IOnnxLayer
{
    /// <summary>Adds the operators that compute what <see cref="Layer.Infer"/> does.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="input">The name of the layer's input, <c>[batch × columns]</c>; the batch is not known.</param>
    /// <param name="columns">Columns of the input.</param>
    /// <returns>The name of its output.</returns>
    string WriteOnnx(OnnxGraph graph, string input, int columns);
}
