using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>What an optimizer changes from step to step: what a clone copies and a checkpoint writes.</summary>
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
