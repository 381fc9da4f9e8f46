namespace NeuralTrain;

/// <content>A model as an ONNX file.</content>
public sealed partial class TableModel
{
    /// <summary>Writes the model as an ONNX file that takes the columns of the table by their names and gives classes with probabilities, or numbers in their own units.</summary>
    /// <remarks>
    /// <para>
    /// Each input column is an input of the file, <c>[batch × 1]</c>: a category is its text, <c>""</c> if it is missing; a number is a float, or a double if the numbers lie further from 0 than 100 times
    /// their spread; a flag is 1 or 0, as a float; a date is the seconds from 1970 to its date and time as written, whatever the time zone, as a double. A missing value other than a category is NaN.
    /// </para>
    /// <para>
    /// Outputs of classes: <c>label</c>, text, <c>[batch]</c>, and <c>probabilities</c>, <c>[batch × classes]</c>, in the order of <see cref="TableSchema.Classes"/>; of numbers one output for each target,
    /// <c>[batch × 1]</c>, a float or a double as for an input, with the ends of its interval as <c>NAME low</c> and <c>NAME high</c>. <c>unknown</c>, <c>[batch]</c>, says whether a category of the row was not in the training data,
    /// <c>unfamiliar</c>, <c>[batch]</c>, whether a value is what <see cref="TablePrediction.Unfamiliar"/> names; the interval of either row is NaN. <c>rejected</c>, <c>[batch]</c>, there if the model
    /// rejects, says whether it does. An underscore is appended to a name that a column has already.
    /// </para>
    /// <para>
    /// A row that <see cref="Predict(Table)"/> refuses (no value where there must be one, an infinite number) becomes NaN, with the label <c>""</c>. What ONNX cannot express: categories are
    /// matched by their exact text alone, texts as numbers or dates are not read.
    /// </para>
    /// </remarks>
    /// <param name="path">The file, usually <c>….onnx</c>; an existing one is replaced.</param>
    /// <exception cref="NotSupportedException">The network has a custom layer that is not an <see cref="IOnnxLayer"/>, or a column may have no value and has the empty text as a category.</exception>
    /// <exception cref="IOException">The folder does not exist, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be written to.</exception>
    public void SaveOnnx(string path) => ToOnnx().Save(path);

    /// <summary>Writes the model as an ONNX file to a stream, which stays open; see <see cref="SaveOnnx(string)"/>.</summary>
    /// <param name="stream">The stream; it need not be able to seek.</param>
    /// <exception cref="NotSupportedException">The network has a custom layer that is not an <see cref="IOnnxLayer"/>, or a column may have no value and has the empty text as a category.</exception>
    public void SaveOnnx(Stream stream) => ToOnnx().Save(stream);

    private OnnxGraph ToOnnx() => new TableGraph(_state, Schema).Write(Network);
}
