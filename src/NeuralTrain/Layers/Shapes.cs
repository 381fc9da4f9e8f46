using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// The checks of a layer's arguments, in one place: a few integer comparisons if all is well, otherwise a message that says what
/// was expected, what was received and what to do. The matrices are passed by reference, because copying four of them takes as long as
/// a product in the smallest networks.
/// </summary>
internal static class Shapes
{
    /// <summary>Checks the matrices of <see cref="Layer.Infer"/> and <see cref="Layer.Forward"/>.</summary>
    [MethodImpl(Jit.Inline)]
    public static void CheckForward(Layer layer, in Matrix input, in Matrix output, int inputSize, int outputSize)
    {
        if (input.IsEmpty || input.Columns != inputSize || output.Rows != input.Rows || output.Columns != outputSize || input.Overlaps(output))
        {
            ThrowForward(layer, input, output, inputSize, outputSize);
        }
    }

    /// <summary>Checks the matrices of <see cref="Layer.Forward"/> for a layer whose output is as wide as its input.</summary>
    [MethodImpl(Jit.Inline)]
    public static void CheckForward(Layer layer, in Matrix input, in Matrix output) =>
        CheckForward(layer, input, output, input.Columns, input.Columns);

    /// <summary>Checks the matrices of a container's forward pass; the batch first, whose width determines that of the output.</summary>
    public static void CheckContainer(Layer container, in Matrix input, in Matrix output)
    {
        CheckBatch(container, input);
        CheckForward(container, input, output, input.Columns, container.OutputSize(input.Columns));
    }

    /// <summary>Checks the batch that a container receives.</summary>
    [MethodImpl(Jit.Cold)]
    public static void CheckBatch(Layer container, in Matrix input)
    {
        int expected = container.InputSize ?? input.Columns;
        if (input.IsEmpty || input.Columns != expected) ThrowForward(container, input, output: default, expected, outputSize: 0);
    }

    /// <summary>Checks the matrices of <see cref="Layer.Backward"/>.</summary>
    [MethodImpl(Jit.Inline)]
    public static void CheckBackward(
        Layer layer, in Matrix input, in Matrix output, in Matrix outputGradient, in Matrix inputGradient, int inputSize, int outputSize)
    {
        if (input.IsEmpty || input.Columns != inputSize || output.Rows != input.Rows || output.Columns != outputSize)
        {
            ThrowForward(layer, input, output, inputSize, outputSize);
        }

        CheckGradient(layer, output, outputGradient);
        if (!inputGradient.IsEmpty && (inputGradient.Rows != input.Rows || inputGradient.Columns != inputSize))
        {
            ThrowGradient(layer, "inputGradient", input, inputGradient, "as its input, or empty if it is not needed");
        }
    }

    /// <summary>Checks the gradient that a backward pass starts from.</summary>
    [MethodImpl(Jit.Inline)]
    public static void CheckGradient(Layer layer, in Matrix output, in Matrix outputGradient)
    {
        if (outputGradient.Rows != output.Rows || outputGradient.Columns != output.Columns) ThrowGradient(layer, "outputGradient", output, outputGradient, "as its output");
    }

    /// <summary>Checks the matrices of <see cref="Layer.Backward"/> for a layer whose output is as wide as its input.</summary>
    [MethodImpl(Jit.Inline)]
    public static void CheckBackward(
        Layer layer, in Matrix input, in Matrix output, in Matrix outputGradient, in Matrix inputGradient) =>
        CheckBackward(layer, input, output, outputGradient, inputGradient, input.Columns, input.Columns);

    [DoesNotReturn]
    private static void ThrowForward(Layer layer, in Matrix input, in Matrix output, int inputSize, int outputSize)
    {
        string who = layer.Title;
        if (input.IsEmpty) throw new ArgumentException($"{who} received an empty batch ({input.Shape}): pass at least one row and one column.", nameof(input));
        if (input.Columns != inputSize) throw new ArgumentException($"{who} expects {inputSize} columns, received a {input.Shape} input: check the width of what comes before it.", nameof(input));
        if (output.Rows == input.Rows && output.Columns == outputSize) throw Overlapping(who, "its input", nameof(output));
        throw new ArgumentException(
            $"{who} writes a {input.Rows}×{outputSize} output for a {input.Shape} input, received {output.Shape} to write into: pass a matrix of that shape.", nameof(output));
    }

    /// <summary>The error for a matrix to write into that shares values with one that is read.</summary>
    public static ArgumentException Overlapping(string who, string read, string name) =>
        new($"{who} received a matrix to write into that shares values with {read}, which would change while it is read. Pass one with its own memory, such as a Clone().", name);

    [DoesNotReturn]
    private static void ThrowGradient(Layer layer, string name, in Matrix expected, in Matrix received, string asWhat) =>
        throw new ArgumentException(
            $"{layer.Title} expects a {expected.Shape} {name}, the same shape {asWhat}; received {received.Shape}.", name);
}
