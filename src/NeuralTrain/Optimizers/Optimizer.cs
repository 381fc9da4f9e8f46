using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Changes the parameters of a network, step by step, so that the loss falls.</summary>
/// <remarks>
/// <para>
/// <see cref="Step"/> applies the accumulated gradients and clears them in the same pass: nobody forgets to zero them, and
/// accumulating over several batches is several <c>Backward</c> before one <c>Step</c>.
/// </para>
/// <para>
/// A frozen parameter rests altogether: neither value, decay nor state changes, and it does not count for the norm of
/// <see cref="ClipNorm"/>.
/// </para>
/// <para>
/// A rule of one's own overrides <see cref="Update"/>, <see cref="StateCount"/> and <see cref="Recreate"/>; the loop over the parameters, the state,
/// the step count and L2 are here.
/// </para>
/// </remarks>
public abstract partial class Optimizer
{
    private readonly NamedParameter[] _parameters;
    private readonly float[][]?[] _states;
    private readonly double[] _rates;
    private readonly long[] _steps;
    private double _learningRate;
    private double _l2;
    private double? _clipNorm;
    private double? _clipValue;

    /// <summary>Prepares the parameters of a network for training.</summary>
    /// <param name="network">The network, or any layer with parameters.</param>
    /// <param name="learningRate">The learning rate γ, greater than 0.</param>
    /// <exception cref="ArgumentException">The network has no parameter to train.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is not a finite number greater than 0, or not one that float32 holds.</exception>
    protected Optimizer(Layer network, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(network);
        _learningRate = Guard.PositiveFloat(learningRate, nameof(learningRate), "Typical values lie between 0.0001 and 1.");
        _parameters = [.. network.NamedParameters().Where(named => !named.Parameter.IsStatistic)];
        if (_parameters.Length == 0)
        {
            throw new ArgumentException(
                $"{GetType().Name} expects a network with at least one parameter to train, received {network} without any. " +
                "Add a layer that learns, such as Linear.",
                nameof(network));
        }

        _states = new float[][]?[_parameters.Length];
        _steps = new long[_parameters.Length];
        _rates = new double[_parameters.Length];
        Array.Fill(_rates, 1);
    }

    /// <summary>
    /// The learning rate γ. A schedule sets it before each step; 0 is allowed here and lets the parameters rest.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative, infinite or NaN value, or one that float32 cannot hold.</exception>
    public double LearningRate
    {
        get => _learningRate;
        set => _learningRate = Guard.NotNegativeFloat(value, nameof(LearningRate), "Typical values lie between 0.0001 and 1.");
    }

    /// <summary>
    /// The strength λ of L2 regularisation R = λ·Σw² over the regularized parameters (weights, not biases; lecture L4.2), whose gradient
    /// 2λw is added before the rule. Default 0.
    /// </summary>
    /// <remarks>PyTorch's <c>weight_decay</c> is 2λ and applies to biases too; Keras' <c>L2(λ)</c> is the same λ.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative, infinite or NaN value, or one that float32 cannot hold.</exception>
    public double L2
    {
        get => _l2;
        set => _l2 = Guard.NotNegativeFloat(value, nameof(L2), "0 switches it off; typical values lie between 0.00001 and 0.01.", times: 2);
    }

    /// <summary>
    /// The greatest norm c that all gradients together may have; longer ones are shortened, g := g·min(1, c / ‖g‖). Default null: any.
    /// </summary>
    /// <remarks>
    /// ‖g‖² is the sum of squares over all trainable parameters, without the gradient of L2, summed in double. PyTorch's
    /// <c>clip_grad_norm_(max_norm=c)</c> (which adds 1e-6 to ‖g‖), Keras' <c>global_clipnorm</c>. Source: Pascanu, Mikolov and Bengio,
    /// "On the difficulty of training recurrent neural networks", 2013, algorithm 1.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is not finite and greater than 0, also as float32.</exception>
    public double? ClipNorm
    {
        get => _clipNorm;
        set => _clipNorm = value is double norm
            ? Guard.PositiveFloat(norm, nameof(ClipNorm), "null switches it off; typical values lie between 0.1 and 10.")
            : null;
    }

    /// <summary>
    /// The greatest magnitude c that a single value of a gradient may have; beyond, it is cut to ±c. Default null: any.
    /// </summary>
    /// <remarks>
    /// Without the gradient of L2, and after <see cref="ClipNorm"/> where both are set. PyTorch's <c>clip_grad_value_(clip_value=c)</c>,
    /// Keras' <c>clipvalue</c>.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is not finite and greater than 0, also as float32.</exception>
    public double? ClipValue
    {
        get => _clipValue;
        set => _clipValue = value is double bound
            ? Guard.PositiveFloat(bound, nameof(ClipValue), "null switches it off; typical values lie between 0.1 and 10.")
            : null;
    }

    /// <summary>
    /// The norm of all gradients together in the last step, before clipping; null before the first step, and in steps without
    /// <see cref="ClipNorm"/>, which do not measure it.
    /// </summary>
    public double? LastGradientNorm { get; private set; }

    /// <summary>How many steps were taken.</summary>
    public long StepCount { get; private set; }

    /// <summary>How many arrays of the parameter's length the rule keeps for each parameter. Default 0.</summary>
    protected virtual int StateCount => 0;

