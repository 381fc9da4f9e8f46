namespace NeuralTrain;

/// <summary>
/// A block with a forward and a backward pass: the one idea that networks are built from (lecture L1.1).
/// </summary>
/// <remarks>
/// <para>
/// The mode is the method you call. <see cref="Infer"/> is for prediction: it changes nothing, so many threads may call it
/// at once. <see cref="Forward"/> is for training: it may remember what <see cref="Backward"/> needs. There is no training
/// flag to forget.
/// </para>
/// <para>
/// A layer owns its parameters and the little it must remember; the container owns the activations and their gradients.
/// The outputs are written into the matrix that is handed in, so a layer allocates nothing per step.
/// </para>
/// <para>
/// A layer of one's own overrides <see cref="Infer"/> and <see cref="Backward"/>, and <see cref="InputSize"/>,
/// <see cref="OutputSize"/> and <see cref="Parameters"/> where it has any. Inside a container the shapes it receives are
/// checked already.
/// </para>
/// </remarks>
public abstract partial class Layer
{
    /// <summary>The number of columns the layer takes; null if it takes any.</summary>
    public virtual int? InputSize => null;

    /// <summary>The number of columns the layer gives for an input of the given width. By default the same.</summary>
    /// <param name="inputSize">Columns of the input; a width the layer takes.</param>
    public virtual int OutputSize(int inputSize) => inputSize;

    /// <summary>The layer's own parameters, in the order a file names them; those of <see cref="Children"/> are not among them. Read in every step: return the same list each time.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>The layers a container is made of, in order; none for a plain layer.</summary>
    public virtual IReadOnlyList<Layer> Children => [];

    /// <summary>
    /// What a <see cref="Linear"/> in front of this layer draws its weights from unless told otherwise; null if the layer
    /// has no say, as dropout, and the next one behind it is asked.
    /// </summary>
    protected internal virtual Initializer? PreferredInitializer => null;

    /// <summary>What the layer's weights were drawn from, for the summary; null if it has none or drew them from nothing.</summary>
    protected internal virtual Initializer? InitializerInUse => null;

    /// <summary>
    /// Writes what the constructor needs to make this layer again: sizes, probabilities, choices. Not the parameters, nor <see cref="Children"/>, nor
    /// <see cref="RandomStream"/>, which files and comparisons add by themselves. By default nothing.
    /// </summary>
    /// <param name="settings">Receives the values: <c>settings.Set("slope", Slope)</c>.</param>
    protected internal virtual void Describe(Settings settings)
    {
    }

    /// <summary>The random numbers that <see cref="Forward"/> draws; null (the default) for a layer that gives the same output for the same batch.</summary>
    protected internal virtual RandomStream? RandomStream => null;

    /// <summary>Whether a training pass computes statistics over the rows of its batch, so that it needs two or more. Default false.</summary>
    protected internal virtual bool NeedsSeveralRows => false;

    /// <summary>Whether <see cref="Infer"/> gives its input unchanged or merely scaled, as dropout does: the layer before it then decides what the output means. Default false.</summary>
    protected internal virtual bool PassesValuesThrough => false;

    /// <summary>
    /// The least and the greatest value the layer can give, whatever its input; null (the default) if there are no such limits. From 0 to 1 it gives
    /// probabilities, up to 0 without a lower limit their logarithms: losses on raw scores refuse both as the end of a network.
    /// </summary>
    protected internal virtual (double Low, double High)? OutputRange => null;

    /// <summary>Whether values fade out towards a finite end of <see cref="OutputRange"/>, each by itself, so that hardly any gradient passes there: a sigmoid does, ReLU and softmax do not. Default false.</summary>
    protected internal virtual bool Saturates => false;

    /// <summary>Whether <see cref="Freeze"/> was called on this layer or on a container it stands in.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Computes the output for prediction. Pure: it changes nothing in the layer, so many threads may call it at once.</summary>
    /// <param name="input">The batch, <c>[batch × InputSize]</c>.</param>
    /// <param name="output">Receives the result, <c>[batch × OutputSize]</c>; every value is overwritten.</param>
    public abstract void Infer(Matrix input, Matrix output);

    /// <summary>Computes the output for training, and may remember what <see cref="Backward"/> needs. By default as <see cref="Infer"/>.</summary>
    /// <param name="input">The batch, <c>[batch × InputSize]</c>.</param>
    /// <param name="output">Receives the result, <c>[batch × OutputSize]</c>; every value is overwritten.</param>
    public virtual void Forward(Matrix input, Matrix output) => Infer(input, output);

