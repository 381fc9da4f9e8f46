using System.Numerics.Tensors;

namespace NeuralTrain;

/// <content>Data sets from objects, tensors and files.</content>
public sealed partial class Dataset
{
    internal static readonly string[] Digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    /// <summary>Takes two tensors of two dimensions, rows and columns; they are copied.</summary>
    /// <param name="inputs">The features, <c>[samples × features]</c>.</param>
    /// <param name="targets">What is to be predicted, <c>[samples × outputs]</c>.</param>
    /// <exception cref="ArgumentException">A tensor has not two dimensions, or the numbers of rows differ, or there are none.</exception>
    public static Dataset From(Tensor<float> inputs, Tensor<float> targets) => new(Matrix.From(inputs), Matrix.From(targets));

    /// <summary>Takes objects of one's own; two functions say what of each is input, and what is to be predicted.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="items">The objects, one a sample.</param>
    /// <param name="inputs">The features of one, as many for each.</param>
    /// <param name="targets">What is to be predicted of one, as many numbers for each.</param>
    /// <param name="inputNames">The names of the features; none (the default) if they have none.</param>
    /// <param name="targetNames">The names of the targets; none (the default) if they have none.</param>
    /// <exception cref="ArgumentException">There are no objects, or one gives another number of values than the first.</exception>
    public static Dataset From<T>(
        IEnumerable<T> items, Func<T, float[]> inputs, Func<T, float[]> targets,
        IReadOnlyList<string>? inputNames = null, IReadOnlyList<string>? targetNames = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        var inputRows = new RowList("inputs");
        var targetRows = new RowList("targets");
        foreach (T item in items)
        {
            inputRows.Add(inputs(item));
            targetRows.Add(targets(item));
        }

        return new Dataset(inputRows.ToMatrix(), targetRows.ToMatrix(), inputNames, targetNames);
    }

    /// <summary>Takes objects of one's own that belong to classes; two functions say what of each is input, and its class.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="items">The objects, one a sample.</param>
    /// <param name="inputs">The features of one, as many for each.</param>
    /// <param name="label">The class of one.</param>
    /// <param name="classes">
    /// All classes, in the order of the columns they get; by default those that come up, sorted by value if all are numbers, else by their characters.
    /// Give those of the training data to load others: <c>train.Classes</c>.
    /// </param>
    /// <param name="inputNames">The names of the features; none (the default) if they have none.</param>
    /// <exception cref="ArgumentException">
    /// There are no objects, or one gives another number of values than the first, or a class that is not among <paramref name="classes"/>, or there are fewer than two classes.
    /// </exception>
    public static Dataset FromClasses<T>(
        IEnumerable<T> items, Func<T, float[]> inputs, Func<T, string> label,
        IReadOnlyList<string>? classes = null, IReadOnlyList<string>? inputNames = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(label);
        var inputRows = new RowList("inputs");
        var labels = new List<string>();
        foreach (T item in items)
        {
            inputRows.Add(inputs(item));
            labels.Add(label(item) ?? throw new ArgumentException($"The label of item {labels.Count} is null: every item needs a class.", nameof(label)));
        }

        Matrix rows = inputRows.ToMatrix();
        var index = new ClassIndex(classes ?? LabelOrder.Sort(labels));
        int[] numbers = new int[labels.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = index.Find(labels[i], $"item {i}");
        }

        return new Dataset(rows, OneHot.Encode(numbers, index.Names.Count), inputNames, classes: index.Names);
    }

    /// <summary>Loads images with their classes from two IDX files, the format of MNIST: <c>Dataset.FromIdx("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")</c>.</summary>
    /// <remarks>
    /// Pixels of one byte are divided by 255, so that they lie in [0, 1]; a row is an image line by line from the top. Files that end in <c>.gz</c>
    /// are unpacked on the way. Both files are checked before memory is asked for, and what is loaded takes no more than its floats.
    /// </remarks>
    /// <param name="imagesPath">The images.</param>
    /// <param name="labelsPath">The class of each image, as a number of 0 or more.</param>
    /// <param name="classes">The names of the classes by number; <c>"0"</c> to <c>"9"</c> by default.</param>
    /// <exception cref="InvalidDataException">A file is damaged, or is none of these, or the two do not belong together; the message says which file and byte.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Dataset FromIdx(string imagesPath, string labelsPath, IReadOnlyList<string>? classes = null)
    {
        using var rows = IdxRows.Open(imagesPath, labelsPath, classes ?? Digits, checkLength: true);
        var inputs = new Matrix(rows.CheckedRows(), rows.InputSize);
        var targets = new Matrix(inputs.Rows, rows.TargetSize);
        for (int row = 0; row < inputs.Rows; row++)
        {
            rows.Read(inputs.Row(row), targets.Row(row));
        }

        return new Dataset(inputs, targets, classes: rows.Classes);
    }
}
