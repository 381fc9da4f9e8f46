using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The first value of a training step that is NaN or infinite: what it belongs to, and its layer, step and rows.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class NonFinite
{
    internal NonFinite()
    {
    }

    /// <summary>The kind of value.</summary>
    public NonFiniteKind Kind { get; internal set; }

    /// <summary>The value: NaN or an infinity.</summary>
    public double Value { get; internal set; }

    /// <summary>The path of the layer in the network, as <c>2</c>, or <c>2.0</c> within a container; null for data and the loss.</summary>
    public string? LayerPath { get; internal set; }

    /// <summary>The layer, as <c>Linear(3 → 4)</c>; null for data and the loss.</summary>
    public string? Layer { get; internal set; }

    /// <summary>The path of the parameter, as <c>2.weight</c>; null unless the value is one of a parameter or of its gradient.</summary>
    public string? Parameter { get; internal set; }

    /// <summary>The epoch, from 1; 0 if there is none.</summary>
    public int Epoch { get; internal set; }

    /// <summary>The step, from 1 over the whole training; 0 in validation, and if there is none.</summary>
    public long Step { get; internal set; }

    /// <summary>Whether it was found on the validation data, after the epoch.</summary>
    public bool IsInValidation { get; internal set; }

    /// <summary>The rows of the batch with values that are not finite, from 0; empty for parameters.</summary>
    public IReadOnlyList<int> Rows { get; internal set; } = [];

    /// <summary>The indices of those rows in the data, from 0, if it is a <see cref="Dataset"/>; otherwise empty.</summary>
    public IReadOnlyList<int> Samples { get; internal set; } = [];

    /// <summary>What happened and what to do, as a sentence.</summary>
    public override string ToString()
    {
        string where = IsInValidation ? $" in the validation of epoch {Epoch}" : Epoch == 0 ? "" : $" in epoch {Epoch}, step {Step}";
        return Kind switch
        {
            NonFiniteKind.Input => $"An input is {Value}{where}{RowText()}. Leave such samples out, or replace the value, for instance by the mean of its column.",
            NonFiniteKind.Target => $"A target is {Value}{where}{RowText()}. Leave such samples out, or correct them.",
            NonFiniteKind.Parameter => $"The parameter '{Parameter}' of {Layer} '{LayerPath}' is {Value}{where}{(Epoch == 0 ? "." : $": the step before made it so. {Remedy}")}",
            NonFiniteKind.Output => $"{Layer} '{LayerPath}' is the first layer to give {Value}{where}{RowText()}; its inputs and parameters are finite. {Remedy}",
            NonFiniteKind.Gradient => $"The gradient of '{Parameter}' of {Layer} '{LayerPath}' is {Value}{where}, the first one in the backward pass. {Remedy}",
            _ => $"The loss is {Value}{where}: predictions and targets are finite, but too large for its formula. {Remedy}",
        };
    }

    /// <summary>The remaining case: all values are finite except the loss.</summary>
    internal static NonFinite LossOf(Exception error) => new() { Kind = NonFiniteKind.Loss, Value = (error as NotFiniteNumberException)?.OffendingNumber ?? double.NaN };

    private const string Remedy =
        "The training diverges: lower the learning rate, clip the gradients (Optimizer.ClipNorm), scale the inputs, or set Trainer.Recovery to continue from the last finite weights with a lower rate.";

    private string RowText()
    {
        if (Rows.Count == 0) return "";

        string rows = $", in {List("row", Rows)} of the batch";
        return Samples.Count == 0 ? rows : $"{rows} ({List("sample", Samples)} of the data)";

        static string List(string name, IReadOnlyList<int> numbers) =>
            (numbers.Count == 1 ? name : name + "s") + " " + string.Join(", ", numbers.Take(5)) + (numbers.Count > 5 ? $" and {numbers.Count - 5} more" : "");
    }
}

/// <summary>A value became NaN or infinite during training; <see cref="Place"/> says which one was the first.</summary>
public sealed class NonFiniteException : NotFiniteNumberException
{
    internal NonFiniteException(NonFinite place, Exception? innerException)
        : base(place.ToString(), place.Value, innerException) => Place = place;

    /// <summary>What became NaN or infinite, and where.</summary>
    public NonFinite Place { get; }
}

/// <summary>The kinds of values that can become NaN or infinite.</summary>
public enum NonFiniteKind
{
    /// <summary>The inputs of the batch.</summary>
    Input,

    /// <summary>The targets of the batch.</summary>
    Target,

    /// <summary>The values of a parameter or a statistic.</summary>
    Parameter,

    /// <summary>The output of a layer.</summary>
    Output,

    /// <summary>The gradient of a parameter.</summary>
    Gradient,

    /// <summary>The loss itself: predictions and targets are finite, but too large for its formula.</summary>
    Loss,
}
