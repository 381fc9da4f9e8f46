using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Updates the parameters of a network step by step to reduce the loss.</summary>
/// <remarks>
/// <para>
/// <see cref="Step"/> applies the accumulated gradients and clears them in the same pass: you cannot forget to zero them, and to
/// accumulate over several batches you call <c>Backward</c> several times before one <c>Step</c>.
/// </para>
/// <para>A frozen parameter does not change: its value and its state stay unchanged, no decay applies, and it does not count in the norm of <see cref="ClipNorm"/>.</para>
/// <para>
/// A custom rule overrides <see cref="Update"/>, and <see cref="StateCount"/> if it keeps arrays such as a velocity. The loop over the parameters, those arrays,
/// the step count, clipping and L2 are here. Cloning copies field by field, so keep everything that changes in those arrays.
/// </para>
/// </remarks>
public abstract partial class Optimizer
{
    private NamedParameter[] _parameters;
    private double[] _rates;

    /// <summary>Prepares the parameters of a network for training.</summary>
    /// <param name="network">The network, or any layer with parameters.</param>
    /// <param name="learningRate">The learning rate γ, greater than 0.</param>
    /// <exception cref="ArgumentException">The network has no trainable parameter.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is not a finite number greater than 0, or not representable as float32.</exception>
    protected Optimizer(Layer network, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(network);
        Guard.PositiveFloat(learningRate, nameof(learningRate), "Typical values lie between 0.0001 and 1.");
        _parameters = TrainableOf(network);
        if (_parameters.Length == 0) throw new ArgumentException($"{GetType().Name} expects a network with at least one parameter to train, received {network}. Add a layer that learns, such as Linear.", nameof(network));
        _rates = new double[_parameters.Length];
        for (int i = 0; i < _rates.Length; i++) _rates[i] = 1;
        State = new OptimizerState { LearningRate = learningRate, Updates = new long[_parameters.Length], Arrays = new float[_parameters.Length][][] };
    }

    /// <summary>The learning rate γ. A schedule sets it before each step; 0 is allowed here and leaves the parameters unchanged.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative, infinite or NaN value, or one that float32 cannot represent.</exception>
    public double LearningRate
    {
        get => State.LearningRate;
        set => State.LearningRate = Guard.NotNegativeFloat(value, nameof(LearningRate), "Typical values lie between 0.0001 and 1.");
    }

    /// <summary>
    /// The strength λ of L2 regularisation R = λ·Σw² over the regularized parameters (weights, not biases), whose gradient 2λw is added before the rule. Default 0.
    /// </summary>
    /// <remarks>PyTorch's <c>weight_decay</c> is 2λ and applies to biases too; Keras' <c>L2(λ)</c> is the same λ. Lecture L4.2.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative, infinite or NaN value, or one that float32 cannot represent.</exception>
    public double L2
    {
        get;
        set => field = Guard.NotNegativeFloat(value, nameof(L2), "0 switches it off; typical values lie between 0.00001 and 0.01.", times: 2);
    }

    /// <summary>
    /// The strength λ₁ of L1 regularisation R = λ₁·Σ|w| over the regularized parameters, whose gradient λ₁·sign(w) is added before the rule. It brings weights that
    /// are not needed close to 0. Default 0.
    /// </summary>
    /// <remarks>Keras' <c>L1(λ)</c> is the same λ₁; PyTorch has none. With an adaptive rule its gradient is divided by the same root as the rest.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative, infinite or NaN value, or one that float32 cannot represent.</exception>
    public double L1
    {
        get;
        set => field = Guard.NotNegativeFloat(value, nameof(L1), "0 switches it off; typical values lie between 0.00001 and 0.01.");
    }

    /// <summary>Whether L1, L2 and a decoupled decay apply to all trained parameters, including biases, scales and slopes, as in PyTorch. Default false: to weights only.</summary>
    public bool RegularizesAll { get; set; }

    /// <summary>The maximum norm c of the weights into a unit, a row of a weight matrix; longer ones are scaled down to it after each step. Default null: no limit.</summary>
    /// <remarks>Applies to matrices of weights, regardless of <see cref="RegularizesAll"/>. Keras' <c>MaxNorm(c)</c> of a kernel; PyTorch has none. Source: Srivastava et al., "Dropout", 2014, section 5.1, where c is 3 to 4.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is not finite and greater than 0, also as float32.</exception>
    public double? MaxNorm { get; set => field = CheckClip(value, nameof(MaxNorm)); }

