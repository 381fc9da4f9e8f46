using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Diagnostics;

/// <summary>The checker: a case that provokes each finding, and healthy networks that give none.</summary>
public sealed class CheckTests
{
    public static TheoryData<string> Codes => [.. Ill.Keys];

    // For the table of docs/checks.md.
    internal static IEnumerable<(string Code, FindingSeverity Severity)> Kinds => Ill.Keys.Select(code => (code, Checker.Found(code, "", $"", "").Severity));

    public static TheoryData<string> Wholesome => [.. Healthy.Keys];

    // Code, case, and a pattern for the message.
    private static readonly Dictionary<string, (Func<CheckReport> Check, string Text)> Ill = new()
    {
        ["NT001"] = (() => Check(Change(Classes(), data => data.Inputs[70, 2] = float.NaN)), "NT001 error: column 'c' is NaN in row 70; *"),
        ["NT002"] = (() => Check(Change(Values(), data => data.Targets[70, 0] = float.NegativeInfinity), Regression(), new MeanSquaredError()), "NT002 error: target 'price' is -* in row 70; *"),
        ["NT003"] = (() => Check(Change(Classes(), data => Fill(data.Inputs, 1, _ => 7))), "NT003 hint: column 'b' is 7 in all 100 rows looked at; *"),
        ["NT004"] = (() => Check(Change(Classes(), data => Fill(data.Inputs, 3, x => 315 * x))), "NT004 warning: column 'd' has standard deviation 3??; put Standardization first"),
        ["NT005"] = (() => Check(Classes(), Classifier(inputs: 5)), "NT005 error: the data have 4 features, but the network takes 5; *"),
        ["NT006"] = (() => Check(Classes(), Classifier(outputs: 4)), "NT006 error: the network gives 4 columns, but the targets have 3, one for each class (x, y, z); make the last layer give 3"),
        ["NT007"] = (() => Check(Classes(), Classifier(end: new Softmax())), "NT007 error: *takes raw scores, but the network ends in Softmax*result wrong. Remove the layer from the network*; change the last layers, or use another loss"),
        ["NT008"] = (() => Check(Values(), Regression(end: new Sigmoid()), new MeanSquaredError()), "NT008 error: target 'price' lies between -* and *, but the network ends in Sigmoid, which gives 0 to 1; *"),
        ["NT009"] = (() => Check(Classes(), Classifier(end: new ReLU())), "NT009 warning: the network ends in ReLU, but SoftmaxCrossEntropy takes raw scores*"),
        ["NT010"] = (() => Check(Change(Classes(), data => Fill(data.Targets, 1, _ => 2))), "NT010 error: *a probability in ?0, 1], received 2 in row 0, column 1. *OneHot.Encode*; correct the targets, or use a loss that takes them"),
        ["NT011"] = (() => Check(Relabelled(label => label == 1 ? 0 : label)), "NT011 warning: none of the 100 rows looked at has class 'y'; *"),
        ["NT012"] = (() => Check(Relabelled((label, row) => row < 4 ? 1 : label == 1 ? 0 : label)), "NT012 warning: class 'y' has 4 of the 100 rows looked at, class '?' has ??: always guessing the latter is right ?? % of the time; *"),
        ["NT013"] = (() => Check(Change(Values(), data => Fill(data.Targets, 0, _ => 3)), Regression(), new MeanSquaredError()), "NT013 warning: target 'price' is 3 in all 100 rows looked at; *"),
        ["NT014"] = (() => Check(Change(Values(), data => Fill(data.Targets, 0, y => 20000 + (5000 * y))), Regression(), new MeanSquaredError()), "NT014 warning: target 'price' is about 20?00 in size, the network's first outputs about *"),
        ["NT015"] = (() => Check(Classes(), Classifier(initializer: new Normal(3))), "NT015 warning: the first loss is *, that of guessing 1.099; *"),
        ["NT016"] = (() => Check(Classes(), Knowing()), "NT016 hint: the first loss is 0.*, that of guessing 1.099; *"),
        ["NT017"] = (() => Check(Classes(), Normalized(), batchSize: 1), "NT017 error: BatchNorm(8) gets training batches of 1 row, whose variance is 0; *"),
        ["NT018"] = (() => Check(Classes(), Normalized(), batchSize: 4), "NT018 warning: BatchNorm(8) gets training batches of 4 rows, *"),
        ["NT019"] = (() => Check(Classes(), Classifier(activation: new SELU(), initializer: new HeNormal())), "NT019 warning: the weights of layer '0', Linear(4 → 16), before SELU come from HeNormal; *"),
        ["NT020"] = (() => Check(Classes(), Classifier(activation: new SELU(), behind: new Dropout(0.1, new Random(1)))), "NT020 warning: layer '2', Dropout(0.1), sets values after SELU to 0, *; use AlphaDropout"),
        ["NT021"] = (() => Check(Classes(), Classifier(activation: new Sigmoid(), initializer: new Zeros())), "NT021 error: all 16 units of '0.weight' start at 0 and have the same gradient, *"),
        ["NT022"] = (() => Check(Classes(), Classifier(bias: new Constant(-20))), "NT022 warning: 16 of 16 units of layer '1', ReLU, are 0 for all 100 rows looked at and cannot learn; *"),
        ["NT023"] = (() => Check(Classes(), Classifier(activation: new Tanh(), initializer: new Normal(5))), "NT023 warning: ?? % of the values of layer '1', Tanh, are at the ends of its range, *"),
        ["NT024"] = (() => Check(Classes(), Classifier(bias: new Constant(-20))), "NT024 warning: the gradient of '0.weight' and 1 more is 0 in all 100 rows of the first pass; *"),
        ["NT025"] = (() => Check(Classes(), Classifier(initializer: new Normal(3e38))), "NT025 error: layer '*', *, gives values that are not finite for data that are; *"),
        ["NT026"] = (() => CheckWith(network => new SGD(network, 100)), "NT026 warning: the first step with the rate 100 changes '*.weight' by * of its size; *"),
        ["NT027"] = (() => CheckWith(network => new SGD(network, 1e-8)), "NT027 warning: the first step with the rate 1e-08 changes '*.weight' by * of its size; *"),
        ["NT028"] = (() => Check(Classes(), Frozen()), "NT028 error: the network has no parameter that learns; *"),
        ["NT029"] = (() => Check(Classes(), Classifier(behind: new Centering())), "NT029 error: Infer of layer '2', Centering, gives * for row 0 alone, but * among * rows; compute each output row of Infer from its input row alone"),
    };

