namespace NeuralTrain.FitBenchmarks;

/// <summary>Data, a network and how it is trained: the same for every library.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Hidden">Units of the hidden layers, each with ReLU.</param>
/// <param name="Batch">Rows of a batch.</param>
/// <param name="Epochs">Epochs.</param>
/// <param name="Rate">The learning rate of Adam.</param>
/// <param name="Read">Reads the rows to train on and those to test on from the folder.</param>
internal sealed record FitTask(string Name, int[] Hidden, int Batch, int Epochs, double Rate, Func<string, (Dataset Train, Dataset Test)> Read)
{
    public static readonly FitTask[] All =
    [
        new("iris", [16], 16, 100, 0.01, folder => Csv(folder, "iris.csv", "4")),
        new("banknote", [16, 16], 32, 200, 0.001, folder => Csv(folder, "banknote_authentication.csv", "4", "4")),
        new("concrete", [64, 64], 32, 200, 0.001, folder => Csv(folder, "concrete.csv", "strength")),
        new("adult", [64, 64], 128, 10, 0.001, folder => Csv(folder, "adult-train.csv.gz", "14")),
        new("mnist", [100], 200, 10, 0.001, folder => (Idx(folder, "train"), Idx(folder, "t10k"))),
    ];

    /// <summary>Writes the data for all libraries: rows, rows to train on, inputs, targets, 1 for classes or 0 for numbers, then each row as float32.</summary>
    public void Write(string file, string folder)
    {
        (Dataset train, Dataset test) = Read(folder);
        // Pixels are between 0 and 1 already; columns of a table are standardized by the rows to train on.
        Standardization? scaling = Name == "mnist" ? null : Standardization.Fit(train);
        using var writer = new BinaryWriter(File.Create(file));
        foreach (int number in new[] { train.Inputs.Rows + test.Inputs.Rows, train.Inputs.Rows, train.InputSize, train.TargetSize, train.Classes.Count > 0 ? 1 : 0 })
        {
            writer.Write(number);
        }

        foreach (Dataset part in new[] { train, test })
        {
            Matrix inputs = scaling?.Apply(part.Inputs) ?? part.Inputs;
            for (int row = 0; row < inputs.Rows; row++)
            {
                foreach (float value in inputs.Row(row)) writer.Write(value);
                foreach (float value in part.Targets.Row(row)) writer.Write(value);
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote: the rows to train on, those to test on, and whether the targets are classes.</summary>
    public static (Dataset Train, Dataset Test, bool AreClasses) ReadBack(string file)
    {
        using var reader = new BinaryReader(File.OpenRead(file));
        int rows = reader.ReadInt32(), train = reader.ReadInt32();
        Matrix inputs = new(rows, reader.ReadInt32()), targets = new(rows, reader.ReadInt32());
        bool areClasses = reader.ReadInt32() > 0;
        for (int row = 0; row < rows; row++)
        {
            foreach (ref float value in inputs.Row(row)) value = reader.ReadSingle();
            foreach (ref float value in targets.Row(row)) value = reader.ReadSingle();
        }

        var data = new Dataset(inputs, targets);
        return (data[..train], data[train..], areClasses);
    }

    private static (Dataset Train, Dataset Test) Csv(string folder, string file, string target, params string[] text) =>
        Dataset.FromCsv(Path.Combine(folder, "tabular", file), target, new CsvOptions { Text = text }).Split(0.8, new Random(1));

    private static Dataset Idx(string folder, string part) =>
        Dataset.FromIdx(Path.Combine(folder, "mnist", $"{part}-images-idx3-ubyte.gz"), Path.Combine(folder, "mnist", $"{part}-labels-idx1-ubyte.gz"));
}
