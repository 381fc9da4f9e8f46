using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A chain of layers with a path around it: what they give is added to their input (lecture L1.1).</summary>
/// <remarks>
/// <code>
/// forward   y = x + f(x)          f the layers in a row
/// backward  x̄ = ȳ + f's backward of ȳ
/// </code>
/// x, y <c>[batch × inputs]</c>: f must give as many columns as it takes. Source: He, Zhang, Ren and Sun 2016. Parameters are named
/// by the position of their layer, <c>0.weight</c>. In Keras it is <c>Add()([x, f(x)])</c>; in PyTorch a module of one's own whose
/// <c>forward</c> returns <c>x + self.f(x)</c>. A <see cref="Linear"/> in front follows what the first of the layers prefers; the last
/// <see cref="Linear"/> inside follows the activation behind the sum.
/// </remarks>
public sealed class Residual : Layer
{
    private readonly Sequential _chain;
    private Matrix _chainOutput;

    /// <summary>Chains layers and adds their input to their output.</summary>
    /// <param name="layers">The layers, in order; at least one.</param>
    /// <exception cref="ArgumentException">
    /// There is no layer, one is null, one stands in two places, one does not take what the one before it gives, or the last
    /// gives another width than the first takes.
    /// </exception>
    public Residual(params ReadOnlySpan<Layer> layers)
    {
        Composition.Check(nameof(Residual), layers.ToArray());
        _chain = new Sequential(layers);
        if (_chain.InputSize is int size)
        {
            CheckWidth(size, _chain.OutputSize(size));
        }
    }

    /// <inheritdoc/>
    public override int? InputSize => _chain.InputSize;

    /// <inheritdoc/>
    public override int OutputSize(int inputSize)
    {
        CheckWidth(inputSize, _chain.OutputSize(inputSize));
        return inputSize;
    }

    /// <summary>The layers, in order.</summary>
    public override IReadOnlyList<Layer> Children => _chain.Children;

    /// <summary>That of the first layer that has a say.</summary>
    protected internal override Initializer? PreferredInitializer => _chain.PreferredInitializer;

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, InputSize ?? input.Columns, OutputSize(input.Columns));
        _chain.Infer(input, output);
        Add(input, output, output);
    }

    /// <inheritdoc/>
    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, InputSize ?? input.Columns, OutputSize(input.Columns));

        // Kept apart from the sum: the last layer's backward pass gets its own output.
        _chainOutput = _chain.Forward(input);
        Add(input, _chainOutput, output);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        _chain.Backward(input, _chainOutput, outputGradient, inputGradient);
        if (!inputGradient.IsEmpty)
        {
            Add(inputGradient, outputGradient, inputGradient);
        }
    }

    /// <inheritdoc/>
    public override void Recalibrate(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, InputSize ?? input.Columns, OutputSize(input.Columns));
        _chain.Recalibrate(input, output);
        Add(input, output, output);
    }

    /// <summary>The layers, as <c>Residual(Linear(4 → 4), Sigmoid)</c>.</summary>
    public override string ToString() => $"{nameof(Residual)}({string.Join(", ", Children)})";

    internal override void FollowActivation(Initializer preferred) => _chain.FollowActivation(preferred);

    internal override IReadOnlyList<int?> ChildInputSizes(int inputSize) => _chain.ChildInputSizes(inputSize);

    /// <inheritdoc/>
    protected internal override Matrix ChildOutput(int child) => _chain.ChildOutput(child);

    internal override BatchMemory MemoryFor(int rows, int inputSize, BackwardReach back) => _chain.MemoryFor(rows, inputSize, back);

    private static void Add(Matrix left, Matrix right, Matrix sum) => Elementwise.Map(left.Span, right.Span, sum.Span, default(Addition));

    private void CheckWidth(int inputSize, int outputSize)
    {
        if (outputSize != inputSize)
        {
            throw new ArgumentException(
                $"{this} adds its input to what its layers give, so both must be equally wide: they take {inputSize} columns and give " +
                $"{outputSize}. Let the last layer give {inputSize}, for instance by a Linear({outputSize}, {inputSize}) at the end.");
        }
    }
}
