using System.Diagnostics.Contracts;
using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A chain of layers, each working on the output of the one before it; itself a layer.</summary>
/// <remarks>
/// <code>
/// forward   h₀ = x,  hᵢ = layerᵢ(hᵢ₋₁),  y = hₙ
/// backward  h̄ₙ = ȳ,  h̄ᵢ₋₁ = layerᵢ's backward of h̄ᵢ,  x̄ = h̄₀
/// </code>
/// It owns the activations and gradients between its layers, whose memory grows only for a larger batch. Its
/// parameters are named by position, <c>0.weight</c>, as in PyTorch's <c>nn.Sequential</c>. Training methods are for one
/// thread at a time; <see cref="Infer"/> and <see cref="Predict"/> may run on any number of threads.
/// </remarks>
public sealed partial class Sequential : Layer
{
    private readonly Layer[] _layers;

    // The gradients that the layers write, from the first layer that writes one on: two matrices in turn, one to read from and one to write to.
    private readonly GrowingMatrix[] _gradients;
    private readonly GrowingMatrix _evenGradients = new(), _oddGradients = new();
    private int _firstGradient;

    // The last forward pass: its width, what each layer gave, and the matrices it came from and went to.
    private readonly GrowingMatrix[] _activations;
    private readonly GrowingMatrix _input = new(), _output = new();
    private int _columns;

    // The widths that any thread asked for last.
    private int[] _knownWidths = [];

    /// <summary>Chains layers.</summary>
    /// <param name="layers">The layers, in order; at least one.</param>
    /// <exception cref="ArgumentException">
    /// There is no layer, one is null, appears twice or is part of another network, or one does not accept the output of the one before it.
    /// </exception>
    public Sequential(params ReadOnlySpan<Layer> layers)
        : this(layers, nameof(Sequential))
    {
        TakeChildren();
        FollowActivation(null);
    }

    /// <summary>The chain inside another container, which takes the layers itself.</summary>
    internal Sequential(ReadOnlySpan<Layer> layers, string container)
    {
        _layers = Composition.Check(container, layers);
        Declare(Composition.FindInputSize(_layers));
        Composition.CheckKnownWidths(nameof(Sequential), _layers);
        (_activations, _gradients) = (GrowingMatrix.Several(_layers.Length), GrowingMatrix.Several(_layers.Length));
    }

    /// <inheritdoc/>
    public override int OutputSize(int inputSize) => WidthsFrom(inputSize)[^1];

    /// <summary>One of the layers, from the start (<c>network[0]</c>) or from the end (<c>network[^1]</c>).</summary>
    /// <param name="place">The index of the layer.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public Layer this[Index place] => place.GetOffset(_layers.Length) is int i && (uint)i < (uint)_layers.Length
        ? _layers[i]
        : throw new ArgumentOutOfRangeException(nameof(place), $"The layers of this network are 0 to {_layers.Length - 1}, received {place}.");

    /// <summary>The layers, in order.</summary>
    public override IReadOnlyList<Layer> Children => _layers;

    /// <inheritdoc/>
    public override Wiring Wiring => Wiring.Chain;

    /// <inheritdoc/>
    public override IEnumerable<Layer> OutputLayers => (Array.FindLast(_layers, layer => !layer.PassesValuesThrough) ?? _layers[^1]).OutputLayers;

    /// <inheritdoc/>
    public override Matrix ChildOutput(int child) => _output.Last.IsEmpty || child == _layers.Length - 1 ? _output.Last : _activations[child].Last;

    /// <summary>Predicts without changing anything, on any number of threads at once. Use <see cref="Infer"/> to write into an existing matrix.</summary>
    /// <param name="input">The batch, <c>[batch × InputSize]</c>.</param>
    /// <returns>A new matrix, <c>[batch × OutputSize]</c>.</returns>
    public Matrix Predict(Matrix input)
    {
        Shapes.CheckBatch(this, input);
        var output = new Matrix(input.Rows, OutputSize(input.Columns));
        Infer(input, output);
        return output;
    }

