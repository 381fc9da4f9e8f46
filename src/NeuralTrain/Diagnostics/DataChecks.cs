using System.Numerics.Tensors;

namespace NeuralTrain;

/// <summary>What is wrong with the numbers themselves, whatever the network.</summary>
internal static class DataChecks
{
    public static void Run(CheckCase check)
    {
        // A data set in memory is searched as a whole, at the speed of memory.
        (Matrix inputs, Matrix targets) = check.Data is Dataset data ? (data.Inputs, data.Targets) : (check.Sample.Inputs, check.Sample.Targets);
        FindNonFinite(check, FindingKinds.NonFiniteFeature, "inputs", inputs, check.InputName);
        FindNonFinite(check, FindingKinds.NonFiniteTarget, "targets", targets, check.TargetName);
        FindConstant(check);
    }

    private static void FindNonFinite(CheckCase check, FindingKind kind, string place, Matrix matrix, Func<int, string> name)
    {
        if (TensorPrimitives.IsFiniteAll<float>(matrix.Span))
        {
            return;
        }

        int first = 0;
        while (float.IsFinite(matrix.Span[first]))
        {
            first++;
        }

        check.Add(
            kind, place, $"{name(first % matrix.Columns)} is {matrix.Span[first]} in row {first / matrix.Columns}",
            "leave such rows out, or replace the values, for instance by the mean of their column");
    }

    private static void FindConstant(CheckCase check)
    {
        // Beside weights without biases a column of 1 is their bias, as in the lecture's XOR.
        bool canBeBias = check.Network.SelfAndBelow().Any(below => below.Layer is Linear { Bias: null });
        int[] constant =
        [
            .. Enumerable.Range(0, check.Features.Length)
                .Where(column => check.Features[column].IsConstant && !(canBeBias && check.Features[column].Minimum != 0)),
        ];
        if (constant.Length > 0 && check.Sample.Inputs.Rows > 1)
        {
            string others = constant.Length == 1 ? "" : $", and {constant.Length - 1} more of {check.Features.Length} columns never change either";
            check.Add(
                FindingKinds.ConstantFeature, "inputs",
                $"{check.InputName(constant[0])} is {check.Features[constant[0]].Minimum} in all {check.Sample.Inputs.Rows} rows looked at{others}",
                "such a column says nothing: leave it out, unless it is the border of an image");
        }
    }
}