    /// <summary>The maximum norm c of all gradients together; longer ones are scaled down, g := g·min(1, c / ‖g‖). Default null: no limit.</summary>
    /// <remarks>
    /// ‖g‖² is the sum of squares over all trainable parameters, without the gradient of L2, summed in double. PyTorch's
    /// <c>clip_grad_norm_(max_norm=c)</c> (which adds 1e-6 to ‖g‖), Keras' <c>global_clipnorm</c>. Source: Pascanu, Mikolov and Bengio,
    /// "On the difficulty of training recurrent neural networks", 2013, algorithm 1.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is not finite and greater than 0, also as float32.</exception>
    public double? ClipNorm { get; set => field = CheckClip(value, nameof(ClipNorm)); }

    /// <summary>The maximum magnitude c of a single gradient value; larger ones are clipped to ±c. Default null: no limit.</summary>
    /// <remarks>
    /// Without the gradient of L2, and after <see cref="ClipNorm"/> where both are set. PyTorch's <c>clip_grad_value_(clip_value=c)</c>, Keras' <c>clipvalue</c>.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is not finite and greater than 0, also as float32.</exception>
    public double? ClipValue { get; set => field = CheckClip(value, nameof(ClipValue)); }

    /// <summary>The average of the weights over many steps, kept beside them, such as <c>WeightAverage.Exponential()</c>; null (the default) for none.</summary>
    /// <remarks>
    /// A <see cref="Trainer"/> measures, and keeps as best, the averaged weights instead of those of the last step, and leaves them in the network at the end; the next <c>Fit</c> continues from them. The statistics of
    /// <see cref="BatchNorm"/> are recomputed on at most 10 000 of the training rows. A custom loop calls <see cref="ApplyAverage"/>. The average is part of checkpoints.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Set after the first step: the average would lack the earlier steps.</exception>
    public WeightAverage? Average
    {
        get;
        set => field = StepCount == 0 || value == field ? value : throw new InvalidOperationException($"The weights are averaged from the beginning: set {nameof(Average)} before the first step, {StepCount} were taken.");
    }

    /// <summary>Whether there already is an average of the weights.</summary>
    public bool HasAverage => StepCount >= Average?.Start;

    /// <summary>The global gradient norm of the last step, before clipping; null before the first step, and without <see cref="ClipNorm"/>, the only reason to compute it.</summary>
    public double? LastGradientNorm { get; private set; }

    /// <summary>The number of steps taken.</summary>
    public long StepCount => State.StepCount;

    /// <summary>The number of arrays that the rule keeps for each parameter, each of the parameter's length. Default 0.</summary>
    protected virtual int StateCount => 0;

    /// <summary>The index of the first array that holds squares; all after it do too.</summary>
    private protected virtual int FirstSquare => int.MaxValue;

    /// <summary>The parameters this optimizer trains, with their paths in the layer it was created for. Includes frozen ones, which may train again.</summary>
    public IReadOnlyList<NamedParameter> TrainedParameters => _parameters;

    /// <summary><see cref="TrainedParameters"/>, for loops that allocate nothing.</summary>
    internal NamedParameter[] Trained => _parameters;

    /// <summary>The state that changes from step to step.</summary>
    internal OptimizerState State { get; private set; }

    /// <summary>Multiplies the learning rate of a layer and all below it, so that they learn faster or slower than the rest.</summary>
    /// <remarks>
    /// For example, 0.1 for a pretrained part with a new head. The factor stays when <see cref="LearningRate"/> changes, and a later call for
    /// the same layer replaces it. To keep a layer unchanged, <see cref="Layer.Freeze"/> it. PyTorch has parameter groups with separate rates.
    /// </remarks>
    /// <param name="layer">A layer with parameters, of the network this optimizer trains.</param>
    /// <param name="factor">The factor, greater than 0. Initially 1.</param>
    /// <exception cref="ArgumentException">The layer has no parameters, or they do not belong to the network.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not a finite number greater than 0, also as float32.</exception>
    public void SetRate(Layer layer, double factor)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Guard.PositiveFloat(factor, nameof(factor), "It multiplies the learning rate; use Freeze to keep a layer unchanged.");
        int[] places = [.. TrainableOf(layer).Select(named => Array.FindIndex(_parameters, own => own.Parameter == named.Parameter))];
        if (places.Length == 0 || places.Contains(-1))
        {
            throw new ArgumentException(
                $"SetRate expects a layer with parameters that this {GetType().Name} trains, received {layer} {(places.Length == 0 ? "without any parameter" : "of another network")}.", nameof(layer));
        }