    /// <summary>The forward pass of training.</summary>
    /// <param name="input">The batch, <c>[batch × InputSize]</c>. It must stay unchanged until <see cref="Backward(Matrix)"/>.</param>
    /// <returns>The output, in the network's memory, which the next forward pass overwrites.</returns>
    /// <exception cref="InvalidOperationException">Another thread began a forward pass of this network meanwhile.</exception>
    [MethodImpl(Jit.Full)]
    public Matrix Forward(Matrix input)
    {
        Shapes.CheckBatch(this, input);
        Composition.CheckNotOwn(this, input, _activations[^1].Last, nameof(input));
        PrepareBatch(input);
        RunForward(input, _activations[^1].Last);

        // Not _output, which is the same: a copy of what was just written waits for the writing.
        return _activations[^1].Last;
    }

    /// <summary>The backward pass of training: adds to the gradient of every parameter. The batch is that of the last forward pass.</summary>
    /// <param name="outputGradient">The gradient of the loss with respect to the output, same shape as the output.</param>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    /// <exception cref="ArgumentException">The gradient has another shape than the output of the last forward pass, or lies in its memory.</exception>
    /// <exception cref="NotFiniteNumberException">
    /// The input of the last forward pass holds a NaN or an infinity. A saturating unit can hide an infinity from the loss, but
    /// the gradient of a weight on it is 0·∞; no gradient was changed.
    /// </exception>
    [MethodImpl(Jit.Full)]
    public void Backward(Matrix outputGradient)
    {
        Composition.CheckForwardRan(this, _output.Last);
        Shapes.CheckGradient(this, _output.Last, outputGradient);
        Composition.CheckNotOwn(this, outputGradient, _output.Last, nameof(outputGradient));
        Composition.CheckFinite(_input.Last);
        RunBackward(outputGradient, inputGradient: default);
    }

