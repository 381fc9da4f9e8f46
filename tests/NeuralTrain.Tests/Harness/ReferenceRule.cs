namespace NeuralTrain.Tests.Harness;

/// <summary>The plain rule of an optimizer in double precision, for one value, written independently of the library.</summary>
/// <param name="theta">The value θ.</param>
/// <param name="gradient">The gradient g, that of L2 included.</param>
/// <param name="state">Three numbers the rule keeps between steps, 0 before the first.</param>
/// <param name="rate">The learning rate γ.</param>
/// <param name="step">Which update of this value it is, from 1.</param>
/// <param name="isRegularized">Whether the value is a weight.</param>
/// <returns>The new value.</returns>
public delegate double ReferenceRule(double theta, double gradient, double[] state, double rate, int step, bool isRegularized);