        foreach (int place in places) _rates[place] = factor;
    }

    /// <summary>Applies the accumulated gradients to the parameters and clears them.</summary>
    /// <exception cref="NotFiniteNumberException">With <see cref="ClipNorm"/>, a gradient is NaN or infinite; the message names its parameter. No parameter was changed.</exception>
    [MethodImpl(Jit.Full)]
    public void Step()
    {
        LastGradientNorm = ClipNorm is null ? null : GradientNorm();
        bool isPlain = ClipNorm is null && ClipValue is null && L1 == 0 && MaxNorm is null && Average is null;
        State.StepCount++;
        for (int i = 0; i < _parameters.Length; i++)
        {
            Parameter parameter = _parameters[i].Parameter;
            if (!parameter.IsTrainable)
            {
                // A gradient from before the freezing must have no effect when the parameter is trained again.
                parameter.Gradient.Span.Clear();
                MoveAverage(parameter, i);
                continue;
            }

            if (!isPlain) Limit(parameter);
            Update(new ParameterUpdate(parameter, State.Arrays[i] ??= CreateArrays(i), State.LearningRate * _rates[i], L2, Regularizes(parameter), ++State.Updates[i]));
            if (!isPlain) Conclude(parameter, i);
        }
    }

    /// <summary>Replaces the values of the parameters with their <see cref="Average"/>; frozen ones, and those that never changed, stay. Afterwards, recompute running statistics with <c>network.Recalibrate(train.Inputs)</c>.</summary>
    /// <exception cref="InvalidOperationException">There is no average yet.</exception>
    public void ApplyAverage()
    {
        if (!HasAverage) throw new InvalidOperationException(Average is null ? $"Averaged weights need an {nameof(Average)}: set it before the first step." : $"Averaging begins at step {Average.Start}, {StepCount} were taken: there is no average yet.");
        for (int i = 0; i < _parameters.Length; i++)
        {
            if (_parameters[i].Parameter.IsTrainable) State.Arrays[i]?[^1].CopyTo(_parameters[i].Parameter.Value.Span);
        }
    }

    /// <summary>The regularisation loss λ·Σw² + λ₁·Σ|w| of the current parameters, separate from the data loss.</summary>
    public double RegularizationLoss()
    {
        double squares = 0, magnitudes = 0;
        foreach (NamedParameter named in _parameters)
        {
            ReadOnlySpan<float> values = Regularizes(named.Parameter) ? named.Parameter.Value.Span : [];
            squares += L2 > 0 ? SquaredNorm(values) : 0;
            magnitudes += L1 > 0 ? Reduce.Sum(values, default(Magnitude)) : 0;
        }

        return (L2 * squares) + (L1 * magnitudes);
    }

    /// <summary>A copy with the same settings and state for another network of the same shapes, such as a <see cref="Layer.Clone"/>.</summary>
    /// <param name="network">The network that the new optimizer trains.</param>
    /// <exception cref="ArgumentException">The network's parameters differ in number or shape from those of this optimizer's.</exception>
    public Optimizer CloneFor(Layer network)
    {
        ArgumentNullException.ThrowIfNull(network);
        NamedParameter[] parameters = TrainableOf(network);
        if (!parameters.Select(LengthOf).SequenceEqual(_parameters.Select(LengthOf)))
        {
            throw new ArgumentException($"This {GetType().Name} trains a network whose parameters differ from those of {network}. Clone it for a network of the same shapes.", nameof(network));
        }

        var copy = (Optimizer)MemberwiseClone();
        (copy._parameters, copy._rates, copy.State) = (parameters, [.. _rates], new OptimizerState());
        copy.State.CopyFrom(State);
        return copy;
    }

    /// <summary>The rule and its constants, as <c>Momentum(momentum 0.9)</c>; the rate is separate, in <see cref="LearningRate"/>.</summary>
    public override string ToString() => Settings.Of(this, Describe).ToString();

    /// <summary>Writes the constants of the rule, which must be the same when training is resumed. By default none.</summary>
    /// <param name="settings">Receives the values: <c>settings.Set("epsilon", Epsilon)</c>.</param>
    protected internal virtual void Describe(Settings settings)
    {
    }

    /// <summary>The initial values of a state. Default 0.</summary>
    /// <param name="index">The index of the state, 0 to <see cref="StateCount"/> − 1.</param>
    protected virtual float InitialState(int index) => 0;

    /// <summary>The rule: changes the values of one parameter and clears its gradient, in one pass.</summary>
    /// <param name="update">Values, gradient, state and rates.</param>
    protected abstract void Update(in ParameterUpdate update);

    /// <summary>Writes the settings common to all rules.</summary>
    internal void DescribeCommon(Settings settings, double learningRate)
    {
        settings.Set("learning rate", learningRate);
        settings.Set("L2", L2);
        if (L1 > 0) settings.Set("L1", L1);
        if (RegularizesAll) settings.Set("regularizes all", true);
        if (MaxNorm is double most) settings.Set("max norm", most);
        if (Average is not null) settings.Set("average", [Settings.Of(Average, Average.Describe)]);
        if (ClipNorm is double norm) settings.Set("clip norm", norm);
        if (ClipValue is double bound) settings.Set("clip value", bound);
        for (int i = 0; i < _rates.Length; i++)
        {
            if (_rates[i] != 1) settings.Set($"rate of {_parameters[i].Path}", _rates[i]);
        }
    }

    /// <summary>The range of the values in an array of the state; the average of the weights, which comes last, is finite.</summary>
    internal ValueRange RangeOf(int array) => array >= StateCount ? ValueRange.Finite : array >= FirstSquare ? ValueRange.Square : ValueRange.Any;

    /// <summary>Whether a state read from a file has the arrays that this rule keeps for these parameters.</summary>
    internal bool Fits(OptimizerState state) =>
        state.Arrays.Length == _parameters.Length && state.Updates.Length == _parameters.Length && state.Arrays.Zip(_parameters).All(pair =>
            pair.First is not float[][] arrays || (arrays.Length == StateCount + (Average is null ? 0 : 1) && arrays.All(array => array.Length == LengthOf(pair.Second))));

    /// <summary>Flushes a decaying state to exactly 0 below 1e-30, such as the velocity of a weight whose gradient has become 0. NaN stays NaN.</summary>
    /// <remarks>
    /// Without it the state would end among the subnormal numbers and stay there, since 0.9 of the smallest one rounds to itself; processors
    /// compute with those ten to fifty times slower. The values flushed move no float32 weight: roundings are about 1e-8.
    /// </remarks>
    [MethodImpl(Jit.Inline)]
    private protected static TLanes FlushTiny<TLanes>(TLanes state)
        where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.Select(TLanes.Abs(state) < 1e-30f, TLanes.Zero, state);

    private protected static double CheckEpsilon(double epsilon) =>
        Guard.PositiveFloat(epsilon, nameof(epsilon), "It keeps the rule from dividing by zero; the usual value is 1e-8.");

    private bool Regularizes(Parameter parameter) => parameter.IsRegularized || RegularizesAll;

    private static double? CheckClip(double? limit, string name) => limit is double given
        ? Guard.PositiveFloat(given, name, "null switches it off; typical values lie between 0.1 and 10.")
        : null;

    private static NamedParameter[] TrainableOf(Layer layer) => Array.FindAll(layer.AllParameters(), named => !named.Parameter.IsStatistic);

    private static int LengthOf(NamedParameter named) => named.Parameter.Value.Span.Length;

    // The average of the weights comes last.
    [MethodImpl(Jit.Cold)]
    private float[][] CreateArrays(int i)
    {
        float[][] arrays = new float[StateCount + (Average is null ? 0 : 1)][];
        for (int k = 0; k < arrays.Length; k++)
        {
            arrays[k] = k < StateCount ? new float[LengthOf(_parameters[i])] : _parameters[i].Parameter.Value.Span.ToArray();
            if (k < StateCount && InitialState(k) != 0) Array.Fill(arrays[k], InitialState(k));
        }

        return arrays;
    }
}

