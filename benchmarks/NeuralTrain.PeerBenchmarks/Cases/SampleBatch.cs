namespace NeuralTrain.PeerBenchmarks;

/// <summary>One batch of made-up data, the same for both libraries.</summary>
internal sealed class SampleBatch
{
    /// <summary>Draws the batch a plan asks for.</summary>
    public SampleBatch(NetworkPlan plan)
    {
        int inputs = plan.Sizes[0];
        int outputs = plan.Sizes[^1];
        Inputs = new Matrix(plan.Batch, inputs);
        Targets = new Matrix(plan.Batch, outputs);
        Classes = new long[plan.Batch];
        if (plan.IsLectureXor)
        {
            new float[] { 0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1 }.CopyTo(Inputs.Span);
            new float[] { 0, 1, 1, 0 }.CopyTo(Targets.Span);
            return;
        }

        var random = new Random(1);
        foreach (ref float value in Inputs.Span)
        {
            value = (2 * random.NextSingle()) - 1;
        }

        for (int row = 0; row < plan.Batch; row++)
        {
            Classes[row] = random.Next(outputs);
            if (plan.IsClassification)
            {
                Targets[row, (int)Classes[row]] = 1;
            }
            else
            {
                Targets[row, 0] = random.NextSingle();
            }
        }
    }

    /// <summary>The inputs, <c>[batch × inputs]</c>.</summary>
    public Matrix Inputs { get; }

    /// <summary>The targets, <c>[batch × outputs]</c>: classes as one-hot rows.</summary>
    public Matrix Targets { get; }

    /// <summary>The classes by number, as libtorch's cross-entropy takes them.</summary>
    public long[] Classes { get; }
}
