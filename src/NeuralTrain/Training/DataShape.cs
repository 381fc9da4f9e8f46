namespace NeuralTrain;

/// <summary>Checks that data have rows, and the columns that a network takes and gives.</summary>
internal static class DataShape
{
    /// <summary>Refuses data whose columns are not those of the network.</summary>
    public static void Check(Sequential network, BatchSource data, string what, string parameter, Loss? loss = null)
    {
        if (network.InputSize is int expected && expected != data.InputSize)
        {
            throw new ArgumentException(
                $"The {what} data have {data.InputSize} input columns, but the network takes {expected}. Build its first layer for {data.InputSize} inputs, or choose columns.", parameter);
        }

        int outputs = network.OutputSize(data.InputSize), each = loss?.OutputsPerTarget ?? 1, needed = each * data.TargetSize;
        if (outputs != needed)
        {
            bool areNumbers = needed == 1 && outputs > 1;
            throw new ArgumentException(
                $"The {what} data have {Guard.Counted(data.TargetSize, "target column")}{(data.Classes.Count > 0 ? $" (the classes {Guard.Names(data.Classes)})" : "")}, but the network gives " +
                $"{Guard.Counted(outputs, "output")}. " + (areNumbers
                    ? "If the targets are class numbers, turn them into one-hot rows, a column for each class: OneHot.Encode. If they are values, give the last layer 1 output."
                    : each > 1 ? $"{loss} needs {each} for each target: give its last layer {needed} outputs."
                    : $"Give its last layer {Guard.Counted(data.TargetSize, "output")}; classes are one-hot rows, a column for each."), parameter);
        }
    }

    /// <summary>The error for data without rows.</summary>
    public static ArgumentException NoRows(string what) =>
        new($"There are no rows in the {what}. Look at where they come from: an empty file, a filter that leaves nothing, or a sequence that can be read only once.");
}
