using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The decisions in a network's raw outputs and in the targets: one rule for all metrics.</summary>
internal static class Decision
{
    /// <summary>Whether each column is a separate binary decision, rather than one class among several.</summary>
    public static bool IsPerColumn(OutputKind outputKind, int outputs) => outputs == 1 || outputKind == OutputKind.BinaryScores;

    /// <summary>Whether a raw output is positive: above 0 for scores and margins, where σ is ½; above ½ for plain values, taken as probabilities.</summary>
    public static bool IsYes(OutputKind outputKind, float prediction) => prediction > (outputKind == OutputKind.Values ? 0.5f : 0);

    /// <summary>Whether a target is positive: 1 rather than 0, or rather than −1 for margins.</summary>
    public static bool IsYesTarget(OutputKind outputKind, float target) => target > (outputKind == OutputKind.Margins ? 0 : 0.5f);

    /// <summary>The column of the largest value, the first one of equal ones.</summary>
    [MethodImpl(Jit.Full)]
    public static int Largest(ReadOnlySpan<float> row)
    {
        int largest = 0;
        for (int i = 1; i < row.Length; i++)
        {
            if (row[i] > row[largest]) largest = i;
        }

        return largest;
    }

    /// <summary>Refuses margins where probabilities are measured.</summary>
    public static void RefuseMargins(string metric, OutputKind outputKind)
    {
        if (outputKind != OutputKind.Margins) return;
        throw new NotSupportedException(
            $"'{metric}' measures probabilities, and a network trained on margins has none. Train with a cross-entropy, or use {nameof(Accuracy)}.");
    }

    /// <summary>Refuses raw scores where numbers are measured: they are in another unit than the targets.</summary>
    public static void RefuseScores(string metric, OutputKind outputKind)
    {
        if (outputKind == OutputKind.Values) return;
        throw new NotSupportedException(
            $"'{metric}' compares numbers, but the network gives {outputKind}, which are not in the unit of the targets. Use {nameof(Accuracy)}, {nameof(RocAuc)} or {nameof(LogLoss)}.");
    }

    /// <summary>The probability of each column in double: softmax of class scores, σ of other scores, plain values as they are, which must then lie in [0, 1].</summary>
    public static void Probabilities(string metric, OutputKind outputKind, ReadOnlySpan<float> prediction, Span<double> probabilities)
    {
        double largest = outputKind == OutputKind.ClassScores ? prediction[Largest(prediction)] : 0, sum = 0;
        for (int i = 0; i < prediction.Length; i++)
        {
            double q = prediction[i];
            if (outputKind == OutputKind.Values && !(q >= 0 && q <= 1))
            {
                throw new ArgumentException($"'{metric}' takes plain outputs for probabilities, but one is {q}. End the network in Sigmoid or Softmax, or train with a cross-entropy.", nameof(prediction));
            }

            probabilities[i] = outputKind switch { OutputKind.ClassScores => Math.Exp(q - largest), OutputKind.BinaryScores => 1 / (1 + Math.Exp(-q)), _ => q };
            sum += probabilities[i];
        }

        for (int i = 0; outputKind == OutputKind.ClassScores && i < probabilities.Length; i++) probabilities[i] /= sum;
    }

    /// <summary>Refuses targets of values or margins that are not classes: a loss of scores has refused them already, one of values takes any number, and one of margins several positives in a row.</summary>
    public static void Check(string metric, OutputKind outputKind, ReadOnlySpan<float> target, bool areProbabilities = false)
    {
        if (outputKind is not (OutputKind.Values or OutputKind.Margins) || (IsClass(target, outputKind) && !(areProbabilities && target.Contains(-1f)))) return;
        throw new ArgumentException(
            $"'{metric}' measures decisions, but the targets are not classes: a row is {string.Join(", ", target[..Math.Min(target.Length, 5)].ToArray().Select(value => $"{value}"))}" +
            $"{(target.Length > 5 ? ", …" : "")}, neither a single 0 or 1 nor one 1 among zeros{(outputKind == OutputKind.Margins ? " or −1" : "")}. " +
            (outputKind == OutputKind.Margins ? $"For several binary decisions train with {nameof(BinaryCrossEntropy)}, or measure no decisions."
                : $"For numbers use {nameof(AbsoluteError)} and {nameof(RSquared)}."), nameof(target));
    }

    /// <summary>Whether a row of targets is a single 0 or 1 (−1 or 1 for margins), or one 1 among zeros (or among −1).</summary>
    public static bool IsClass(ReadOnlySpan<float> target, OutputKind outputKind = OutputKind.Values) => target.Length == 1
        ? target[0] is 0 or 1 || (target[0] == -1 && outputKind == OutputKind.Margins)
        : target.Count(1f) == 1 && (target.Count(0f) == target.Length - 1 || target.Count(-1f) == target.Length - 1);
}
