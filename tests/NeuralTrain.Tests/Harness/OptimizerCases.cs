namespace NeuralTrain.Tests.Harness;

/// <summary>
/// Every optimizer of the library, each with the plain rule it must follow: once with its defaults and once with numbers at which
/// every term weighs. A new optimizer is added here.
/// </summary>
public static class OptimizerCases
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<OptimizerCase> All { get; } =
    [
        new("SGD", (network, rate) => new SGD(network, rate), (theta, g, _, rate, _, _) => theta - (rate * g)),
        new("Momentum", (network, rate) => new Momentum(network, rate), Momentum(0.9)),
        new("Momentum 0.5", (network, rate) => new Momentum(network, rate, momentum: 0.5), Momentum(0.5)),
        new("Nesterov", (network, rate) => new Nesterov(network, rate), Nesterov(0.9)),
        new("Nesterov 0.5", (network, rate) => new Nesterov(network, rate, momentum: 0.5), Nesterov(0.5)),
        new("AdaGrad", (network, rate) => new AdaGrad(network, rate), AdaGrad(1e-10, start: 0)),
        new("AdaGrad, large ε and start", (network, rate) => new AdaGrad(network, rate, epsilon: 0.05, initialAccumulator: 0.1), AdaGrad(0.05, start: 0.1)),
        new("RMSprop", (network, rate) => new RMSprop(network, rate), RMSprop(0.99, 1e-8, EpsilonPlacement.InsideRoot)),
        new("RMSprop, large ε", (network, rate) => new RMSprop(network, rate, beta: 0.8, epsilon: 0.05), RMSprop(0.8, 0.05, EpsilonPlacement.InsideRoot)),
        new("RMSprop, large ε outside",
            (network, rate) => new RMSprop(network, rate, beta: 0.8, epsilon: 0.05, EpsilonPlacement.OutsideRoot),
            RMSprop(0.8, 0.05, EpsilonPlacement.OutsideRoot)),
        new("Adam", (network, rate) => new Adam(network, rate), Adam(0.9, 0.999, 1e-8, corrected: true, EpsilonPlacement.OutsideRoot, decay: 0)),
        new("Adam, large ε",
            (network, rate) => new Adam(network, rate, beta1: 0.8, beta2: 0.7, epsilon: 0.05),
            Adam(0.8, 0.7, 0.05, corrected: true, EpsilonPlacement.OutsideRoot, decay: 0)),
        new("Adam, large ε inside",
            (network, rate) => new Adam(network, rate, beta1: 0.8, beta2: 0.7, epsilon: 0.05, epsilonPlacement: EpsilonPlacement.InsideRoot),
            Adam(0.8, 0.7, 0.05, corrected: true, EpsilonPlacement.InsideRoot, decay: 0)),
        new("Adam of the lecture",
            (network, rate) => new Adam(network, rate, biasCorrection: false, epsilonPlacement: EpsilonPlacement.InsideRoot),
            Adam(0.9, 0.999, 1e-8, corrected: false, EpsilonPlacement.InsideRoot, decay: 0)),
        new("Adam of the lecture, large ε",
            (network, rate) => new Adam(network, rate, 0.8, 0.7, epsilon: 0.05, biasCorrection: false, EpsilonPlacement.InsideRoot),
            Adam(0.8, 0.7, 0.05, corrected: false, EpsilonPlacement.InsideRoot, decay: 0)),
        new("AdamW", (network, rate) => new AdamW(network, rate), Adam(0.9, 0.999, 1e-8, corrected: true, EpsilonPlacement.OutsideRoot, decay: 0.01)),
        new("AdamW, large ε and decay",
            (network, rate) => new AdamW(network, rate, beta1: 0.8, beta2: 0.7, epsilon: 0.05, weightDecay: 0.5),
            Adam(0.8, 0.7, 0.05, corrected: true, EpsilonPlacement.OutsideRoot, decay: 0.5)),
        new("AdamW of the lecture, large ε and decay",
            (network, rate) => new AdamW(network, rate, 0.8, 0.7, epsilon: 0.05, weightDecay: 0.5, biasCorrection: false, EpsilonPlacement.InsideRoot),
            Adam(0.8, 0.7, 0.05, corrected: false, EpsilonPlacement.InsideRoot, decay: 0.5)),
        new("AMSGrad", (network, rate) => new Adam(network, rate, amsGrad: true), Adam(0.9, 0.999, 1e-8, corrected: true, EpsilonPlacement.OutsideRoot, decay: 0, amsGrad: true)),
        new("AMSGrad of short memory", (network, rate) => new Adam(network, rate, beta2: 0.3, amsGrad: true), Adam(0.9, 0.3, 1e-8, corrected: true, EpsilonPlacement.OutsideRoot, decay: 0, amsGrad: true)),
        new("AMSGrad, short memory, large ε and decay",
            (network, rate) => new AdamW(network, rate, beta1: 0.8, beta2: 0.3, epsilon: 0.05, weightDecay: 0.5, amsGrad: true),
            Adam(0.8, 0.3, 0.05, corrected: true, EpsilonPlacement.OutsideRoot, decay: 0.5, amsGrad: true)),
        new("NAdam", (network, rate) => new NAdam(network, rate), NAdam(0.9, 0.999, 1e-8, 0.004)),
        new("NAdam, large ε, fast rise", (network, rate) => new NAdam(network, rate, beta1: 0.8, beta2: 0.7, epsilon: 0.05, momentumDecay: 1), NAdam(0.8, 0.7, 0.05, 1)),
    ];

    // v := αv − γg;  θ := θ + v
    internal static ReferenceRule Momentum(double momentum) => (theta, g, state, rate, _, _) =>
    {
        state[0] = (momentum * state[0]) - (rate * g);
        return theta + state[0];
    };

    // v := αv − γg;  θ := θ + αv − γg
    private static ReferenceRule Nesterov(double momentum) => (theta, g, state, rate, _, _) =>
    {
        state[0] = (momentum * state[0]) - (rate * g);
        return theta + (momentum * state[0]) - (rate * g);
    };

    // s := s + g²;  θ := θ − γg / (√s + ε)
    private static ReferenceRule AdaGrad(double epsilon, double start) => (theta, g, state, rate, step, _) =>
    {
        state[0] = (step == 1 ? start : state[0]) + (g * g);
        return theta - (rate * g / (Math.Sqrt(state[0]) + epsilon));
    };

    // u := βu + (1 − β)g²;  θ := θ − γg / √(u + ε), or γg / (√u + ε)
    private static ReferenceRule RMSprop(double beta, double epsilon, EpsilonPlacement placement) => (theta, g, state, rate, _, _) =>
    {
        state[0] = (beta * state[0]) + ((1 - beta) * g * g);
        return theta - (rate * g / Root(state[0], epsilon, placement));
    };

    // θ := θ − γλθ;  m := β₁m + (1 − β₁)g;  u := β₂u + (1 − β₂)g²;  θ := θ − γ·m/(1 − β₁ᵗ) / (√(u/(1 − β₂ᵗ)) + ε)
    internal static ReferenceRule Adam(
        double beta1, double beta2, double epsilon, bool corrected, EpsilonPlacement placement, double decay, bool amsGrad = false) =>
        (theta, g, state, rate, step, isRegularized) =>
        {
            state[0] = (beta1 * state[0]) + ((1 - beta1) * g);
            state[1] = (beta2 * state[1]) + ((1 - beta2) * g * g);
            double mean = corrected ? state[0] / (1 - Math.Pow(beta1, step)) : state[0];
            state[2] = Math.Max(state[2], state[1]);
            double square = amsGrad ? state[2] : state[1];
            double meanSquare = corrected ? square / (1 - Math.Pow(beta2, step)) : square;
            double decayed = isRegularized ? theta - (rate * decay * theta) : theta;
            return decayed - (rate * mean / Root(meanSquare, epsilon, placement));
        };

    // μₜ = β₁(1 − ½·0.96^(tψ));  θ := θ − γ(μₜ₊₁·m/(1 − Πμ₁…μₜ₊₁) + (1 − μₜ)·g/(1 − Πμ₁…μₜ)) / (√(u/(1 − β₂ᵗ)) + ε)
    private static ReferenceRule NAdam(double beta1, double beta2, double epsilon, double rise) => (theta, g, state, rate, step, _) =>
    {
        double Momentum(int t) => beta1 * (1 - (0.5 * Math.Pow(0.96, t * rise)));
        state[0] = (beta1 * state[0]) + ((1 - beta1) * g);
        state[1] = (beta2 * state[1]) + ((1 - beta2) * g * g);
        double product = Enumerable.Range(1, step).Aggregate(1.0, (product, t) => product * Momentum(t)), next = Momentum(step + 1);
        double direction = (next * state[0] / (1 - (product * next))) + ((1 - Momentum(step)) * g / (1 - product));
        return theta - (rate * direction / (Math.Sqrt(state[1] / (1 - Math.Pow(beta2, step))) + epsilon));
    };

    private static double Root(double square, double epsilon, EpsilonPlacement placement) =>
        placement == EpsilonPlacement.InsideRoot ? Math.Sqrt(square + epsilon) : Math.Sqrt(square) + epsilon;
}
