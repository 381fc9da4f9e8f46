namespace NeuralTrain.Tests.Diagnostics;

/// <summary>What the checks say of real tables, word for word: each advice was followed and not followed, and the training compared.</summary>
/// <remarks>
/// Means of three seeds, a fifth of the rows held out, Adam with its defaults, 32 ReLU units; with and without the advice.
/// <code>
/// Adult        NT004, NT015, NT022: standardise      accuracy, 5 epochs       85.0 %  79.1 %
/// wine         NT004, NT015, NT022: standardise      accuracy, 40 epochs      98.1 %  76.9 %
/// iris         NT015: scale, by 8                    accuracy, 300 epochs     98.3 %  97.8 %   (20 seeds; standardised 95.0 %)
/// iris         NT015: smaller weights, NT022: LeakyReLU                       97.8 %, 97.7 %
/// wine quality NT004: standardise                    R², 300 epochs           0.37    0.32
/// concrete     NT004, NT022: standardise             R², 300 epochs           0.83    0.78
/// energy       NT004, NT022: standardise             R², 60 epochs            0.73    0.46
/// yacht        NT022: standardise                    R², 100 epochs           0.64    0.04
/// MNIST        NT003: leave empty columns out        accuracy, 5 epochs       92.8 %  92.4 %   (of 10,000 images)
/// </code>
/// </remarks>
public sealed class CheckRealDataTests
{
    private const string Standardise = "put Standardization first", StandardiseOrLeak = "put Standardization first, since the features differ in size, or use LeakyReLU", Scale = "scale the features, or use smaller initial weights";

    public static TheoryData<string, string, string[]> Tables => new()
    {
        { "adult-train.csv.gz", "14", [$"NT004 warning: column '2' has standard deviation 1?????; {Standardise}", $"NT015 warning: the first loss is *, that of guessing 0.693; {Scale}", $"NT022 warning: ?? of 32 units of layer '1', ReLU, are 0 for all 256 rows looked at and cannot learn; {StandardiseOrLeak}"] },
        { "iris.csv", "4", [$"NT015 warning: the first loss is *, that of guessing 1.099; {Scale}", "NT022 warning: ?? of 32 units of layer '1', ReLU, are 0 for all 150 rows looked at and cannot learn; use LeakyReLU, or check the biases before it"] },
        { "wine.csv", "13", [$"NT004 warning: column '12' has standard deviation 314; {Standardise}", $"NT015 warning: the first loss is *, that of guessing 1.099; {Scale}", $"NT022 warning: ?? of 32 units*; {StandardiseOrLeak}"] },
        { "banknote_authentication.csv", "4", [] },
        { "sonar.csv", "60", [] },
        { "winequality-red.csv", "11", [$"NT004 warning: column '6' has standard deviation 32.9; {Standardise}"] },
        { "concrete.csv", "strength", [$"NT004 warning: column 'cement' has standard deviation 104; {Standardise}", $"NT022 warning: ?? of 32 units*; {StandardiseOrLeak}"] },
        { "energy.csv", "Y1,Y2", [$"NT004 warning: column 'X2' has standard deviation 88; {Standardise}", $"NT022 warning: ?? of 32 units*; {StandardiseOrLeak}"] },
        { "yacht.csv", "6", [$"NT022 warning: ?? of 32 units*; {StandardiseOrLeak}"] },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void Of_each_table_they_give_advice_that_helps_and_none_where_it_was_followed(string file, string target, string[] expected)
    {
        Table table = Table.FromCsv(RealData.Table(file));
        TableSchema schema = table.InferSchema(target.Split(','));
        if (file.StartsWith("wine.", StringComparison.Ordinal)) schema[target].AsCategory();
        schema.Scaling = NumberScaling.None;
        Dataset data = schema.Encode(table);
        bool isClassification = schema.Classes.Count > 0;
        Loss loss = !isClassification ? new MeanSquaredError() : data.TargetSize == 1 ? new BinaryCrossEntropy() : new SoftmaxCrossEntropy();
        string[] found = Check(data, loss, Plain(data));
        found.Should().HaveCount(expected.Length, "these were found: {0}", string.Join('\n', found));
        foreach ((string finding, string text) in found.Zip(expected)) finding.Should().Match(text);
        Check(data, loss, [Standardization.Fit(data.Inputs), .. Plain(data)]).Should().BeEmpty();
    }

    [Fact]
    public void Of_MNIST_they_say_only_that_some_pixels_are_never_used()
    {
        Dataset data = Dataset.FromIdx(RealData.Mnist("train-images-idx3-ubyte.gz"), RealData.Mnist("train-labels-idx1-ubyte.gz"));
        const string Empty = "NT003 hint: column 0 is 0 in all 60000 rows looked at, and 66 more of 784 columns never change either; a constant column carries no information: leave it out, unless it belongs to the border of an image";
        Check(data, new SoftmaxCrossEntropy(), Plain(data)).Should().Equal(Empty);
        foreach (ref float pixel in data.Inputs.Span) pixel *= 255;
        Check(data, new SoftmaxCrossEntropy(), Plain(data))[0].Should().Match("NT004 warning: column * has standard deviation 1*; divide all columns by 255: most of them reach from 0 to 255, so they have one unit");
    }

    private static Layer[] Plain(Dataset data) => [new Linear(data.InputSize, 32, new Random(1)), new ReLU(), new Linear(32, data.TargetSize, new Random(2))];

    private static string[] Check(Dataset data, Loss loss, Layer[] layers)
    {
        var network = new Sequential(layers);
        return [.. network.Check(data, loss, new Adam(network)).Select(finding => finding.ToString())];
    }
}