    private static readonly Dictionary<string, Func<CheckReport>> Healthy = new()
    {
        ["a classifier with ReLU"] = () => Check(Classes(), Classifier(), optimizer: network => new Adam(network)),
        ["the same with SGD"] = () => Check(Classes(), Classifier(), optimizer: network => new SGD(network)),
        ["the same without an optimizer"] = () => Check(Classes(), Classifier()),
        ["a classifier with SELU and AlphaDropout"] = () => Check(
            Classes(), Classifier(activation: new SELU(), behind: new AlphaDropout(0.1, new Random(1))), optimizer: network => new Adam(network)),
        ["a classifier with BatchNorm in batches of 32"] = () => Check(Classes(), Normalized(), optimizer: network => new Momentum(network)),
        ["features out of scale behind a BatchNorm"] = () => Check(
            Change(Classes(), data => Fill(data.Inputs, 3, x => 1000 + (315 * x))),
            new Sequential([new BatchNorm(4), .. Classifier().Children.Select(layer => layer.Clone())]), optimizer: network => new Adam(network)),
        ["features out of scale behind a Standardization"] = () => Check(OutOfScale(), new Sequential([Standardization.Fit(OutOfScale()), .. Classifier().Children.Select(layer => layer.Clone())])),
        ["targets out of scale before an inverse Standardization"] = () => Check(LargeValues(), Denormalized(), new MeanSquaredError(), network => new Adam(network)),
        ["a tanh network of six layers"] = () => Check(Classes(), Deep(), optimizer: network => new Adam(network)),
        ["a regression"] = () => Check(Values(), Regression(), new MeanSquaredError(), network => new Adam(network)),
        ["a regression with a sigmoid at the end and targets in its range"] = () => Check(
            Change(Values(), data => Fill(data.Targets, 0, y => 1 / (1 + MathF.Exp(-y)))), Regression(end: new Sigmoid()), new MeanSquaredError(), network => new Adam(network)),
        ["a yes-or-no decision"] = () => Check(Decisions(), Regression(), new BinaryCrossEntropy(), network => new Adam(network)),
        ["a margin"] = () => Check(Decisions(), Regression(), new Hinge(), network => new Adam(network)),
        ["a class that is rare, but weighed"] = () => Check(
            Relabelled((label, row) => row < 4 ? 1 : label == 1 ? 0 : label), Classifier(), new SoftmaxCrossEntropy([1, 20, 1]), network => new Adam(network)),
        ["the lecture's network on XOR"] = () => Check(Xor(), XorNetwork(), new SumOfSquares(), network => new SGD(network, 1)),
        ["a residual block that starts at 0"] = () => Check(Classes(), ZeroResidual(), optimizer: network => new Adam(network)),
        ["pixels near the border, nearly always 0"] = () => Check(
            Change(Images(), data => { Fill(data.Inputs, 0, _ => 0); data.Inputs[17, 0] = 1 / 255f; }), Imager(), optimizer: network => new Adam(network)),
        ["a wide network of images"] = () => Check(Images(), Imager(), optimizer: network => new Adam(network)),
    };

