namespace NeuralTrain;

/// <summary>Changes the parameters of a network, step by step, so that the loss falls.</summary>
/// <remarks>
/// <para>
/// <see cref="Step"/> applies the accumulated gradients and clears them in the same pass: nobody forgets to zero them, and
/// accumulating over several batches is several <c>Backward</c> before one <c>Step</c>.
/// </para>
/// <para>
/// A rule of one's own overrides <see cref="Update"/> and <see cref="StateCount"/>; the loop over the parameters, the state,
/// the step count and L2 are here.
/// </para>
/// </remarks>
public abstract class Optimizer
{
    private readonly Parameter[] _parameters;
    private readonly float[][]?[] _states;
    private double _learningRate;
    private double _l2;

    /// <summary>Prepares the parameters of a network for training.</summary>
    /// <param name="network">The network, or any layer with parameters.</param>
    /// <param name="learningRate">The learning rate γ, greater than 0.</param>
    /// <exception cref="ArgumentException">The network has no trainable parameter.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is not a finite number greater than 0.</exception>
    protected Optimizer(Layer network, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(network);
        _learningRate = Guard.Positive(learningRate, nameof(learningRate), "Typical values lie between 0.0001 and 1.");
        _parameters = [.. network.NamedParameters().Select(named => named.Parameter).Where(parameter => !parameter.IsStatistic)];
        if (_parameters.Length == 0)
        {
            throw new ArgumentException(
                $"{GetType().Name} expects a network with at least one parameter to train, received {network} without any. " +
                "Add a layer that learns, such as Linear.",
                nameof(network));
        }

        _states = new float[][]?[_parameters.Length];
    }

    /// <summary>
    /// The learning rate γ. A schedule sets it before each step; 0 is allowed here and lets the parameters rest.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative, infinite or NaN value.</exception>
    public double LearningRate
    {
        get => _learningRate;
        set => _learningRate = Guard.NotNegative(value, nameof(LearningRate), "Typical values lie between 0.0001 and 1.");
    }

    /// <summary>
    /// The strength λ of L2 regularisation R = λ·Σw² over the regularized parameters (weights, not biases; lecture L4.2), whose gradient
    /// 2λw is added before the rule. Default 0.
    /// </summary>
    /// <remarks>PyTorch's <c>weight_decay</c> is 2λ and applies to biases too; Keras' <c>L2(λ)</c> is the same λ.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative, infinite or NaN value.</exception>
    public double L2
    {
        get => _l2;
        set => _l2 = Guard.NotNegative(value, nameof(L2), "0 switches it off; typical values lie between 0.00001 and 0.01.");
    }

    /// <summary>How many steps were taken.</summary>
    public long StepCount { get; private set; }

    /// <summary>How many arrays of the parameter's length the rule keeps for each parameter. Default 0.</summary>
    protected virtual int StateCount => 0;

    /// <summary>Applies the accumulated gradients to the parameters and clears them.</summary>
    public void Step()
    {
        StepCount++;
        BeginStep();
        for (int i = 0; i < _parameters.Length; i++)
        {
            Parameter parameter = _parameters[i];
            if (parameter.IsTrainable)
            {
                Update(new ParameterUpdate(
                    parameter, _states[i] ?? CreateStates(i), _learningRate, parameter.IsRegularized ? _l2 : 0));
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
        foreach (Parameter parameter in _parameters)
        {
            if (parameter.IsRegularized && _l2 > 0)
            {
                sum += SquaredNorm.Of(parameter.Value.Span);
            }
        }

        return _l2 * sum;
    }

    /// <summary>Called once at the start of each step, when <see cref="StepCount"/> is already that of this step, from 1.</summary>
    protected virtual void BeginStep()
    {
    }

    /// <summary>The rule: changes the values of one parameter and clears its gradient, in one pass.</summary>
    /// <param name="update">Values, gradient, state and rates.</param>
    protected abstract void Update(in ParameterUpdate update);

    private float[][] CreateStates(int i)
    {
        var states = new float[StateCount][];
        for (int s = 0; s < states.Length; s++)
        {
            states[s] = new float[_parameters[i].Value.Span.Length];
        }

        return _states[i] = states;
    }
}
