namespace NeuralTrain;

/// <summary>What an activation can give, ends included.</summary>
internal readonly record struct OutputRange(double Low, double High)
{
    /// <summary>The range of a layer that has one; null if it gives anything.</summary>
    public static OutputRange? Of(Layer layer) => layer switch
    {
        Sigmoid or Softmax => new OutputRange(0, 1),
        Tanh => new OutputRange(-1, 1),
        LogSoftmax => new OutputRange(double.NegativeInfinity, 0),
        ReLU => new OutputRange(0, double.PositiveInfinity),
        Softplus softplus => new OutputRange(softplus.IsCentered ? -Math.Log(2) : 0, double.PositiveInfinity),
        ELU elu => new OutputRange(-elu.Alpha, double.PositiveInfinity),
        SELU => new OutputRange(-SELU.Lambda * SELU.Alpha, double.PositiveInfinity),
        _ => null,
    };

    /// <summary>As <c>0 to 1</c> or <c>0 and more</c>.</summary>
    public override string ToString() =>
        double.IsPositiveInfinity(High) ? FormattableString.Invariant($"{Digits.Three(Low)} and more")
        : double.IsNegativeInfinity(Low) ? FormattableString.Invariant($"{Digits.Three(High)} and less")
        : FormattableString.Invariant($"{Digits.Three(Low)} to {Digits.Three(High)}");
}
