using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A block with a forward and a backward pass: the building block of networks.</summary>
/// <remarks>
/// <para>
/// The mode is the method you call. <see cref="Infer"/> is for prediction: it changes nothing, so many threads may call it
/// at once. <see cref="Forward"/> is for training: it may store what <see cref="Backward"/> needs. There is no training
/// flag to forget.
/// </para>
/// <para>
/// A layer owns its parameters and the little it must store; its container owns the activations and their gradients.
/// Outputs are written into the matrix that is handed in, so a layer allocates nothing per step.
/// </para>
/// <para>
/// A custom layer overrides <see cref="Infer"/> and <see cref="Backward"/>, and <see cref="InputSize"/>, <see cref="OutputSize"/> and
/// <see cref="Parameters"/> if needed. The other virtual members are optional: they let containers, checks and files treat the layer like a built-in
/// one. Inside a container, the shapes that a layer receives have been checked.
/// </para>
/// </remarks>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.AllFields)]
public abstract partial class Layer
{
    // The container that this layer is part of.
    private Layer? _container;

    private int? _inputSize;
    private IReadOnlyList<Parameter> _parameters = [];

    /// <summary>Creates a layer.</summary>
    /// <param name="inputSize">The number of input columns. Default null: any.</param>
    /// <param name="parameters">Its own parameters, in the order of model files. Default none.</param>
    protected Layer(int? inputSize = null, params IReadOnlyList<Parameter> parameters) => Declare(inputSize, parameters);

    /// <summary>The number of input columns; null for any.</summary>
    public virtual int? InputSize => _inputSize;

    /// <summary>The number of output columns for an input of the given width. By default the same.</summary>
    /// <param name="inputSize">The number of input columns; a width the layer accepts.</param>
    public virtual int OutputSize(int inputSize) => inputSize;

    /// <summary>The layer's own parameters, in the order of model files; not those of <see cref="Children"/>. Read in every step: return the same list each time.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The layers of a container, in order; empty for a plain layer. Read in every step: return the same list each time.</summary>
    public virtual IReadOnlyList<Layer> Children => [];

    /// <summary>Whether <see cref="Freeze"/> was called on this layer or on a container it is part of.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Computes the output for prediction. Changes nothing and treats each row independently, so many threads may call it at once, with batches of any size.</summary>
    /// <param name="input">The batch, <c>[batch × InputSize]</c>.</param>
    /// <param name="output">Receives the result, <c>[batch × OutputSize]</c>; every value is overwritten. It must not share values with the input.</param>
    public abstract void Infer(Matrix input, Matrix output);

    /// <summary>Computes the output for training, and may store what <see cref="Backward"/> needs. By default the same as <see cref="Infer"/>.</summary>
    /// <param name="input">The batch, <c>[batch × InputSize]</c>.</param>
    /// <param name="output">Receives the result, <c>[batch × OutputSize]</c>; every value is overwritten. It must not share values with the input.</param>
    public virtual void Forward(Matrix input, Matrix output) => Infer(input, output);

