namespace NeuralTrain;

/// <summary>The input of an optimizer's rule for one parameter: values, gradient, state, and the rates of this step.</summary>
public readonly ref struct ParameterUpdate
{
    private readonly float[][] _states;

    internal ParameterUpdate(Parameter parameter, float[][] states, double learningRate, double l2, bool isRegularized, long step)
    {
        Value = parameter.Value.Span;
        Gradient = parameter.Gradient.Span;
        _states = states;
        LearningRate = learningRate;
        IsRegularized = isRegularized;
        L2 = IsRegularized ? l2 : 0;
        Step = step;
    }

    /// <summary>The values θ, which the rule changes.</summary>
    public Span<float> Value { get; }

    /// <summary>The gradient of the loss, without that of L2; the rule uses and clears it in the same pass.</summary>
    public Span<float> Gradient { get; }

    /// <summary>The learning rate γ of this step for this parameter, including its factor from <see cref="Optimizer.SetRate"/>.</summary>
    public double LearningRate { get; }

    /// <summary>The strength λ of L2 for this parameter, 0 if it is not regularized: the rule's gradient is g = Gradient + 2λ·Value.</summary>
    public double L2 { get; }

    /// <summary>Whether any decay applies to this parameter: to weights, and to biases, scales and shifts only with <see cref="Optimizer.RegularizesAll"/>.</summary>
    public bool IsRegularized { get; }

    /// <summary>The number of this update of the parameter, from 1. Steps at which it was frozen do not count, as in PyTorch.</summary>
    public long Step { get; }

    /// <summary>γ as float32, for the computation.</summary>
    internal float Rate => (float)LearningRate;

    /// <summary>2λ as float32, for the computation.</summary>
    internal float Decay => (float)(2 * L2);

    /// <summary>One of the rule's arrays for this parameter (a velocity, a moment); before the first step it has the rule's initial values, by default zeros.</summary>
    /// <param name="index">0 to the optimizer's <c>StateCount</c> − 1.</param>
    public Span<float> State(int index) => _states[index];
}

/// <summary>Where an adaptive rule adds the small constant ε that keeps the division finite.</summary>
public enum EpsilonPlacement
{
    /// <summary>√(u + ε): the form of Keras' <c>RMSprop</c>.</summary>
    InsideRoot,

    /// <summary>√u + ε: the form of Adam's paper and of PyTorch.</summary>
    OutsideRoot,
}
