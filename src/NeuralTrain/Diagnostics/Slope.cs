namespace NeuralTrain;

/// <summary>What differences of a function say of its derivative at one point.</summary>
/// <param name="Value">The derivative.</param>
/// <param name="Error">How far it may be off by rounding and by the size of the step; infinite if nothing could be measured.</param>
/// <param name="IsKink">Whether the slopes on the two sides differ however small the step, so that there is no derivative.</param>
/// <param name="IsFinite">Whether the function is finite on both sides for some step.</param>
/// <param name="RefutesClaim">Whether what the derivative was said to be is wrong beyond rounding, the size of the step and kinks nearby.</param>
internal readonly record struct Slope(double Value, double Error, bool IsKink, bool IsFinite, bool RefutesClaim);
