namespace NeuralTrain;

/// <summary>Everything an optimizer remembers between steps, for clones and checkpoints.</summary>
/// <param name="Rule">The rule and its constants, as <c>Adam(β₁ 0.9, β₂ 0.999, ε 1E-08)</c>: state fits only the rule it comes from.</param>
internal sealed record OptimizerState(string Rule)
{
    /// <summary>Steps taken.</summary>
    public required long StepCount { get; init; }

    /// <summary>The learning rate γ.</summary>
    public required double LearningRate { get; init; }

    /// <summary>λ of L2.</summary>
    public required double L2 { get; init; }

    /// <summary>The greatest norm of all gradients.</summary>
    public required double? ClipNorm { get; init; }

    /// <summary>The greatest magnitude of a value of a gradient.</summary>
    public required double? ClipValue { get; init; }

    /// <summary>Updates of each parameter.</summary>
    public required long[] Steps { get; init; }

    /// <summary>The factor of the rate of each parameter.</summary>
    public required double[] Rates { get; init; }

    /// <summary>The arrays of the rule for each parameter; null where it had no step yet.</summary>
    public required float[][]?[] Arrays { get; init; }
}