/// <summary>The state an optimizer changes from step to step, which a clone copies and a checkpoint writes.</summary>
internal sealed class OptimizerState
{
    /// <summary>Steps taken.</summary>
    public long StepCount { get; set; }

    /// <summary>The learning rate γ.</summary>
    public double LearningRate { get; set; }

    /// <summary>Updates of each parameter; fewer than steps where it was frozen for a while.</summary>
    public long[] Updates { get; set; } = [];

    /// <summary>The rule's arrays for each parameter; null before its first step. A checkpoint writes them as tensors.</summary>
    [JsonIgnore]
    public float[][]?[] Arrays { get; set; } = [];

    /// <summary>Copies another's values into the existing arrays, which are most of the memory of a large network.</summary>
    public void CopyFrom(OptimizerState other)
    {
        (StepCount, LearningRate, Updates) = (other.StepCount, other.LearningRate, [.. other.Updates]);
        Arrays = Arrays.Length == other.Arrays.Length ? Arrays : new float[other.Arrays.Length][][];
        for (int i = 0; i < Arrays.Length; i++)
        {
            float[][]? own = other.Arrays[i] is float[][] given ? Arrays[i] ?? [.. given.Select(array => new float[array.Length])] : null;
            for (int k = 0; k < own?.Length; k++) other.Arrays[i]![k].CopyTo(own[k], 0);
            Arrays[i] = own;
        }
    }
}