    [Theory]
    [MemberData(nameof(Codes))]
    [Trait("Lecture", "L7.2")]
    public void Each_finding_has_a_case_that_provokes_it(string code)
    {
        CheckReport findings = Ill[code].Check();
        findings.Should().Contain(finding => finding.Code == code, "all that was found is: {0}", findings);
        findings.First(finding => finding.Code == code).ToString().Should().Match(Ill[code].Text);
        findings.Select(finding => finding.Severity).Should().BeInDescendingOrder();
    }

    [Theory]
    [MemberData(nameof(Wholesome))]
    [Trait("Lecture", "L7.2")]
    public void A_healthy_network_gives_no_finding(string network)
    {
        CheckReport findings = Healthy[network]();
        findings.ToString().Should().Be("Nothing was found.");
        findings.HasErrors.Should().BeFalse();
    }

    // Outputs are about 100 in size: targets below 0.1 are too small for them, those from there on are left to the training.
    [Theory]
    [InlineData(0.01f, true)]
    [InlineData(0.5f, false)]
    [Trait("Lecture", "L7.2")]
    public void Targets_much_smaller_than_the_outputs_are_found_where_they_are_small_in_themselves(float size, bool found)
    {
        Sequential network = Regression();
        foreach (ref float weight in ((Linear)network.Children[2]).Weight.Value.Span) weight *= 300;
        CheckReport findings = Check(Change(Values(), data => Fill(data.Targets, 0, y => size * MathF.Sign(y))), network, new MeanSquaredError());
        findings.Any(finding => finding.Code == "NT014").Should().Be(found, "all that was found is: {0}", findings);
    }

    [Fact]
    [Trait("Lecture", "L7.2")]
    public void The_live_network_and_its_optimizer_are_left_alone_to_the_bit()
    {
        (Sequential network, Optimizer optimizer) = LiveStateTests.InTraining();
        IReadOnlyList<string> before = LiveState.Of(network, optimizer);
        network.Check(Classes(), new SoftmaxCrossEntropy(), optimizer);
        network.OverfitOneBatch(Classes(), new SoftmaxCrossEntropy(), optimizer, maximumSteps: 20);
        network.OverfitOneBatch(Classes(), new SoftmaxCrossEntropy(), maximumSteps: 20);
        LiveState.Of(network, optimizer).Should().Equal(before);
    }

    [Fact]
    public void A_batch_that_waits_for_its_backward_pass_is_left_alone()
    {
        Sequential network = Classifier();
        Dataset data = Classes();
        Matrix output = network.Forward(data.Inputs);
        float[] before = output.Span.ToArray();
        network.Check(data, new SoftmaxCrossEntropy());
        output.Span.ToArray().Should().Equal(before);
        network.Invoking(n => n.Backward(new Matrix(output.Rows, output.Columns))).Should().NotThrow();
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(100, 99)]
    [InlineData(20_003, 20_002)]
    public void All_of_a_data_set_is_searched_for_what_is_not_finite(int rows, int row)
    {
        Dataset data = Classes(rows);
        data.Inputs[row, 0] = float.NaN;
        Check(data).Select(finding => finding.ToString()).Should().Contain(text => text.StartsWith("NT001", StringComparison.Ordinal) && text.Contains($"in row {row};"));
    }

