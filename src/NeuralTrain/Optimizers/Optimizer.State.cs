namespace NeuralTrain;

/// <content>What an optimizer remembers, and how it passes to a second one: clones and checkpoints.</content>
public abstract partial class Optimizer
{
    /// <summary>The parameters this optimizer trains, with their paths, in the order of its state.</summary>
    internal IReadOnlyList<NamedParameter> Trained => _parameters;

    /// <summary>The same rule with the same rates and moments for another network of the same shapes, such as a <see cref="Layer.Clone"/>.</summary>
    /// <param name="network">The network that the new optimizer trains.</param>
    /// <exception cref="ArgumentException">The network's parameters differ in number or shape from those of this optimizer's.</exception>
    /// <exception cref="NotSupportedException">A rule of one's own does not override <see cref="Recreate"/>.</exception>
    public Optimizer CloneFor(Layer network)
    {
        Optimizer copy = Recreate(network);
        copy.RestoreState(CaptureState());
        return copy;
    }

    /// <summary>The rule and its constants, as <c>Adam(β₁ 0.9, β₂ 0.999, ε 1E-08)</c>; the rate is apart, in <see cref="LearningRate"/>.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>A new optimizer of the same rule and constants, without state; a rule of one's own overrides it, so that it can be cloned.</summary>
    /// <param name="network">The network that the new optimizer trains.</param>
    /// <returns>The new optimizer. Its rate, L2, clipping and state are set by the caller.</returns>
    protected virtual Optimizer Recreate(Layer network) => throw new NotSupportedException(
        $"{GetType().Name} is a rule of your own that does not say how to make a second one of its kind. Override {nameof(Recreate)}: " +
        $"return new {GetType().Name}(network, …) with the same constants.");

    /// <summary>A copy of all that is remembered.</summary>
    internal OptimizerState CaptureState() => new(ToString())
    {
        StepCount = StepCount,
        LearningRate = _learningRate,
        L2 = _l2,
        ClipNorm = _clipNorm,
        ClipValue = _clipValue,
        Steps = [.. _steps],
        Rates = [.. _rates],
        Arrays = [.. _states.Select(arrays => arrays?.Select(array => array.ToArray()).ToArray())],
    };

    /// <summary>Goes on from what another optimizer of this rule remembered. Nothing is changed if it does not fit.</summary>
    /// <exception cref="ArgumentException">It comes from another rule, or from parameters of other shapes.</exception>
    internal void RestoreState(OptimizerState state)
    {
        if (state.Rule != ToString())
        {
            throw new ArgumentException(
                $"The state is that of {state.Rule}, but the optimizer is {this}. Create the optimizer with the rule and the constants the training began with.",
                nameof(state));
        }

        bool fits = state.Arrays.Length == _parameters.Length && state.Steps.Length == _parameters.Length && state.Rates.Length == _parameters.Length;
        for (int i = 0; fits && i < _parameters.Length; i++)
        {
            int length = _parameters[i].Parameter.Value.Span.Length;
            fits = state.Arrays[i] is not float[][] arrays || (arrays.Length == StateCount && arrays.All(array => array.Length == length));
        }

        if (!fits)
        {
            throw new ArgumentException(
                $"The state belongs to a network with other parameters than the {_parameters.Length} that this {GetType().Name} trains. " +
                "Build the network the training began with.",
                nameof(state));
        }

        StepCount = state.StepCount;
        (_learningRate, _l2, _clipNorm, _clipValue) = (state.LearningRate, state.L2, state.ClipNorm, state.ClipValue);
        state.Steps.CopyTo(_steps, 0);
        state.Rates.CopyTo(_rates, 0);
        for (int i = 0; i < _states.Length; i++)
        {
            // Into the arrays that are there, if any: of a large network they are most of its memory.
            float[][]? given = state.Arrays[i];
            float[][]? own = given is null ? null : _states[i] ?? [.. given.Select(array => new float[array.Length])];
            for (int k = 0; k < own?.Length; k++)
            {
                given![k].CopyTo(own[k], 0);
            }

            _states[i] = own;
        }
    }
}
