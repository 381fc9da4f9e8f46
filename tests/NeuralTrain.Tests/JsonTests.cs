using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralTrain.Tests;

/// <summary>Results as JSON, with the options of ASP.NET: written and read back.</summary>
public sealed class JsonTests
{
    private static readonly JsonSerializerOptions Web = JsonSerializerOptions.Web;

    // What works rather than tells: nobody returns it from an endpoint, and files are made for it.
    private static readonly Type[] Parts =
    [
        typeof(Layer), typeof(Loss), typeof(Optimizer), typeof(Schedule), typeof(Metric), typeof(Initializer), typeof(BatchSource), typeof(BatchReader), typeof(Augmentation),
        typeof(Parameter), typeof(Trainer), typeof(TrainingObserver), typeof(Predictor), typeof(PredictorSlot), typeof(SavedModel), typeof(Exception),
        typeof(Trial), typeof(Study), typeof(StudyMachine), typeof(Sampler), typeof(Pruner), typeof(ICheckpointStore), typeof(ITrialHost), typeof(TrialOutcome), typeof(CsvOptions), typeof(Table), typeof(TableColumn), typeof(TableSchema), typeof(ColumnSchema), typeof(TableFitOptions), typeof(TableModel), typeof(TablePredictor), typeof(ConsoleProgress), typeof(TrainingStep),
    ];

    [Fact]
    public void Everything_that_tells_a_result_can_be_given_to_the_serializer()
    {
        Type[] results = [.. ResultTypes()];
        results.Should().Contain([
            typeof(Matrix), typeof(History), typeof(Evaluation), typeof(Epoch), typeof(Classification), typeof(MonteCarloPrediction), typeof(ConfusionMatrix), typeof(CheckReport),
            typeof(Finding), typeof(LearningRateCurve), typeof(OverfitResult), typeof(NetworkSummary), typeof(ActivationStatistics), typeof(GradientCheckResult), typeof(TrialResult), typeof(ParameterImportance), typeof(TrainingProgress), typeof(NonFinite),
        ]);
        var broken = new List<string>();
        foreach (Type type in results)
        {
            try
            {
                CheckProperties(type, []);
            }
            catch (Exception error) when (error is InvalidOperationException or NotSupportedException)
            {
                broken.Add($"{type.Name}: {error.Message}");
            }
        }

        broken.Should().BeEmpty();
    }

    [Fact]
    public void Every_result_that_has_numbers_that_may_be_NaN_is_written()
    {
        foreach (object result in Results())
        {
            result.Invoking(r => JsonSerializer.Serialize(r, r.GetType(), Web)).Should().NotThrow($"{result.GetType().Name} is a result");
        }
    }

    [Theory]
    [InlineData("[[1,2.5],[-3,0.1]]")]
    [InlineData("""[["NaN","Infinity"],["-Infinity",3.4028235E+38]]""")]
    [InlineData("[[],[]]")]
    [InlineData("[]")]
    public void A_matrix_is_an_array_of_rows(string json)
    {
        Matrix matrix = JsonSerializer.Deserialize<Matrix>(json, Web);
        JsonSerializer.Serialize(matrix, Web).Should().Be(json);
    }

    [Fact]
    public void A_matrix_comes_back_with_the_same_bits()
    {
        var matrix = new Matrix(50, 7);
        var random = new Random(1);
        foreach (ref float value in matrix.Span) value = BitConverter.Int32BitsToSingle(random.Next() & 0x7F7FFFFF);
        Back(matrix).Span.SequenceEqual(matrix.Span).Should().BeTrue();
    }

    [Theory]
    [InlineData("[[1,2],[3]]", "2 numbers in row 1")]
    [InlineData("[[1],[2,3]]", "1 numbers in row 1")]
    [InlineData("[1,2]", "an array of numbers as row 0")]
    [InlineData("""[["1"]]""", "numbers of 32 bits")]
    [InlineData("[[1e40]]", "numbers of 32 bits")]
    [InlineData("[[null]]", "numbers of 32 bits")]
    [InlineData("{}", "an array of rows")]
    [InlineData("null", "an array of rows")]
    [InlineData("[[1]", "")]
    public void A_matrix_that_is_none_is_refused_with_what_is_expected(string json, string expected) =>
        json.Invoking(text => JsonSerializer.Deserialize<Matrix>(text, Web)).Should().Throw<JsonException>().WithMessage($"*{expected}*");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_history_comes_back_whole_of_a_regression_too(bool validation)
    {
        History history = Train(validation);
        History read = Back(history);
        read.ToString().Should().Be(history.ToString());
        read.Best!.Number.Should().Be(history.Best!.Number).And.Be(history.BestEpoch);
        read.Epochs.Select(epoch => epoch.Training.Loss).Should().Equal(history.Epochs.Select(epoch => epoch.Training.Loss));
        read.Epochs.Select(epoch => epoch.Validation?.Loss).Should().Equal(history.Epochs.Select(epoch => epoch.Validation?.Loss));
        JsonSerializer.Serialize(read, Web).Should().Be(JsonSerializer.Serialize(history, Web));
        JsonSerializer.Serialize(history, Web).Should().Contain("\"stopReason\":\"EpochsDone\"");
    }

    [Fact]
    public void A_history_without_a_best_epoch_comes_back_without_one()
    {
        var history = new History([], null, StopReason.Cancelled, TimeSpan.FromSeconds(1), [], [new RecoveryNote("a gradient is NaN", 1, 2, 0.1)]);
        History read = Back(history);
        read.BestEpoch.Should().BeNull();
        read.Recoveries.Should().ContainSingle().Which.ToString().Should().Be(history.Recoveries[0].ToString());
        new Action(() => _ = new History([], 1, StopReason.None, default, [], [])).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*one of the 0 epochs*");
    }