    [Fact]
    public void A_class_or_a_second_value_of_one_row_among_many_is_seen()
    {
        Dataset data = Classes(30_003);
        Fill(data.Inputs, 1, _ => 0);
        int last = 30_001;
        data.Inputs[last, 1] = 1;
        for (int row = 0; row < 30_003; row++)
        {
            Span<float> target = data.Targets.Row(row);
            if (target[1] == 1) (target[0], target[1]) = (1, 0);
        }

        data.Targets.Row(last).Clear();
        data.Targets[last, 1] = 1;
        string[] found = [.. Check(data).Select(finding => finding.ToString())];
        found.Should().NotContain(text => text.Contains("NT003", StringComparison.Ordinal) || text.Contains("NT011", StringComparison.Ordinal));
        found.Should().ContainSingle(text => text.StartsWith("NT012 warning: class 'y' has 1 of the 30003 rows looked at", StringComparison.Ordinal));
        data.Inputs[last, 1] = 0;
        Check(data).Should().ContainSingle(finding => finding.Code == "NT003").Which.Message.Should().Be("column 'b' is 0 in all 30003 rows looked at");
    }

    [Fact]
    public void The_columns_and_targets_of_a_stream_are_called_by_their_names()
    {
        StreamedData Stream(Func<int, float[]> targets, string[]? targetNames = null, string[]? classes = null) =>
            StreamedData.From(() => Enumerable.Range(0, 100), i => [i % 7 / 3f, 7], targets, classes, inputNames: ["a", "b"], targetNames: targetNames);
        Messages(Network(2).Check(Stream(i => i == 0 ? [0, 1] : [1, 0], classes: ["x", "y"]), new SoftmaxCrossEntropy()))
            .Should().Contain("column 'b' is 7 in all 100 rows looked at").And.ContainMatch("class 'y' has 1 of the 100 rows*");
        Messages(Network(2).Check(Stream(i => [5, i], ["z", "w"]), new MeanSquaredError())).Should().Contain("target 'z' is 5 in all 100 rows looked at");

        static Sequential Network(int outputs) => new(new Linear(2, outputs, new Random(1)));
        static string[] Messages(CheckReport found) => [.. found.Select(finding => finding.Message)];
    }

    [Fact]
    public void Outputs_that_are_not_as_many_as_targets_without_classes_are_counted_without_naming_any() =>
        Check(Values(), Classifier(), new MeanSquaredError()).Should().ContainSingle(finding => finding.Code == "NT006").Which.Message.Should().Be("the network gives 3 columns, but the targets have 1");

    [Fact]
    public void Where_the_loss_is_0_gradients_of_0_are_right()
    {
        var network = new Sequential(new Linear(1, 1, new Random(1), weightInitializer: new Constant(1)));
        Matrix rows = new([.. Enumerable.Range(0, 50).Select(i => (float)Math.Sin(i))], 50, 1);
        Check(new Dataset(rows, rows), network, new MeanSquaredError()).Should().NotContain(finding => finding.Code == "NT024");
    }

    [Fact]
    public void Two_columns_of_one_range_have_one_unit_and_one_column_has_none_in_common()
    {
        foreach (int columns in new[] { 1, 2 })
        {
            var inputs = new Matrix([.. Enumerable.Range(0, 100 * columns).Select(i => (float)(i / columns % 26 * 10))], 100, columns);
            Check(new Dataset(inputs, new Matrix(100, 1)), new Sequential(new Linear(columns, 1, new Random(1))), new MeanSquaredError())
                .Single(finding => finding.Code == "NT004").Remedy.Should().StartWith(columns == 2 ? "divide all columns by 250: " : "put Standardization first");
        }
    }

    [Fact]
    public void A_stream_is_judged_by_its_first_rows()
    {
        Dataset data = Change(Classes(), set => Fill(set.Inputs, 3, x => 315 * x));
        var stream = new EndlessSource(data);
        CheckReport findings = Classifier().Check(stream, new SoftmaxCrossEntropy());
        findings.Should().ContainSingle(finding => finding.Code == "NT004").Which.Message.Should().StartWith("column 3 has standard deviation 3");
        stream.RowsRead.Should().BeInRange(10_000, 10_300);
    }

    [Fact]
    public void A_stream_without_rows_is_refused() => FluentActions.Invoking(() => Classifier().Check(new EndlessSource(null), new SoftmaxCrossEntropy()))
        .Should().Throw<ArgumentException>().WithMessage("There are no rows in the data. Look at*");

