namespace NeuralTrain;

/// <summary>Writes a network as C# source that needs no library.</summary>
public static class CSharpSource
{
    /// <summary>
    /// The network as one static class for netstandard2.0 and later, without dependencies: for .NET Framework, Unity and devices. Any number of threads may use it.
    /// <c>File.WriteAllText("Flowers.cs", network.ToCSharp("Flowers"));</c>
    /// </summary>
    /// <remarks>
    /// <para>
    /// The class has <c>Predict(float[])</c>, which gives what <see cref="Layer.Infer"/> gives for one row; where the framework has spans, also
    /// <c>Predict(ReadOnlySpan&lt;float&gt;, Span&lt;float&gt;)</c>, which allocates nothing after a thread's first call; and with classes <c>Classify(float[])</c>.
    /// Sums and functions are computed in double, so results differ from <see cref="Layer.Infer"/> by rounding; <see cref="GELU"/> by up to 10⁻⁷·|x|.
    /// </para>
    /// <para>The parameters stand in it as base64, 5.4 characters for each; an assembly has room for 1.5 million. Beyond that write an ONNX file.</para>
    /// </remarks>
    /// <param name="network">The network. It is not changed.</param>
    /// <param name="name">The name of the class, with its namespace if it is to have one: <c>Flowers</c>, <c>Garden.Flowers</c>.</param>
    /// <param name="classes">The names of the classes, one for each output, or two for a single output (negative, positive: above 0, or above 0.5 after a <see cref="Sigmoid"/>). Default none.</param>
    /// <param name="inputSize">Columns of the input; needed only if the network takes any width.</param>
    /// <exception cref="ArgumentException">The name is not a valid class name, there are more or fewer classes than outputs, or the number of columns is not known or another.</exception>
    /// <exception cref="NotSupportedException">There is a custom layer, or too many parameters.</exception>
    /// <exception cref="NotFiniteNumberException">A parameter is NaN or infinite.</exception>
    public static string ToCSharp(this Layer network, string name, IReadOnlyList<string>? classes = null, int? inputSize = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new CSharpWriter(network, inputSize).Write(name, classes ?? []);
    }
}