    /// <summary>Lets a layer and all below it learn faster or slower than the rest: multiplies the learning rate for their parameters.</summary>
    /// <remarks>
    /// For example a tenth for a pretrained part, whose head is new. It stays when <see cref="LearningRate"/> changes, and a later call for
    /// the same layer replaces it. To keep a layer as it is, <see cref="Layer.Freeze"/> it. PyTorch's parameter groups with rates of their own.
    /// </remarks>
    /// <param name="layer">A layer with parameters, of the network this optimizer trains.</param>
    /// <param name="factor">What the learning rate is multiplied by, greater than 0; 1 is the start.</param>
    /// <exception cref="ArgumentException">The layer has no parameters, or they do not belong to the network.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not a finite number greater than 0, also as float32.</exception>
    public void SetRate(Layer layer, double factor)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Guard.PositiveFloat(factor, nameof(factor), "It multiplies the learning rate; use Freeze to keep a layer as it is.");
        int[] places =
        [
            .. layer.NamedParameters().Where(named => !named.Parameter.IsStatistic)
                .Select(named => Array.FindIndex(_parameters, own => own.Parameter == named.Parameter)),
        ];
        if (places.Length == 0 || places.Contains(-1))
        {
            string found = places.Length == 0 ? "without any parameter" : "of another network";
            throw new ArgumentException(
                $"SetRate expects a layer with parameters that this {GetType().Name} trains, received {layer} {found}. " +
                "Pass a layer of the network that the optimizer was created with.",
                nameof(layer));
        }

        foreach (int place in places)
        {
            _rates[place] = factor;
        }
    }

    /// <summary>Applies the accumulated gradients to the parameters and clears them.</summary>
    /// <exception cref="NotFiniteNumberException">
    /// With <see cref="ClipNorm"/>, a gradient is NaN or infinite; the message names its parameter. No parameter was changed.
    /// </exception>
    public void Step()
    {
        LastGradientNorm = _clipNorm is null ? null : GradientNorm();
        var clipping = new Clipping(
            _clipNorm is double limit && LastGradientNorm > limit ? limit / LastGradientNorm.Value : 1,
            _clipValue ?? double.PositiveInfinity);
        StepCount++;
        for (int i = 0; i < _parameters.Length; i++)
        {
            Parameter parameter = _parameters[i].Parameter;
            if (parameter.IsTrainable)
            {
                if (clipping.IsNeeded)
                {
                    Elementwise.Map(parameter.Gradient.Span, parameter.Gradient.Span, clipping);
                }

                _steps[i]++;
                Update(new ParameterUpdate(parameter, _states[i] ?? CreateStates(i), _learningRate * _rates[i], _l2, _steps[i]));
            }
            else
            {
                // A gradient left from before the freezing must not act when the parameter thaws.
                parameter.Gradient.Span.Clear();
            }
        }
    }

    /// <summary>The regularisation loss λ·Σw² of the present parameters, apart from the data loss (lecture L4.2).</summary>
    public double RegularizationLoss()
    {
        double sum = 0;
        foreach ((_, Parameter parameter) in _parameters)
        {
            if (parameter.IsRegularized && _l2 > 0)
            {
                sum += SquaredNorm.Of(parameter.Value.Span);
            }
        }

        return _l2 * sum;
    }

    /// <summary>What the values of a state are before the first step. Default 0.</summary>
    /// <param name="index">Which state, 0 to <see cref="StateCount"/> − 1.</param>
    protected virtual float InitialState(int index) => 0;

    /// <summary>The rule: changes the values of one parameter and clears its gradient, in one pass.</summary>
    /// <param name="update">Values, gradient, state and rates.</param>
    protected abstract void Update(in ParameterUpdate update);

    private protected static double CheckEpsilon(double epsilon) =>
        Guard.PositiveFloat(epsilon, nameof(epsilon), "It keeps the rule from dividing by zero; the usual value is 1e-8.");

    private protected static EpsilonPlacement CheckPlacement(EpsilonPlacement epsilonPlacement) => Enum.IsDefined(epsilonPlacement)
        ? epsilonPlacement
        : throw new ArgumentOutOfRangeException(
            nameof(epsilonPlacement), epsilonPlacement,
            $"epsilonPlacement must be {nameof(EpsilonPlacement.InsideRoot)} or {nameof(EpsilonPlacement.OutsideRoot)}, received {epsilonPlacement}.");

    private float[][] CreateStates(int i)
    {
        var states = new float[StateCount][];
        for (int s = 0; s < states.Length; s++)
        {
            states[s] = new float[_parameters[i].Parameter.Value.Span.Length];
            Array.Fill(states[s], InitialState(s));
        }

        return _states[i] = states;
    }

    // In double no sum of squares of floats overflows: the norm is finite exactly if every gradient is.
    private double GradientNorm()
    {
        double sum = 0;
        foreach ((string path, Parameter parameter) in _parameters)
        {
            if (!parameter.IsTrainable)
            {
                continue;
            }

            double square = SquaredNorm.Of(parameter.Gradient.Span);
            if (!double.IsFinite(square))
            {
                throw new NotFiniteNumberException(
                    $"The gradient of '{path}' is not finite, so that it has no norm to clip. The network diverged, or a layer's backward " +
                    "pass is wrong: lower the learning rate, look at the data, or run GradientCheck. No parameter was changed.",
                    square);
            }

            sum += square;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>g := min(max(scale·g, −bound), bound).</summary>
    private readonly struct Clipping(double scale, double bound) : IMap1
    {
        private readonly float _scale = (float)scale;
        private readonly float _bound = (float)bound;

        public bool IsNeeded => _scale < 1 || _bound < float.PositiveInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes gradient)
            where TLanes : unmanaged, ILanes<TLanes> =>
            TLanes.AtMost(TLanes.AtLeast(_scale * gradient, -_bound), _bound);
    }
}
