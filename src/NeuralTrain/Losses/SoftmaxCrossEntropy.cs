using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The cross-entropy for one of several classes, from raw scores: softmax and cross-entropy in one.</summary>
/// <remarks>
/// <code>
/// q = softmax(s),  y′ = (1 − ε)·y + ε/K
/// L = 1/Z·Σᵣ vᵣ·Σₖ wₖ·y′ᵣₖ·(−ln qᵣₖ)          Z = N without weights, else Σᵣ vᵣ·Σₖ wₖ·yᵣₖ, the sum of the weights used
/// s̄ᵣⱼ = vᵣ/Z·(qᵣⱼ·Σₖ wₖ·y′ᵣₖ − wⱼ·y′ᵣⱼ)      which is (q − y)/N without weights and smoothing
/// </code>
/// <para>
/// s raw scores (logits) and y targets, both <c>[batch × classes]</c>; a row of y is one-hot (<see cref="OneHot"/>) or any
/// distribution over the classes. N rows, K classes, w class weights, v sample weights, ε label smoothing. The scores come without
/// a softmax layer: with −ln q = ln Σe^(s − max) − (s − max) nothing overflows for scores of ±10 000. For probabilities,
/// apply a softmax to the scores afterwards. Lecture L3.3.
/// </para>
/// <para>
/// The same as PyTorch's <c>CrossEntropyLoss(weight, label_smoothing)</c> on class numbers, and Keras'
/// <c>CategoricalCrossentropy(from_logits=True, label_smoothing)</c> without class weights. On soft targets with class weights
/// PyTorch divides by N; here the divisor is the sum of the weights used in either case. If nothing in a batch has weight, loss and gradient are 0.
/// </para>
/// </remarks>
public sealed class SoftmaxCrossEntropy : Loss
{
    private readonly float[] _classWeights;

    /// <summary>Creates the loss.</summary>
    /// <param name="classWeights">The class weights w, one finite number of 0 or more per class; empty (the default) for all 1.</param>
    /// <param name="labelSmoothing">ε in [0, 1): the fraction of each target that is spread evenly over all classes. Default 0.</param>
    /// <exception cref="ArgumentException">There is a single class weight, one is negative or not finite, or all are 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">ε lies outside [0, 1).</exception>
    public SoftmaxCrossEntropy(ReadOnlySpan<float> classWeights = default, double labelSmoothing = 0)
    {
        LabelSmoothing = Guard.InHalfOpen(labelSmoothing, 0, 1, nameof(labelSmoothing), "0 switches it off; 0.1 is usual.");
        _classWeights = classWeights.ToArray();
        if (classWeights.IsEmpty) return;
        int wrong = classWeights.IndexOfAnyExceptInRange(0, float.MaxValue);
        if (wrong >= 0) throw new ArgumentException($"A class weight must be a finite number of 0 or more, received {classWeights[wrong]} for class {wrong}.", nameof(classWeights));
        if (classWeights.Length > 1 && classWeights.ContainsAnyExcept(0f)) return;
        string received = string.Join(", ", _classWeights.Select(weight => $"{weight}"));
        throw new ArgumentException($"Class weights are one number per class, at least two of them and not all 0; received [{received}].", nameof(classWeights));
    }

    /// <summary>The class weights w; empty if all classes weigh the same.</summary>
    public ReadOnlySpan<float> ClassWeights => _classWeights;

    /// <summary>ε, the fraction of each target that is spread evenly over all classes.</summary>
    public double LabelSmoothing { get; }

    /// <inheritdoc/>
    public override OutputKind OutputKind => OutputKind.ClassScores;

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("class weights", _classWeights.Select(weight => (double)weight));
        settings.Set("label smoothing", LabelSmoothing);
    }

    /// <inheritdoc/>
    protected override double Compute(Matrix prediction, Matrix target, Matrix gradient) => Compute(prediction, target, gradient, sampleWeights: default);

    /// <inheritdoc/>
    protected override double Compute(Matrix prediction, Matrix target, Matrix gradient, ReadOnlySpan<float> sampleWeights)
    {
        int rows = prediction.Rows, columns = prediction.Columns;
        double total = Divisor(target, sampleWeights)!.Value;
        double scale = total > 0 ? 1 / total : 0;
        double loss = scale * SoftmaxRows.CrossEntropy(
            prediction.Span, target.Span, gradient.Span, rows, columns, _classWeights, sampleWeights, (float)LabelSmoothing, (float)scale);
        if (double.IsNaN(loss)) TargetValidation.CheckDistributions(this, target);
        return loss;
    }

    /// <inheritdoc/>
    /// <remarks>The sum of the class weights used, times the sample weights; without class weights the rows or their weights.</remarks>
    // Without class weights Σₖ yₖ is 1 up to the rounding of the targets, which should not affect the mean.
    protected internal override double? Divisor(Matrix target, ReadOnlySpan<float> sampleWeights) => _classWeights.Length > 0
        ? SoftmaxRows.WeightSum(target.Span, target.Rows, target.Columns, _classWeights, sampleWeights)
        : base.Divisor(target, sampleWeights);

    private protected override void CheckColumns(int columns, string name)
    {
        if (columns == 1)
        {
            throw new ArgumentException(
                $"{this} chooses among columns, and there is only one. Use BinaryCrossEntropy for a binary decision, or give the last layer a column for each class.", name);
        }

        if (_classWeights.Length > 0 && _classWeights.Length != columns)
        {
            throw new ArgumentException($"{this} was given {_classWeights.Length} class weights, received {columns} columns: there must be one weight for each class.", name);
        }
    }
}
