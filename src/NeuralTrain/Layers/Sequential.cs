namespace NeuralTrain;

/// <summary>Layers in a row, each working on the output of the one before it; itself a layer (lecture L1.1).</summary>
/// <remarks>
/// <code>
/// forward   h₀ = x,  hᵢ = layerᵢ(hᵢ₋₁),  y = hₙ
/// backward  h̄ₙ = ȳ,  h̄ᵢ₋₁ = layerᵢ's backward of h̄ᵢ,  x̄ = h̄₀
/// </code>
/// It owns the activations and gradients between its layers, grown when a larger batch comes and never per step. Its
/// parameters are named by position, <c>0.weight</c>, as in PyTorch's <c>nn.Sequential</c>. Training methods are for one
/// thread at a time; <see cref="Infer"/> and <see cref="Predict"/> are for any number of threads.
/// </remarks>
public sealed partial class Sequential : Layer
{
    private readonly Layer[] _layers;
    private readonly int[]? _widthsAtBuild;
    private readonly GrowingMatrix[] _memory;
    private readonly GradientPair _gradients;

    // The batch of the last forward pass: its widths, the output of each layer, and the matrices it came from and went to.
    private readonly Matrix[] _activations;
    private int[] _widths;
    private int _rows;
    private Matrix _input;
    private Matrix _output;

    /// <summary>Chains layers.</summary>
    /// <param name="layers">The layers, in order; at least one.</param>
    /// <exception cref="ArgumentException">
    /// There is no layer, one is null, one stands in two places, or one does not take what the one before it gives.
    /// </exception>
    public Sequential(params ReadOnlySpan<Layer> layers)
    {
        _layers = layers.ToArray();
        Composition.Check(nameof(Sequential), _layers);
        InputSize = Composition.FindInputSize(_layers);
        _widthsAtBuild = InputSize is int size ? Composition.Widths(nameof(Sequential), _layers, size) : null;
        Composition.CheckKnownWidths(nameof(Sequential), _layers);
        _widths = _widthsAtBuild ?? new int[_layers.Length + 1];
        _activations = new Matrix[_layers.Length];
        _memory = new GrowingMatrix[_layers.Length];
        _gradients = new GradientPair(_layers.Length);
        for (int i = 0; i < _layers.Length; i++)
        {
            _memory[i] = new GrowingMatrix();
        }

        _predictsRowByRow = _layers.All(Composition.PredictsRowByRow);
        Composition.ChooseDefaultInitializers(_layers);
    }

    /// <inheritdoc/>
    public override int? InputSize { get; }

    /// <inheritdoc/>
    public override int OutputSize(int inputSize)
    {
        if (_widthsAtBuild is not null && inputSize == _widthsAtBuild[0])
        {
            return _widthsAtBuild[^1];
        }

        int width = inputSize;
        for (int i = 0; i < _layers.Length; i++)
        {
            width = Composition.NextWidth(nameof(Sequential), _layers, i, width);
        }

        return width;
    }

    /// <summary>The layers, in order.</summary>
    public override IReadOnlyList<Layer> Children => _layers;

    /// <summary>That of the first layer that has a say.</summary>
    protected internal override Initializer? PreferredInitializer =>
        _layers.Select(layer => layer.PreferredInitializer).FirstOrDefault(preferred => preferred is not null);

    /// <summary>Predicts: pure, for any number of threads at once. Use <see cref="Infer"/> to write into a matrix of one's own.</summary>
    /// <param name="input">The batch, <c>[batch × InputSize]</c>.</param>
    /// <returns>A new matrix, <c>[batch × OutputSize]</c>.</returns>
    public Matrix Predict(Matrix input)
    {
        Composition.CheckBatch(nameof(Sequential), InputSize, input);
        var output = new Matrix(input.Rows, OutputSize(input.Columns));
        Infer(input, output);
        return output;
    }

    /// <summary>The forward pass of training.</summary>
    /// <param name="input">The batch, <c>[batch × InputSize]</c>. It must stay unchanged until <see cref="Backward(Matrix)"/>.</param>
    /// <returns>The output, in memory of the network that the next forward pass overwrites.</returns>
    public Matrix Forward(Matrix input)
    {
        Composition.CheckBatch(nameof(Sequential), InputSize, input);
        Composition.CheckNotOwn(nameof(Sequential), input, _activations[^1]);
        PrepareBatch(input);
        Matrix output = _activations[^1];
        RunForward(input, output);
        return output;
    }

    /// <summary>The backward pass of training: adds to the gradient of every parameter. The batch is that of the last forward pass.</summary>
    /// <param name="outputGradient">The gradient of the loss with respect to the output, same shape as the output.</param>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    /// <exception cref="ArgumentException">The gradient has another shape than the output of the last forward pass.</exception>
    /// <exception cref="NotFiniteNumberException">
    /// The input of the last forward pass holds a NaN or an infinity. A saturating unit can hide an infinity from the loss, but
    /// the gradient of a weight on it is 0·∞; no gradient was changed.
    /// </exception>
    public void Backward(Matrix outputGradient)
    {
        CheckForwardWasRun();
        CheckOutputGradient(outputGradient);
        Composition.CheckFinite(_input);
        RunBackward(outputGradient, inputGradient: default);
    }