    [Fact]
    public void A_data_set_sorted_by_class_has_all_its_classes()
    {
        Dataset data = Classes(30_000);
        int[] order = [.. Enumerable.Range(0, 30_000).OrderBy(row => data.Targets.Row(row).IndexOf(1))];
        var sorted = new Matrix(30_000, 4);
        var targets = new Matrix(30_000, 3);
        for (int i = 0; i < order.Length; i++)
        {
            data.Inputs.Row(order[i]).CopyTo(sorted.Row(i));
            data.Targets.Row(order[i]).CopyTo(targets.Row(i));
        }

        Check(new Dataset(sorted, targets)).ToString().Should().Be("Nothing was found.");
    }

    [Fact]
    public void A_feature_in_too_large_a_unit_is_found_by_its_small_values() => Check(Change(Classes(), data =>
    {
        // Beside one whose mean is 10, the largest that is allowed.
        int row = 0;
        Fill(data.Inputs, 0, _ => row++ % 2 == 0 ? 9 : 11);
        Fill(data.Inputs, 3, x => 1e-4f * x);
    })).Single(finding => finding.Code == "NT004").ToString().Should().Match("NT004 warning: column 'd' has standard deviation 0.0001*; put Standardization first");

    [Fact]
    public void Two_columns_of_targets_are_classes_already()
    {
        Matrix inputs = Classes().Inputs;
        Check(new Dataset(inputs, OneHot.Encode(new int[inputs.Rows], 2)), Classifier(outputs: 2)).Should().Contain(finding => finding.Code == "NT011")
            .Which.Message.Should().EndWith("has class 1");
    }

    [Fact]
    public void A_column_is_constant_from_two_equal_rows_on()
    {
        CheckReport Report(int rows) => Check(Change(Classes(rows), data => Fill(data.Inputs, 1, _ => 7)));
        Report(2).Should().Contain(finding => finding.Code == "NT003");
        Report(1).Should().NotContain(finding => finding.Code == "NT003");
    }

    [Fact]
    public void Features_of_one_unit_are_divided_by_a_common_number()
    {
        Dataset images = Images();
        for (int i = 0; i < images.Inputs.Span.Length; i++)
        {
            images.Inputs.Span[i] = i < images.InputSize ? 255 : MathF.Round(255 * images.Inputs.Span[i]);
        }

        Check(images, Imager()).Single(finding => finding.Code == "NT004").Remedy.Should().StartWith("divide all columns by 255: ");
    }

    [Fact]
    public void A_finding_says_where_it_is()
    {
        Finding finding = Ill["NT022"].Check().Single(found => found.Code == "NT022");
        finding.Place.Should().Be("1");
        finding.Severity.Should().Be(FindingSeverity.Warning);
    }

    [Fact]
    public void Only_some_rows_of_large_data_are_looked_at()
    {
        DataSample.Of(Classes(30_000)).Inputs.Rows.Should().Be(DataSample.MostRows);
        DataSample.Of(new Dataset(new Matrix(1000, 20_000), new Matrix(1000, 2))).Inputs.Rows.Should().Be(DataSample.MostValues / 20_002);
    }

    private static CheckReport Check(
        Dataset data, Sequential? network = null, Loss? loss = null, Func<Sequential, Optimizer>? optimizer = null, int batchSize = 32)
    {
        network ??= Classifier();
        return network.Check(data, loss ?? new SoftmaxCrossEntropy(), optimizer?.Invoke(network), batchSize);
    }

    private static CheckReport CheckWith(Func<Sequential, Optimizer> optimizer) => Check(Classes(), optimizer: optimizer);

    private static Dataset Classes(int rows = 100) => LiveStateTests.Data(rows);

    private static Dataset Values()
    {
        Dataset classes = Classes();
        var targets = new Matrix(100, 1);
        for (int row = 0; row < 100; row++)
        {
            targets[row, 0] = (classes.Inputs[row, 0] - classes.Inputs[row, 1] + (classes.Inputs[row, 2] * classes.Inputs[row, 3])) / 2;
        }

        return new Dataset(classes.Inputs, targets, ["a", "b", "c", "d"], ["price"]);
    }

    private static Dataset OutOfScale() => Change(Classes(), data => Fill(data.Inputs, 3, x => 1000 + (315 * x)));

