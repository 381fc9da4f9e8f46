namespace NeuralTrain;

/// <content>What a summary says of the memory that is kept for a batch: the same sizes that the passes ask for.</content>
public sealed partial class Sequential
{
    /// <summary>What a layer gave in the last forward pass of training.</summary>
    internal Matrix ActivationAfter(int layer) => layer == _layers.Length - 1 ? _output : _activations[layer];

    /// <inheritdoc/>
    protected internal override Matrix ChildOutput(int child) => _output.IsEmpty || child == _layers.Length - 1 ? _output : _activations[child];

    internal override IReadOnlyList<int?> ChildInputSizes(int inputSize) =>
        [.. Composition.Widths(nameof(Sequential), _layers, inputSize).SkipLast(1).Select(width => (int?)width)];

    internal override BatchMemory MemoryFor(int rows, int inputSize, BackwardReach back)
    {
        int[] widths = Composition.Widths(nameof(Sequential), _layers, inputSize);
        int first = FirstInBackward(back == BackwardReach.Input);
        BatchMemory sum = default;
        var widest = new int[2];
        for (int i = 0; i < _layers.Length; i++)
        {
            bool takesPart = back != BackwardReach.None && i >= first;
            bool givesGradient = takesPart && (i > first || back == BackwardReach.Input);
            sum += BatchMemory.OfActivations(rows, widths[i + 1]);
            sum += _layers[i].MemoryFor(
                rows, widths[i], !takesPart ? BackwardReach.None : givesGradient ? BackwardReach.Input : BackwardReach.Parameters);
            if (takesPart && i > first)
            {
                widest[i % 2] = Math.Max(widest[i % 2], widths[i]);
            }
        }

        return sum + BatchMemory.OfGradients(rows, widest[0]) + BatchMemory.OfGradients(rows, widest[1]);
    }
}
