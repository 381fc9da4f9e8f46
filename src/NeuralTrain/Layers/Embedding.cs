using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;

namespace NeuralTrain;

/// <summary>Replaces columns of category numbers with a learned vector for each category; all other columns pass through.</summary>
/// <remarks>
/// <code>
/// forward   y = x, with column c of each row replaced by row x_c of W_c         W_c [categories × size], for each embedded column c
/// backward  W̄_c[x_c] += the part of ȳ in its place,  x̄ = ȳ where x passed through, 0 for the numbers of categories
/// </code>
/// <para>
/// x <c>[batch × inputs]</c>, y <c>[batch × (inputs − embedded columns + Σ size)]</c>, in the order of the input. For tabular data: numbers and categories side by side in a row, the
/// latter as 0, 1, … categories − 1; anything else, such as 1.5, NaN or an unknown category, is refused. A category number has no derivative,
/// so nothing before the layer learns through it; a <see cref="Standardization"/> before it must leave these columns unchanged (shift 0, scale 1).
/// </para>
/// <para>
/// Parameters <c>weight_c</c>, c the column, [categories, size], start from N(0, 1), as PyTorch's <c>nn.Embedding</c>; Keras' <c>Embedding</c> starts within ±0.05. Like biases
/// they are not regularized: weight decay in every step would shrink the vectors of rare categories towards 0. An embedding is a <see cref="Linear"/> layer without biases on
/// one-hot columns, without the multiplications by 0. Source: Guo and Berkhahn, "Entity Embeddings of Categorical Variables", 2016.
/// </para>
/// </remarks>
public sealed class Embedding : Layer
{
    private readonly int _inputs, _outputs;
    private readonly (int Column, int Categories, int Size)[] _columns;
    private readonly Parameter[] _weights;

    /// <summary>Creates the layer with random vectors.</summary>
    /// <param name="inputSize">Number of inputs (columns of x).</param>
    /// <param name="random">Source of the initial vectors; one number is drawn from it for each embedded column.</param>
    /// <param name="columns">The columns to embed, each once: its index in the input, the number of categories, and the length of the vector for each of them.</param>
    /// <exception cref="ArgumentException">No column is given, or one is given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column does not exist, or a number of categories or a size is not positive.</exception>
    public Embedding(int inputSize, Random random, params ReadOnlySpan<(int Column, int Categories, int Size)> columns)
    {
        ArgumentNullException.ThrowIfNull(random);
        _columns = [.. columns.ToArray().OrderBy(column => column.Column)];
        if (_columns.Length == 0) throw new ArgumentException("An embedding has at least one column with categories, received none. Leave the layer out.", nameof(columns));

        long outputs = inputSize;
        for (int i = 0; i < _columns.Length; i++)
        {
            (int column, int categories, int size) = _columns[i];
            if ((uint)column >= (uint)inputSize) throw new ArgumentOutOfRangeException(nameof(columns), $"Column {column} does not exist: {inputSize} inputs are numbered 0 to {inputSize - 1}.");
            if (i > 0 && column == _columns[i - 1].Column) throw new ArgumentException($"Column {column} is embedded twice. Name each column once.", nameof(columns));
            Guard.AtLeast(categories, 1, nameof(categories), $"column {column} holds at least one category");
            Guard.AtLeast(size, 1, nameof(size), "a category becomes at least one number");
            outputs += size - 1;
        }

        (_inputs, _outputs) = (inputSize, checked((int)outputs));
        _weights = [.. _columns.Select(column => Parameter.Drawn($"weight_{column.Column}", column.Categories, column.Size, random, new Normal(1), isRegularized: false))];
        Declare(inputSize, _weights);
    }

    /// <summary>The embedded columns, from left to right: index in the input, number of categories, length of their vectors.</summary>
    public IReadOnlyList<(int Column, int Categories, int Size)> Columns => _columns;

    /// <inheritdoc/>
    public override int OutputSize(int inputSize) => _outputs;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A value is not the number of a category of its column.</exception>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, _inputs, _outputs);
        for (int row = 0; row < input.Rows; row++)
        {
            ReadOnlySpan<float> from = input.Row(row);
            Span<float> to = output.Row(row);
            int read = 0;
            for (int i = 0; i < _columns.Length; i++)
            {
                (int column, int categories, int size) = _columns[i];
                float value = from[column];
                if (!(value >= 0 && value < categories && (int)value == value)) ThrowNoCategory(input, row, column, categories);
                from[read..column].CopyTo(to);
                to = to[(column - read)..];
                _weights[i].Value.Row((int)value).CopyTo(to);
                to = to[size..];
                read = column + 1;
            }

            from[read..].CopyTo(to);
        }
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, _inputs, _outputs);
        for (int row = 0; row < input.Rows; row++)
        {
            ReadOnlySpan<float> from = outputGradient.Row(row);
            Span<float> to = inputGradient.IsEmpty ? default : inputGradient.Row(row);
            int written = 0;
            for (int i = 0; i < _columns.Length; i++)
            {
                (int column, _, int size) = _columns[i];
                PassBack(ref from, to, written, column);
                if (_weights[i].IsTrainable)
                {
                    Span<float> gradient = _weights[i].Gradient.Row((int)input[row, column]);
                    TensorPrimitives.Add(gradient, from[..size], gradient);
                }

                if (!to.IsEmpty) to[column] = 0;
                from = from[size..];
                written = column + 1;
            }

            PassBack(ref from, to, written, _inputs);
        }

        static void PassBack(ref ReadOnlySpan<float> from, Span<float> to, int start, int end)
        {
            if (!to.IsEmpty) from[..(end - start)].CopyTo(to[start..]);
            from = from[(end - start)..];
        }
    }

    private protected override string Details => $"{_inputs} → {_outputs}, {string.Join(", ", _columns.Select(column => $"column {column.Column}: {column.Categories} × {column.Size}"))}";

    /// <inheritdoc/>
    protected override void Describe(Settings settings)
    {
        settings.Set("inputs", _inputs);
        settings.Set("columns", _columns.Select(column =>
        {
            var part = new Settings("Column");
            part.Set("column", column.Column);
            part.Set("categories", column.Categories);
            part.Set("size", column.Size);
            return part;
        }));
    }

    [DoesNotReturn]
    private static void ThrowNoCategory(Matrix input, int row, int column, int categories) => throw new ArgumentException(
        $"Column {column} holds numbers of categories, whole numbers from 0 to {categories - 1}, received {input[row, column]}. Number the categories as in training, and reserve a number for what is unknown or missing.", nameof(input));
}