    /// <summary>Computes the gradients of the loss with respect to the parameters and the input from the gradient with respect to the output.</summary>
    /// <param name="input">The input of the last <see cref="Forward"/>: the same matrix, unchanged.</param>
    /// <param name="output">The output of the last <see cref="Forward"/>: the same matrix, unchanged.</param>
    /// <param name="outputGradient">The gradient with respect to the output, same shape as <paramref name="output"/>.</param>
    /// <param name="inputGradient">
    /// Is overwritten with the gradient with respect to the input, same shape as <paramref name="input"/>; or the empty
    /// matrix, if it is not needed, as before the first layer. Parameter gradients are added to, never overwritten, and are
    /// sums over the batch: only the loss divides by N.
    /// </param>
    public abstract void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient);

    /// <summary>
    /// Replaces the running statistics of this layer and all below it with those of all the data, in one pass over
    /// them: <c>network.Recalibrate(train.Inputs)</c> after training.
    /// </summary>
    /// <remarks>
    /// The data pass through one layer at a time, all rows together, as in prediction. So the second of two <see cref="BatchNorm"/> measures the output of the first
    /// with its new statistics, as in prediction. This takes memory for all rows at two neighbouring layers; a random subset of the data is
    /// often enough. Layers without running statistics, and frozen ones, stay unchanged.
    /// </remarks>
    /// <param name="input">The training inputs, <c>[rows × InputSize]</c>.</param>
    /// <exception cref="NotSupportedException">A custom container with running statistics below it does not override <see cref="Recalibrate(Matrix, Matrix)"/>.</exception>
    public void Recalibrate(Matrix input) => Recalibrate(input, new Matrix(input.Rows, OutputSize(input.Columns)));

    /// <summary>
    /// All parameters of this layer and those below it with their paths, as in the <c>state_dict</c> of PyTorch's <c>nn.Sequential</c>: <c>0.weight</c>, <c>2.bias</c>. A path is the
    /// position in each container, then the parameter's own name: <c>foreach (var (path, parameter) in network.NamedParameters())</c>.
    /// </summary>
    public IReadOnlyList<NamedParameter> NamedParameters() => AllParameters();

    /// <summary>Stops training this layer and all below it: optimizers leave their parameters unchanged.</summary>
    public void Freeze() => SetFrozen(true);

    /// <summary>Lets this layer and all below it train again.</summary>
    public void Unfreeze() => SetFrozen(false);

    /// <summary>The kind and its most important settings, as <c>Linear(3 → 4)</c>; for a container, the kind and its layers.</summary>
    public override string ToString() => Details is { Length: > 0 } details ? $"{GetType().Name}({details})" : GetType().Name;

    /// <summary>
    /// Writes what the constructor needs to recreate this layer: sizes, probabilities, choices. Not the parameters, nor <see cref="Children"/>, nor
    /// <see cref="RandomStream"/>: files and comparisons include those anyway. By default nothing.
    /// </summary>
    /// <param name="settings">Receives the values: <c>settings.Set("slope", Slope)</c>.</param>
    protected virtual void Describe(Settings settings)
    {
    }

    /// <summary><see cref="Describe"/>, for code that writes files and compares settings.</summary>
    internal void DescribeTo(Settings settings) => Describe(settings);

    /// <summary>The random stream of <see cref="Forward"/>; null (the default) for a deterministic layer.</summary>
    public virtual RandomStream? RandomStream => null;

    /// <summary>Whether a training pass computes statistics over the rows of its batch, so that it needs two or more. Default false.</summary>
    public virtual bool NeedsSeveralRows => false;

    /// <summary>Whether <see cref="Infer"/> returns its input unchanged or only scaled, as dropout does: the layer before it then determines the meaning of the output. Default false.</summary>
    public virtual bool PassesValuesThrough => false;

    /// <summary>
    /// The minimum and maximum output for any input; null (the default) if there are no such limits. 0 to 1 means
    /// probabilities, up to 0 without a lower limit means their logarithms: losses on raw scores refuse both as the end of a network.
    /// </summary>
    public virtual (double Low, double High)? OutputRange => null;

    /// <summary>Whether each value saturates at a finite end of <see cref="OutputRange"/>, where hardly any gradient passes, as in a sigmoid but not in ReLU or softmax. Default false.</summary>
    public virtual bool Saturates => false;

    /// <summary>
    /// The default initializer for the weights of layers before this one; null to defer to the next layer, as dropout does. By default null for a plain
    /// layer; a chain takes the preference of its first layer that has one, and parallel branches the one they agree on, otherwise <see cref="GlorotUniform"/>.
    /// </summary>
    public virtual Initializer? PreferredInitializer => Wiring switch
    {
        Wiring.Chain => Children.Select(child => child.PreferredInitializer).FirstOrDefault(preferred => preferred is not null),
        Wiring.Parallel => Children.Select(child => child.PreferredInitializer).Distinct().ToArray() is [var agreed] ? agreed : GlorotUniform.Instance,
        _ => null,
    };

    /// <summary>How data pass through <see cref="Children"/>. By default unknown: then nothing is inferred about the layers inside.</summary>
    public virtual Wiring Wiring => Wiring.Unknown;

    /// <summary>The layers whose outputs are the outputs of this one: by default itself.</summary>
    /// <remarks>A custom container overrides it if its output consists of unchanged outputs of its layers: <c>Children[^1].OutputLayers</c> for a chain.</remarks>
    public virtual IEnumerable<Layer> OutputLayers => [this];

    /// <summary>The output of one of <see cref="Children"/> in the last <see cref="Forward"/>; empty (the default) if there was none, or the container does not keep it. Custom containers override it so that checks and observers see inside them.</summary>
    /// <param name="child">The index in <see cref="Children"/>.</param>
    public virtual Matrix ChildOutput(int child) => default;

    /// <summary>
    /// Replaces the running statistics with those of the data, then computes the output as <see cref="Infer"/> does with the new
    /// ones. A custom container with running statistics below it overrides this: it calls this method of its layers where its <see cref="Infer"/> calls theirs.
    /// </summary>
    /// <param name="input">All the data, <c>[rows × InputSize]</c>.</param>
    /// <param name="output">Receives the result, <c>[rows × OutputSize]</c>.</param>
    /// <exception cref="NotSupportedException">The layer is a container that does not override it, with running statistics below.</exception>
    public virtual void Recalibrate(Matrix input, Matrix output)
    {
        if (Children.Count > 0 && NamedParameters().Any(named => named.Parameter.IsStatistic))
        {
            throw new NotSupportedException(
                $"{this} contains layers with running statistics. Override {nameof(Recalibrate)}(input, output) in {GetType().Name}: call {nameof(Recalibrate)} of its layers where {nameof(Infer)} calls {nameof(Infer)}.");
        }

        Infer(input, output);
    }

    /// <summary><see cref="Forward"/> without copies of the matrices, which take as long as a product in the smallest networks.</summary>
    internal virtual void Pass(in Matrix input, in Matrix output) => Forward(input, output);

    /// <summary><see cref="Backward"/> without copies of the matrices.</summary>
    internal virtual void PassBack(in Matrix input, in Matrix output, in Matrix outputGradient, in Matrix inputGradient) => Backward(input, output, outputGradient, inputGradient);

    /// <summary>The constructor's arguments, for layers that must check them first.</summary>
    private protected void Declare(int? inputSize, params IReadOnlyList<Parameter> parameters) => (_inputSize, _parameters) = (inputSize, parameters);

    /// <summary>The part of <see cref="ToString"/> in parentheses: the most important settings; by default, the layers of a container.</summary>
    private protected virtual string Details => string.Join(", ", Children);

    /// <summary>The text of a plain layer, and only the kind of a container.</summary>
    internal string Title => Children.Count > 0 ? GetType().Name : ToString();

    /// <summary>The pass of a layer in a container that infers or recalibrates itself.</summary>
    internal void InferOrRecalibrate(Matrix input, Matrix output, bool recalibrates)
    {
        if (recalibrates) Recalibrate(input, output);
        else Infer(input, output);
    }

    /// <summary>Whether the outputs are probabilities or their logarithms, by their range.</summary>
    internal bool GivesProbabilities => OutputRange is ( >= 0, <= 1) or (double.NegativeInfinity, 0);

    /// <summary>The path of something below a layer, as <c>3.1</c> or <c>3.weight</c>.</summary>
    internal static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The result of <see cref="NamedParameters"/>. A plain loop: the general ones would be compiled for this pair alone, twenty methods before the first step.</summary>
    internal NamedParameter[] AllParameters()
    {
        var all = new List<NamedParameter>();
        foreach ((string path, Layer layer) in SelfAndBelow())
        {
            foreach (Parameter own in layer.Parameters) all.Add((Below(path, own.Name), own));
        }

        return [.. all];
    }

    /// <summary>This layer and all below it with their paths: the empty path for this one, <c>3</c> and <c>3.1</c> below.</summary>
    internal IEnumerable<LayerPlace> SelfAndBelow(string path = "")
    {
        yield return new LayerPlace(path, this);
        for (int i = 0; i < Children.Count; i++)
        {
            foreach (LayerPlace below in Children[i].SelfAndBelow(Below(path, $"{i}"))) yield return below;
        }
    }

    /// <summary>The width that reaches each of <see cref="Children"/> for an input of the given width; null where it is not known.</summary>
    internal IReadOnlyList<int?> ChildInputSizes(int inputSize) => Wiring switch
    {
        Wiring.Chain => Array.ConvertAll(Composition.Widths(GetType().Name, Children, inputSize)[..^1], width => (int?)width),
        Wiring.Parallel => [.. Children.Select(_ => (int?)inputSize)],
        _ => [.. Children.Select(child => child.InputSize)],
    };

    /// <summary>Passes the preferred initializer of the next activation to all layers that draw weights by default; returns the preference for the layers before this one.</summary>
    internal Initializer? FollowActivation(Initializer? preferred)
    {
        Initializer? next = preferred;
        for (int i = Children.Count - 1; i >= 0 && Wiring != Wiring.Unknown; i--)
        {
            Initializer? before = Children[i].FollowActivation(next);
            next = Wiring == Wiring.Chain ? before : preferred;
        }

        foreach (Parameter parameter in Parameters)
        {
            if (preferred is not null) parameter.Prefer(preferred);
        }

        return PreferredInitializer ?? preferred;
    }

    /// <summary>Finds a layer, this one or one below, that is already part of another network.</summary>
    internal LayerPlace? FindTaken(Layer? container, string place) =>
        _container is not null && _container != container ? new LayerPlace(place, this)
        : Children.Select((child, i) => child.FindTaken(this, $"{place}.{i}")).FirstOrDefault(found => found is not null);

    /// <summary>Makes the children part of this container, and those below part of theirs. For a container's constructor, after all that can fail.</summary>
    internal void TakeChildren()
    {
        foreach (Layer child in Children)
        {
            child._container = this;
            child.TakeChildren();
        }
    }

    /// <summary>Whether this layer or one below it still learns, so that the backward pass must reach it.</summary>
    [MethodImpl(Jit.Full)]
    internal bool Learns()
    {
        IReadOnlyList<Parameter> parameters = Parameters;
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].IsTrainable) return true;
        }

        IReadOnlyList<Layer> children = Children;
        for (int i = 0; i < children.Count; i++)
        {
            if (children[i].Learns()) return true;
        }

        return false;
    }

    /// <summary>Marks only this layer as frozen, as a file says; the file lists frozen parameters separately.</summary>
    internal void RestoreFrozen() => IsFrozen = true;

    private void SetFrozen(bool frozen)
    {
        IsFrozen = frozen;
        foreach (Parameter parameter in Parameters)
        {
            parameter.IsTrainable = !frozen && !parameter.IsStatistic;
        }

        foreach (Layer child in Children)
        {
            child.SetFrozen(frozen);
        }
    }
}

/// <summary>How data pass through the children of a container.</summary>
public enum Wiring
{
    /// <summary>Not specified by the container.</summary>
    Unknown,

    /// <summary>One after another: each layer gets the output of the one before it, as in <see cref="Sequential"/>.</summary>
    Chain,

    /// <summary>Side by side: each layer gets the input of the container, as in <see cref="Concatenate"/>.</summary>
    Parallel,
}

/// <summary>A layer with its path in a network. A class, as loops over those are compiled already.</summary>
internal sealed record LayerPlace(string Path, Layer Layer);
