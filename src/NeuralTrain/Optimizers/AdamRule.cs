using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>One step of Adam, or of AdamW where there is a decoupled decay.</summary>
/// <remarks>
/// Effectively computes
/// <code>
/// θ := θ − γλθ      m := β₁m + (1 − β₁)g      u := β₂u + (1 − β₂)g²      θ := θ − γ·(m / c₁) / (√(u / c₂) + ε)
/// </code>
/// with γ / c₁ and 1 / c₂ taken out of the loop, where c₁ = 1 − β₁ᵗ and c₂ = 1 − β₂ᵗ, or both 1 without the correction.
/// </remarks>
internal readonly struct AdamRule : IUpdate2
{
    private readonly float _rate;
    private readonly float _share1;
    private readonly float _share2;
    private readonly float _correction2;
    private readonly float _epsilonInside;
    private readonly float _epsilonOutside;
    private readonly float _decay;
    private readonly float _kept;

    public AdamRule(
        in ParameterUpdate update, double beta1, double beta2, double epsilon, BiasCorrection? correction, EpsilonPlacement placement,
        double weightDecay)
    {
        correction?.MoveTo(update.Step);
        _rate = (float)(update.LearningRate / (correction?.First ?? 1));
        _share1 = (float)(1 - beta1);
        _share2 = (float)(1 - beta2);
        _correction2 = (float)(1 / (correction?.Second ?? 1));
        _epsilonInside = placement == EpsilonPlacement.InsideRoot ? (float)epsilon : 0;
        _epsilonOutside = placement == EpsilonPlacement.OutsideRoot ? (float)epsilon : 0;
        _decay = (float)(2 * update.L2);
        _kept = update.IsRegularized ? (float)(1 - (update.LearningRate * weightDecay)) : 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TLanes>(ref TLanes value, TLanes gradient, ref TLanes mean, ref TLanes meanSquare)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes g = gradient + (_decay * value);

        // m + (1 − β)(g − m) is βm + (1 − β)g with one rounded constant instead of two that do not sum to 1.
        mean = Fading.ToZero(mean + (_share1 * (g - mean)));
        meanSquare = Fading.ToZero(meanSquare + (_share2 * ((g * g) - meanSquare)));
        TLanes root = TLanes.Sqrt((meanSquare * _correction2) + _epsilonInside) + _epsilonOutside;
        value = (_kept * value) - (_rate * mean / root);
    }
}