    [Fact]
    public void An_evaluation_comes_back_with_its_metrics_NaN_included()
    {
        Evaluation read = Back(new Evaluation(double.NaN, [new MetricValue("accuracy", 0.5, isRatio: true), new MetricValue("MAE", double.PositiveInfinity, isRatio: false)]));
        (read.Loss, read["MAE"], read.Accuracy).Should().Be((double.NaN, double.PositiveInfinity, 0.5));
        read.ToString().Should().Be("loss NaN, accuracy 50.0 %, MAE Infinity");
    }

    [Fact]
    public void A_classification_comes_back() => Back(new Classification("barolo", 0.97f, 1)).Should().Be(new Classification("barolo", 0.97f, 1));

    [Fact]
    public void A_prediction_with_spread_comes_back()
    {
        MonteCarloPrediction read = Back(new MonteCarloPrediction(new float[,] { { 1, 2 } }, new float[,] { { 0.5f, float.NaN } }, 100));
        (read.Mean[0, 1], read.StandardDeviation[0, 0], read.Passes).Should().Be((2, 0.5f, 100));
    }

    [Fact]
    public void A_confusion_matrix_comes_back_with_its_counts()
    {
        var matrix = new ConfusionMatrix(["no", "yes"], [[3, 1], [0, 4]]);
        ConfusionMatrix read = Back(matrix);
        (read[0, 1], read.Total, read.Accuracy).Should().Be((1, 8, 0.875));
        read.ToString().Should().Be(matrix.ToString());
        new Action(() => _ = new ConfusionMatrix(["no", "yes"], [[1, 2]])).Should().Throw<ArgumentException>().WithMessage("*2 rows of 2*");
    }

    [Fact]
    public void A_report_is_an_array_of_findings()
    {
        CheckReport report = Network().Check(new Dataset(new float[,] { { 1e6f, 1 }, { 2e6f, 2 }, { 9e6f, 1 } }, new Matrix(3, 1)), new MeanSquaredError());
        report.Should().NotBeEmpty();
        Back(report).ToString().Should().Be(report.ToString());
        JsonSerializer.Serialize(report, Web).Should().StartWith("[{\"code\":\"NT");
        "[null]".Invoking(text => JsonSerializer.Deserialize<CheckReport>(text, Web)).Should().Throw<JsonException>();
    }

    private static T Back<T>(T value) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, Web), Web)!;

    private static Sequential Network() => new(new Linear(2, 3, new Random(1)), new Tanh(), new Linear(3, 1, new Random(2)));

    private static Dataset Rows() => new(new float[,] { { 1, 2 }, { 3, 5 }, { -1, 0 }, { 4, 4 } }, new float[,] { { 1 }, { 2 }, { 0 }, { 3 } });

    private static History Train(bool validation)
    {
        Sequential network = Network();
        var trainer = new Trainer(network, new MeanSquaredError(), new SGD(network, 0.01));
        return validation ? trainer.Fit(Rows(), Rows(), epochs: 3) : trainer.Fit(Rows(), epochs: 3);
    }

    private static IEnumerable<object> Results()
    {
        Sequential network = Network();
        Dataset rows = Rows();
        var loss = new MeanSquaredError();
        History history = Train(validation: true);
        yield return history;
        yield return new Trainer(network, loss, new SGD(network, 0.01)).History;
        yield return new Epoch(1, new Evaluation(double.NaN), learningRate: double.NaN, samplesPerSecond: double.PositiveInfinity);
        yield return network.Summary();
        yield return network.OverfitOneBatch(rows, loss);
        yield return network.Check(rows, loss);
        yield return LearningRateFinder.Run(network, rows, loss, new SGD(network, 0.01));
        yield return ActivationStatistics.Measure(network, new float[,] { { 1, float.NaN } });
        yield return new NonFiniteException(new NonFinite { Kind = NonFiniteKind.Loss, Value = double.NaN }, null).Place;
        yield return new TrainingProgress { Loss = double.NaN };
        var study = new Study(Direction.Minimize, new RandomSampler());
        study.Run(1, 1, trial => trial.ShouldStop(1, double.NaN) ? 0 : trial.Suggest("x", 0, 1));
        yield return study.Trials[0];
    }

    private static IEnumerable<Type> ResultTypes() => new[] { typeof(Layer), typeof(CsvOptions), typeof(Study), typeof(ConsoleProgress), typeof(LayerWatch) }
        .SelectMany(type => type.Assembly.GetExportedTypes())
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .SelectMany(method => Named(method.ReturnType))
        .SelectMany(type => type.BaseType is { IsGenericType: true } list ? list.GetGenericArguments().Prepend(type) : [type])
        .Distinct()
        .Where(type => type.Namespace == "NeuralTrain" && !type.IsEnum && !Parts.Any(part => part.IsAssignableFrom(type)));

    private static IEnumerable<Type> Named(Type type) =>
        type.IsGenericParameter ? [] : type.HasElementType ? Named(type.GetElementType()!) : type.IsGenericType ? type.GetGenericArguments().SelectMany(Named) : [type];

    // The serializer looks at a property's type only when it meets a value.
    private static void CheckProperties(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type)) return;
        System.Text.Json.Serialization.Metadata.JsonTypeInfo info = Web.GetTypeInfo(type);
        foreach (System.Text.Json.Serialization.Metadata.JsonPropertyInfo property in info.Properties)
        {
            if (property.Get is null || property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), true) == true) continue;
            if (typeof(Exception).IsAssignableFrom(property.PropertyType) || typeof(Delegate).IsAssignableFrom(property.PropertyType)) throw new NotSupportedException($"{property.Name} cannot be written.");
            foreach (Type named in Named(property.PropertyType)) CheckProperties(named, seen);
        }
    }
}