    private static Dataset LargeValues() => Change(Values(), data => Fill(data.Targets, 0, y => 20000 + (5000 * y)));

    private static Sequential Denormalized() => new([.. Regression().Children.Select(layer => layer.Clone()), Standardization.Fit(LargeValues().Targets).Inverse()]);

    private static Dataset Decisions() => Change(Values(), data => Fill(data.Targets, 0, y => y > 0 ? 1 : 0));

    private static Dataset Relabelled(Func<int, int> label) => Relabelled((old, _) => label(old));

    private static Dataset Relabelled(Func<int, int, int> label) => Change(Classes(), data =>
    {
        for (int row = 0; row < data.Targets.Rows; row++)
        {
            int now = label(data.Targets.Row(row).IndexOf(1), row);
            data.Targets.Row(row).Clear();
            data.Targets[row, now] = 1;
        }
    });

    private static Dataset Xor() => new(
        new float[,] { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } }, new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });

    // Pixels in [0, 1], most of them 0 in most images, none in all.
    private static Dataset Images()
    {
        var random = new Random(2);
        var inputs = new Matrix(500, 400);
        var labels = new int[500];
        for (int row = 0; row < 500; row++)
        {
            labels[row] = row % 10;
            for (int i = 0; i < 400; i++)
            {
                inputs[row, i] = (i / 40 == labels[row] || random.Next(4) == 0) ? random.NextSingle() : 0;
            }
        }

        return new Dataset(inputs, OneHot.Encode(labels, 10));
    }

    private static Dataset Change(Dataset data, Action<Dataset> change)
    {
        change(data);
        return data;
    }

    private static void Fill(Matrix matrix, int column, Func<float, float> value)
    {
        for (int row = 0; row < matrix.Rows; row++)
        {
            matrix[row, column] = value(matrix[row, column]);
        }
    }

    private static Sequential Classifier(
        int inputs = 4, int outputs = 3, Layer? activation = null, Layer? behind = null, Layer? end = null, Initializer? initializer = null, Initializer? bias = null)
    {
        var random = new Random(1);
        return new Sequential(
            new Linear(inputs, 16, random, weightInitializer: initializer, biasInitializer: bias), activation ?? new ReLU(), behind ?? new Identity(),
            new Linear(16, outputs, random, weightInitializer: initializer), end ?? new Identity());
    }

    private static Sequential Regression(Layer? end = null)
    {
        var random = new Random(1);
        return new Sequential(new Linear(4, 16, random), new Tanh(), new Linear(16, 1, random), end ?? new Identity());
    }

    private static Sequential Normalized()
    {
        var random = new Random(1);
        return new Sequential(new Linear(4, 8, random), new BatchNorm(8), new ReLU(), new Linear(8, 3, random));
    }

    private static Sequential Deep()
    {
        var random = new Random(1);
        return new Sequential(
            new Linear(4, 20, random), new Tanh(), new Linear(20, 20, random), new Tanh(), new Sequential(new Linear(20, 20, random), new Tanh()),
            new Residual(new Linear(20, 20, random), new Tanh()), new Concatenate(new Linear(20, 10, random), new Identity()), new Linear(30, 3, random));
    }

    private static Sequential Imager()
    {
        var random = new Random(1);
        return new Sequential(new Linear(400, 256, random), new ReLU(), new Linear(256, 128, random), new ReLU(), new Linear(128, 10, random));
    }

    private static Sequential ZeroResidual()
    {
        var random = new Random(1);
        return new Sequential(
            new Linear(4, 16, random), new Residual(new Linear(16, 16, random), new ReLU(), new Linear(16, 16, random, weightInitializer: new Zeros())),
            new Linear(16, 3, random));
    }

    private static Sequential XorNetwork()
    {
        var random = new Random(1);
        return new Sequential(new Linear(3, 4, random, bias: false), new Sigmoid(), new Linear(4, 1, random, bias: false), new Sigmoid());
    }

    // The class is the largest of the first three features: ten times them are good scores.
    private static Sequential Knowing()
    {
        var linear = new Linear(4, 3, new Random(1), weightInitializer: new Zeros());
        for (int i = 0; i < 3; i++)
        {
            linear.Weight.Value[i, i] = 20;
        }

        return new Sequential(linear);
    }

    private static Sequential Frozen()
    {
        Sequential network = Classifier();
        network.Freeze();
        return network;
    }
}