    /// <summary>
    /// Computes the gradients of the loss with respect to the parameters and to the input, from that with respect to the output.
    /// </summary>
    /// <param name="input">The very input of the last <see cref="Forward"/>, unchanged.</param>
    /// <param name="output">The very output of the last <see cref="Forward"/>, unchanged.</param>
    /// <param name="outputGradient">The gradient with respect to the output, same shape as <paramref name="output"/>.</param>
    /// <param name="inputGradient">
    /// Is overwritten with the gradient with respect to the input, same shape as <paramref name="input"/>; or the empty
    /// matrix, if nobody needs it, as before the first layer. Parameter gradients are added to, never overwritten, and are
    /// sums over the batch: the loss alone owns a 1/N.
    /// </param>
    public abstract void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient);

    /// <summary>
    /// Replaces the running statistics of every layer at or below this one by those of the whole data, in one pass over
    /// them (lecture L6.2): <c>network.Recalibrate(train.Inputs)</c> after training.
    /// </summary>
    /// <remarks>
    /// The data pass through the layers one layer at a time, all rows together, as in prediction (nothing is dropped). So a
    /// <see cref="BatchNorm"/> behind another one measures what the first gives with its new statistics, which is what it will
    /// meet in prediction. This takes memory for all rows at two neighbouring layers; a part of the data, drawn at random, may do.
    /// Layers without running statistics, and frozen ones, stay as they are.
    /// </remarks>
    /// <param name="input">The training inputs, <c>[rows × InputSize]</c>.</param>
    public void Recalibrate(Matrix input) => Recalibrate(input, new Matrix(input.Rows, OutputSize(input.Columns)));

    /// <summary>
    /// Replaces the running statistics by those of the data, then computes the output as <see cref="Infer"/> does with the new
    /// ones. A container of one's own overrides it if layers below it have running statistics: it calls this method of its
    /// layers where its <see cref="Infer"/> calls theirs.
    /// </summary>
    /// <param name="input">All the data, <c>[rows × InputSize]</c>.</param>
    /// <param name="output">Receives the result, <c>[rows × OutputSize]</c>.</param>
    /// <exception cref="NotSupportedException">The layer is a container that does not override it, with running statistics below.</exception>
    public virtual void Recalibrate(Matrix input, Matrix output)
    {
        if (Children.Count > 0 && NamedParameters().Any(named => named.Parameter.IsStatistic))
        {
            throw new NotSupportedException(
                $"{this} has layers with running statistics below it, and does not say how data pass through them. Override " +
                $"{nameof(Recalibrate)}(input, output) in {GetType().Name}: call {nameof(Recalibrate)} of its layers where {nameof(Infer)} calls {nameof(Infer)}.");
        }

        Infer(input, output);
    }

    /// <summary>
    /// All parameters below this layer with their paths, as PyTorch's <c>state_dict</c> of an <c>nn.Sequential</c> has them:
    /// <c>0.weight</c>, <c>0.bias</c>, <c>2.weight</c>.
    /// </summary>
    public IReadOnlyList<NamedParameter> NamedParameters()
    {
        var found = new List<NamedParameter>();
        Collect(this, path: "", found);
        return found;

        static void Collect(Layer layer, string path, List<NamedParameter> found)
        {
            foreach (Parameter parameter in layer.Parameters)
            {
                found.Add(new NamedParameter(path + parameter.Name, parameter));
            }

            for (int i = 0; i < layer.Children.Count; i++)
            {
                Collect(layer.Children[i], $"{path}{i}.", found);
            }
        }
    }

    /// <summary>Stops training this layer and all below it: their parameters keep their values whatever an optimizer does.</summary>
    public void Freeze() => SetFrozen(true);

    /// <summary>Lets this layer and all below it train again.</summary>
    public void Unfreeze() => SetFrozen(false);

    /// <summary>The kind and what tells it apart, as <c>Linear(3 → 4)</c>.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>The layers whose outputs are the outputs of this one: itself, or for a container those at its end.</summary>
    /// <remarks>A custom container overrides it where its output consists of outputs of its layers, unchanged: <c>Children[^1].OutputLayers</c> for a chain.</remarks>
    protected internal virtual IEnumerable<Layer> OutputLayers => [this];

    /// <summary>Tells the layer which initializer the activation behind it prefers; whoever draws weights by default follows it.</summary>
    internal virtual void FollowActivation(Initializer preferred)
    {
    }

    /// <summary>The width that reaches each of <see cref="Children"/> for an input of the given width; null where the container does not say.</summary>
    internal virtual IReadOnlyList<int?> ChildInputSizes(int inputSize) => [.. Children.Select(child => child.InputSize)];

    /// <summary>What one of <see cref="Children"/> gave in the last <see cref="Forward"/>; empty if there was none, or the container does not say. Custom containers override it, so that checks and watches see inside them.</summary>
    /// <param name="child">The position in <see cref="Children"/>.</param>
    protected internal virtual Matrix ChildOutput(int child) => default;

    /// <summary>What this layer and all below it keep in memory for a batch once it was passed forward and back.</summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="inputSize">Columns of the input.</param>
    /// <param name="back">How far a backward pass comes.</param>
    internal virtual BatchMemory MemoryFor(int rows, int inputSize, BackwardReach back)
    {
        BatchMemory sum = default;
        IReadOnlyList<int?> sizes = ChildInputSizes(inputSize);
        for (int i = 0; i < sizes.Count; i++)
        {
            sum += sizes[i] is int size ? Children[i].MemoryFor(rows, size, back) : default;
        }

        return sum;
    }

    /// <summary>Whether anything at or below this layer still learns, so that a backward pass has to come this far.</summary>
    internal bool Learns()
    {
        IReadOnlyList<Parameter> parameters = Parameters;
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].IsTrainable)
            {
                return true;
            }
        }

        IReadOnlyList<Layer> children = Children;
        for (int i = 0; i < children.Count; i++)
        {
            if (children[i].Learns())
            {
                return true;
            }
        }

        return false;
    }

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
