using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A chain of layers with a shortcut around it: their output is added to their input.</summary>
/// <remarks>
/// <code>
/// forward   y = x + f(x)          f the layers in a row
/// backward  x̄ = ȳ + f's backward of ȳ
/// </code>
/// x, y <c>[batch × inputs]</c>: f must preserve the number of columns. Source: He, Zhang, Ren and Sun 2016. Parameters are named
/// by the position of their layer, <c>0.weight</c>. In Keras it is <c>Add()([x, f(x)])</c>; in PyTorch a module whose
/// <c>forward</c> returns <c>x + self.f(x)</c>. A preceding <see cref="Linear"/> uses the initializer the first of the layers prefers; the last
/// <see cref="Linear"/> inside uses the preference of the activation after the sum.
/// </remarks>
public sealed class Residual : Layer
{
    private readonly Sequential _chain;

    /// <summary>Chains layers and adds their input to their output.</summary>
    /// <param name="layers">The layers, in order; at least one.</param>
    /// <exception cref="ArgumentException">
    /// There is no layer, one is null, appears twice or is part of another network, one does not accept the output of the one before it, or the
    /// output of the last differs in width from the input of the first.
    /// </exception>
    public Residual(params ReadOnlySpan<Layer> layers)
    {
        _chain = new Sequential(layers, nameof(Residual));
        Declare(_chain.InputSize);
        if (InputSize is int size) _ = OutputSize(size);
        TakeChildren();
        FollowActivation(null);
    }

    /// <inheritdoc/>
    public override int OutputSize(int inputSize)
    {
        int outputSize = _chain.OutputSize(inputSize);
        return outputSize == inputSize ? inputSize : throw new ArgumentException(
            $"{this} adds its input to what its layers give, but they take {inputSize} columns and give {outputSize}. Let the last layer give {inputSize}, for instance a Linear({outputSize}, {inputSize}).");
    }

    /// <summary>The layers, in order.</summary>
    public override IReadOnlyList<Layer> Children => _chain.Children;

    /// <inheritdoc/>
    public override Wiring Wiring => Wiring.Chain;

    /// <inheritdoc/>
    public override Matrix ChildOutput(int child) => _chain.ChildOutput(child);

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output) => Run(input, output, recalibrates: false);

    /// <inheritdoc/>
    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckContainer(this, input, output);

        // The chain keeps its own output, apart from the sum: the last layer's backward pass gets it.
        Add(input, _chain.Forward(input), output);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        _chain.Backward(input, _chain.ChildOutput(Children.Count - 1), outputGradient, inputGradient);
        if (!inputGradient.IsEmpty) Add(inputGradient, outputGradient, inputGradient);
    }

    /// <inheritdoc/>
    public override void Recalibrate(Matrix input, Matrix output) => Run(input, output, recalibrates: true);

    private void Run(Matrix input, Matrix output, bool recalibrates)
    {
        Shapes.CheckContainer(this, input, output);
        _chain.InferOrRecalibrate(input, output, recalibrates);
        Add(input, output, output);
    }

    private static void Add(Matrix left, Matrix right, Matrix sum) => Elementwise.Map(left.Span, right.Span, sum.Span, default(Addition));
}