    /// <inheritdoc/>
    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckContainer(this, input, output);
        PrepareBatch(input);
        RunForward(input, output);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    /// <exception cref="ArgumentException">The matrices are not those of the last forward pass, or a gradient has the wrong shape.</exception>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Composition.CheckForwardRan(this, _output.Last);
        if (input != _input.Last || output != _output.Last)
        {
            throw new ArgumentException(
                $"{nameof(Sequential)} expects the very matrices of its last forward pass ({_input.Last.Shape} in, {_output.Last.Shape} out), received " +
                $"another input ({input.Shape}) or output ({output.Shape}). Call Forward with this batch first.", nameof(input));
        }

        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, input.Columns, output.Columns);
        RunBackward(outputGradient, inputGradient);
    }

    /// <inheritdoc/>
    public override void Recalibrate(Matrix input, Matrix output) => Run(input, output, recalibrates: true);

    /// <inheritdoc/>
    public override Sequential Clone() => (Sequential)base.Clone();

    /// <summary>A new network of copies of the first layers: <c>network.Take(^1)</c> is all but the last.</summary>
    /// <remarks>
    /// A layer remembers its last batch and can be in one network only, so the layers are cloned: changes to the new network do not
    /// affect this one. Frozen layers stay frozen in the copy. PyTorch's <c>net[:-1]</c> shares the layers instead.
    /// <code>
    /// Sequential trunk = network.Take(^1);
    /// trunk.Freeze();
    /// Sequential transferred = trunk.Append(new Linear(64, 5, random));
    /// </code>
    /// </remarks>
    /// <param name="end">The first layer that is left out, from the start (<c>4</c>) or from the end (<c>^1</c>); at least one layer must remain.</param>
    /// <exception cref="ArgumentOutOfRangeException">No layer would remain, or the index is out of range.</exception>
    /// <exception cref="NotSupportedException">A custom layer cannot be copied, see <see cref="Clone"/>.</exception>
    [Pure]
    public Sequential Take(Index end)
    {
        int count = end.GetOffset(_layers.Length);
        if (count >= 1 && count <= _layers.Length) return new Sequential([.. _layers.Take(count).Select(layer => layer.Clone())]);
        throw new ArgumentOutOfRangeException(
            nameof(end), $"The network has {_layers.Length} layers, of which 1 to {_layers.Length} can be taken; received {end}, which leaves {count}.");
    }

    /// <summary>A new network of copies of all layers with further ones after them, such as a new head; this network is unchanged.</summary>
    /// <remarks>The present layers are cloned and keep their values; the given ones are used directly. The new network needs a new optimizer.</remarks>
    /// <param name="layers">The layers to append, at least one.</param>
    /// <exception cref="ArgumentException">No layer is given, one is null, or one does not accept the output of the one before it.</exception>
    /// <exception cref="NotSupportedException">A custom layer cannot be copied, see <see cref="Clone"/>.</exception>
    [Pure]
    public Sequential Append(params ReadOnlySpan<Layer> layers) => layers.Length > 0
        ? new Sequential([.. _layers.Select(layer => layer.Clone()), .. layers])
        : throw new ArgumentException("Append expects at least one layer to follow the present ones, received none. For a copy call Clone.", nameof(layers));

    /// <summary>The number of forward passes started; a caller compares it to detect an interleaved pass.</summary>
    internal int Passes { get; private set; }

    /// <summary>Throws if another pass may have overwritten the values. A plain comparison, so it is not atomic: an overlap of some nanoseconds can escape.</summary>
    /// <exception cref="InvalidOperationException">Another forward pass has begun since.</exception>
    [MethodImpl(Jit.Cold)]
    internal void CheckPasses(int passes)
    {
        if (passes == Passes) return;
        throw new InvalidOperationException(
            $"Another forward pass of {Title} began while this one was in use, and overwrote its values. Forward belongs to the one thread that trains; " +
            "predict with Predict or Infer, from any number of threads, or run Forward on a Clone.");
    }

    // The matrices are passed by reference where possible: see Shapes.
    private void RunForward(in Matrix input, in Matrix output)
    {
        int pass = ++Passes;

        // Until all layers have run there is no batch for a backward pass.
        _output.Forget();
        ref readonly Matrix current = ref input;
        for (int i = 0; i < _layers.Length - 1; i++)
        {
            ref readonly Matrix next = ref _activations[i].Last;
            _layers[i].Pass(current, next);
            current = ref next;
        }

        _layers[^1].Pass(current, output);
        CheckPasses(pass);
        _input.Remember(input);
        _output.Remember(output);
    }

    private void RunBackward(in Matrix outputGradient, in Matrix inputGradient)
    {
        // Nothing below the first layer that learns needs a gradient, unless the caller asks for that of the input.
        int first = 0;
        while (inputGradient.IsEmpty && first < _layers.Length && !_layers[first].Learns()) first++;
        if (first + 1 < _firstGradient) ShapeGradients(first + 1);
        ref readonly Matrix output = ref _output.Last;
        ref readonly Matrix gradient = ref outputGradient;
        for (int i = _layers.Length - 1; i > first; i--)
        {
            ref readonly Matrix input = ref _activations[i - 1].Last;
            ref readonly Matrix below = ref _gradients[i].Last;
            _layers[i].PassBack(input, output, gradient, below);
            output = ref input;
            gradient = ref below;
        }

        if (first == 0)
        {
            _layers[0].PassBack(_input.Last, output, gradient, inputGradient);
        }
        else if (first < _layers.Length)
        {
            _layers[first].PassBack(_activations[first - 1].Last, output, gradient, inputGradient: default);
        }
    }

    // Both matrices at the widest each must hold first, so that none is allocated twice on the way.
    [MethodImpl(Jit.Cold)]
    private void ShapeGradients(int first)
    {
        int rows = _output.Last.Rows, even = 0, odd = 0;
        for (int i = first; i < _layers.Length; i++)
        {
            int width = _activations[i - 1].Last.Columns;
            (even, odd) = i % 2 == 0 ? (Math.Max(even, width), odd) : (even, Math.Max(odd, width));
        }

        _evenGradients.View(rows, even);
        _oddGradients.View(rows, odd);
        for (int i = first; i < _layers.Length; i++)
        {
            _gradients[i].Remember((i % 2 == 0 ? _evenGradients : _oddGradients).View(rows, _activations[i - 1].Last.Columns));
        }

        _firstGradient = first;
    }

    private int[] WidthsFrom(int inputSize)
    {
        int[] known = _knownWidths;
        return known.Length > 0 && known[0] == inputSize ? known : _knownWidths = Composition.Widths(nameof(Sequential), _layers, inputSize);
    }

    // Shapes the activations for a batch that was checked; nothing to do when it has the shape of the last one.
    [MethodImpl(Jit.Cold)]
    private void PrepareBatch(in Matrix input)
    {
        if (input.Rows == _activations[^1].Last.Rows && input.Columns == _columns) return;
        int[] widths = WidthsFrom(input.Columns);
        _columns = input.Columns;
        _activations[^1].Forget();
        _output.Forget();
        _firstGradient = _layers.Length;
        for (int i = 0; i < _layers.Length; i++)
        {
            _activations[i].View(input.Rows, widths[i + 1]);
        }
    }
}
