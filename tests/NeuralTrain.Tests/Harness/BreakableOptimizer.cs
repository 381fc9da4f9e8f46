namespace NeuralTrain.Tests.Harness;

/// <summary>
/// A correct plain Adam with decay, or a correct plain momentum, with one switch per way to break it: what the contract's checks must reject.
/// </summary>
public sealed class BreakableOptimizer(Layer network, double rate, string fault, bool hasMomentum) : Optimizer(network, rate)
{
    private readonly float[] _oneForAll = new float[64];
    private readonly double _firstRate = rate;
    private readonly Parameter[] _parameters = [.. network.NamedParameters().Select(named => named.Parameter)];

    /// <summary>The faults of Adam, each with the check that must see it.</summary>
    public static IReadOnlyDictionary<string, string> AdamFaults { get; } = new Dictionary<string, string>
    {
        ["multiplies by the bias correction"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["forgets the bias correction"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["corrects the first mean only"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["counts from 0"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["swaps the betas"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["epsilon inside the root"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["epsilon hat"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["forgets the tail"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["forgets the state"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["one state for all parameters"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["decay after the step"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["decay without the rate"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["decays biases"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["L2 without the 2"] = nameof(OptimizerContract.StepsFollowTheRuleWithL2),
        ["L2 outside the means"] = nameof(OptimizerContract.StepsFollowTheRuleWithL2),
        ["L2 on biases"] = nameof(OptimizerContract.BiasesGetNoL2),
        ["keeps the first rate"] = nameof(OptimizerContract.StepsFollowTheRuleWhileTheRateChanges),
        ["no epsilon"] = nameof(OptimizerContract.TinyAndZeroGradientsFollowTheRule),
        ["does not clear"] = nameof(OptimizerContract.StepClearsTheGradients),
        ["moves frozen parameters"] = nameof(OptimizerContract.FrozenParametersRest),
        ["counts steps while frozen"] = nameof(OptimizerContract.FrozenParametersRest),
        ["ignores rates by layer"] = nameof(OptimizerContract.LayersHaveRatesOfTheirOwn),
        ["undoes clipping by norm"] = nameof(OptimizerContract.ClippingByNormComesBeforeTheRule),
        ["undoes clipping by value"] = nameof(OptimizerContract.ClippingByValueComesBeforeTheRule),
        ["state in a static"] = nameof(OptimizerContract.TheStateIsTheOptimizersOwn),
        ["allocates"] = nameof(OptimizerContract.NothingIsAllocatedPerStep),
    };

    /// <summary>The faults of momentum, each with the check that must see it.</summary>
    public static IReadOnlyDictionary<string, string> MomentumFaults { get; } = new Dictionary<string, string>
    {
        ["wrong sign"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["averages the gradient"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["moves by the old velocity"] = nameof(OptimizerContract.StepsFollowTheRule),
        ["keeps the rate out of the velocity"] = nameof(OptimizerContract.StepsFollowTheRuleWhileTheRateChanges),
    };

    /// <summary>The case with one fault, or with "none".</summary>
    public static OptimizerCase Case(string fault, bool hasMomentum) => new(
        $"broken: {fault}",
        (network, rate) => new BreakableOptimizer(network, rate, fault, hasMomentum),
        hasMomentum ? OptimizerCases.Momentum(0.9) : OptimizerCases.Adam(0.8, 0.7, 0.01, corrected: true, EpsilonPlacement.OutsideRoot, decay: 0.5));

    private static float[] SharedState { get; } = new float[64];

    protected override int StateCount => 2;

    protected override void Update(in ParameterUpdate update)
    {
        if (hasMomentum)
        {
            MoveByMomentum(update);
        }
        else
        {
            MoveByAdam(update);
        }

        if (fault != "does not clear")
        {
            update.Gradient.Clear();
        }
    }

    private void MoveByMomentum(in ParameterUpdate update)
    {
        Span<float> velocity = update.State(0);
        for (int i = 0; i < update.Value.Length; i++)
        {
            double g = update.Gradient[i] + (2 * update.L2 * update.Value[i]);
            double rate = update.LearningRate;
            double old = velocity[i];
            double moved = fault switch
            {
                "wrong sign" => (0.9 * old) + (rate * g),
                "averages the gradient" => (0.9 * old) - (0.1 * rate * g),
                "keeps the rate out of the velocity" => (0.9 * old) - g,
                _ => (0.9 * old) - (rate * g),
            };
            velocity[i] = (float)moved;
            update.Value[i] += (float)(fault switch
            {
                "moves by the old velocity" => old,
                "keeps the rate out of the velocity" => rate * moved,
                _ => moved,
            });
        }
    }

    private void MoveByAdam(in ParameterUpdate update)
    {
        double beta1 = fault == "swaps the betas" ? 0.7 : 0.8;
        double beta2 = fault == "swaps the betas" ? 0.8 : 0.7;
        const double Epsilon = 0.01;
        const double Decay = 0.5;
        double rate = fault switch
        {
            "keeps the first rate" => update.LearningRate / LearningRate * _firstRate,
            "ignores rates by layer" => LearningRate,
            _ => update.LearningRate,
        };
        double t = fault switch { "counts from 0" => update.Step + 1, "counts steps while frozen" => StepCount, _ => update.Step };
        double c1 = 1 - Math.Pow(beta1, t);
        double c2 = 1 - Math.Pow(beta2, t);
        Span<float> means = fault switch { "one state for all parameters" => _oneForAll, "state in a static" => SharedState, _ => update.State(0) };
        Span<float> squares = update.State(1);
        int length = fault == "forgets the tail" ? update.Value.Length / 4 * 4 : update.Value.Length;
        double l2 = fault == "L2 on biases" ? L2 : update.L2;
        if (fault == "allocates")
        {
            _ = new float[update.Value.Length];
        }

        if (fault == "moves frozen parameters")
        {
            foreach (Parameter parameter in _parameters)
            {
                parameter.Value.Span[0] += parameter.IsTrainable ? 0 : 0.1f;
            }
        }

        for (int i = 0; i < length; i++)
        {
            double theta = update.Value[i];
            double data = update.Gradient[i];
            if (ClipNorm is not null && ClipValue is null && fault == "undoes clipping by norm" && LastGradientNorm > ClipNorm)
            {
                data *= LastGradientNorm.Value / ClipNorm.Value;
            }

            if (ClipValue is double bound && fault == "undoes clipping by value" && Math.Abs(data) >= bound * 0.999)
            {
                data *= 2;
            }

            double penalty = fault == "L2 without the 2" ? l2 * theta : 2 * l2 * theta;
            double g = fault == "L2 outside the means" ? data : data + penalty;
            double m = (beta1 * means[i]) + ((1 - beta1) * g);
            double u = (beta2 * squares[i]) + ((1 - beta2) * g * g);
            if (fault != "forgets the state")
            {
                means[i] = (float)m;
                squares[i] = (float)u;
            }

            (double mean, double square) = fault switch
            {
                "multiplies by the bias correction" => (m * c1, u * c2),
                "forgets the bias correction" => (m, u),
                "corrects the first mean only" => (m / c1, u),
                _ => (m / c1, u / c2),
            };
            double root = fault switch
            {
                "epsilon inside the root" => Math.Sqrt(square + Epsilon),
                "epsilon hat" => (Math.Sqrt(u) + Epsilon) / Math.Sqrt(c2),
                "no epsilon" => Math.Sqrt(square),
                _ => Math.Sqrt(square) + Epsilon,
            };
            double decay = update.IsRegularized || fault == "decays biases" ? Decay : 0;
            double step = rate * mean / root;
            double moved = fault switch
            {
                "decay after the step" => (theta - step) * (1 - (rate * decay)),
                "decay without the rate" => theta - (decay * 0.1 * theta) - step,
                _ => theta - (rate * decay * theta) - step,
            };
            update.Value[i] = (float)(fault == "L2 outside the means" ? moved - (rate * penalty) : moved);
        }
    }
}