    /// <inheritdoc/>
    public override void Forward(Matrix input, Matrix output)
    {
        Composition.CheckBatch(nameof(Sequential), InputSize, input);
        Shapes.CheckForward(this, input, output, input.Columns, OutputSize(input.Columns));
        PrepareBatch(input);
        RunForward(input, output);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    /// <exception cref="ArgumentException">The matrices are not those of the last forward pass, or a gradient has the wrong shape.</exception>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        CheckForwardWasRun();
        if (input != _input || output != _output)
        {
            throw new ArgumentException(
                $"{nameof(Sequential)} expects the very matrices of its last forward pass ({_input.Shape} in, {_output.Shape} out), received " +
                $"another input ({input.Shape}) or output ({output.Shape}). Call Forward with this batch first.",
                nameof(input));
        }

        CheckOutputGradient(outputGradient);
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, input.Columns, output.Columns);
        RunBackward(outputGradient, inputGradient);
    }

    /// <inheritdoc/>
    public override void Recalibrate(Matrix input, Matrix output)
    {
        Composition.CheckBatch(nameof(Sequential), InputSize, input);
        int[] widths = Composition.Widths(nameof(Sequential), _layers, input.Columns);
        Shapes.CheckForward(this, input, output, input.Columns, widths[^1]);
        Matrix current = input;
        for (int i = 0; i < _layers.Length - 1; i++)
        {
            var next = new Matrix(input.Rows, widths[i + 1]);
            _layers[i].Recalibrate(current, next);
            current = next;
        }

        _layers[^1].Recalibrate(current, output);
    }

    /// <inheritdoc/>
    public override Sequential Clone() => (Sequential)base.Clone();

    /// <summary>The layers, as <c>Sequential(Linear(3 → 4), Sigmoid)</c>.</summary>
    public override string ToString() => $"{nameof(Sequential)}({string.Join(", ", (object[])_layers)})";

    /// <inheritdoc/>
    protected internal override IEnumerable<Layer> OutputLayers =>
        (Array.FindLast(_layers, layer => !layer.PassesValuesThrough) ?? _layers[^1]).OutputLayers;

    internal override void FollowActivation(Initializer preferred)
    {
        // The last layer that draws weights stands before the activation, unless an activation of its own comes between.
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            _layers[i].FollowActivation(preferred);
            if (_layers[i].PreferredInitializer is not null)
            {
                return;
            }
        }
    }

    // The matrices are handed on by reference as far as they can be: see Shapes.
    private void RunForward(in Matrix input, in Matrix output)
    {
        // Until all layers have run there is no batch to go back from.
        _output = default;
        ref readonly Matrix current = ref input;
        for (int i = 0; i < _layers.Length - 1; i++)
        {
            _layers[i].Forward(current, _activations[i]);
            current = ref _activations[i];
        }

        _layers[^1].Forward(current, output);
        _input = input;
        _output = output;
    }

    private void RunBackward(in Matrix outputGradient, in Matrix inputGradient)
    {
        int first = FirstInBackward(!inputGradient.IsEmpty);
        ReadOnlySpan<Matrix> below = _gradients.Below(_rows, _widths, first);
        ref readonly Matrix output = ref _output;
        ref readonly Matrix gradient = ref outputGradient;
        for (int i = _layers.Length - 1; i > first; i--)
        {
            _layers[i].Backward(_activations[i - 1], output, gradient, below[i]);
            output = ref _activations[i - 1];
            gradient = ref below[i];
        }

        if (first == 0)
        {
            _layers[0].Backward(_input, output, gradient, inputGradient);
        }
        else if (first < _layers.Length)
        {
            _layers[first].Backward(_activations[first - 1], output, gradient, inputGradient: default);
        }
    }

    // Nothing below the first layer that learns needs a gradient, unless the caller asks for that of the input.
    private int FirstInBackward(bool givesInputGradient)
    {
        int first = 0;
        while (!givesInputGradient && first < _layers.Length && !_layers[first].Learns())
        {
            first++;
        }

        return first;
    }

    // Shapes the activations for a batch that was checked; nothing to do when it has the shape of the last one.
    private void PrepareBatch(in Matrix input)
    {
        if (input.Rows == _rows && input.Columns == _widths[0])
        {
            return;
        }

        if (input.Columns != _widths[0])
        {
            _widths = Composition.Widths(nameof(Sequential), _layers, input.Columns);
        }

        _rows = 0;
        _output = default;
        _gradients.Forget();
        for (int i = 0; i < _layers.Length; i++)
        {
            _activations[i] = _memory[i].View(input.Rows, _widths[i + 1]);
        }

        _rows = input.Rows;
    }

    private void CheckForwardWasRun()
    {
        if (_output.IsEmpty)
        {
            throw new InvalidOperationException(
                $"Backward of {nameof(Sequential)} needs the activations of a forward pass, and there is none. " +
                "Call Forward (not Infer or Predict) with the batch first.");
        }
    }

    private void CheckOutputGradient(in Matrix outputGradient)
    {
        if (outputGradient.Rows != _output.Rows || outputGradient.Columns != _output.Columns)
        {
            throw new ArgumentException(
                $"{nameof(Sequential)} expects a {_output.Shape} outputGradient, the shape of the output of the last forward pass; " +
                $"received {outputGradient.Shape}. Pass the gradient of that batch.",
                nameof(outputGradient));
        }
    }
}
