namespace NeuralTrain.PeerBenchmarks;

/// <summary>What both libraries build: a fully connected network, its batch, and how it is trained.</summary>
/// <param name="Sizes">Inputs, hidden units of each layer, outputs. One output is regression, several are classes.</param>
/// <param name="Batch">Rows of a batch.</param>
/// <param name="Rule">The optimizer.</param>
/// <param name="LearningRate">The learning rate while results are compared.</param>
internal sealed record NetworkPlan(int[] Sizes, int Batch, Rule Rule, double LearningRate)
{
    /// <summary>The lecture's 3-4-1: sigmoid units without biases, half the sum of squared errors.</summary>
    public bool IsLectureXor { get; init; }

    /// <summary>Whether batch normalisation stands before each hidden activation; the layer before it then needs no bias.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>The probability of dropping behind each hidden activation, 0 for no dropout.</summary>
    public float Dropout { get; init; }

    /// <summary>Whether a fully connected layer has a bias.</summary>
    /// <param name="layer">Its position among the fully connected layers.</param>
    public bool HasBias(int layer) => !IsLectureXor && !(BatchNorm && layer < Sizes.Length - 2);

    /// <summary>Whether targets are classes.</summary>
    public bool IsClassification => Sizes[^1] > 1;

    /// <summary>As <c>784-128-10, batch 32, Adam</c>.</summary>
    public override string ToString()
    {
        string extras = (BatchNorm ? ", BatchNorm" : "") + (Dropout > 0 ? " + Dropout" : "");
        return $"{(IsLectureXor ? "XOR " : "")}{string.Join('-', Sizes)}, batch {Batch}, {Rule}{extras}";
    }
}
