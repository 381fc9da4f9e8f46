using System.Reflection;

namespace NeuralTrain.Tests.Training;

/// <summary>Every setting that decides the result of a training is compared on resuming. They are found by reflection, so that a new one cannot be forgotten.</summary>
public sealed class ResumeSettingsTests : IDisposable
{
    private const int Width = 4;
    private const int Outputs = 3;

    private static readonly Dictionary<string, string> NotCompared = new()
    {
        ["Trainer.Checkpoint"] = "where to write decides nothing",
        ["Trainer.Progress"] = "watches",
        ["Trainer.ProgressInterval"] = "watches",
        ["Trainer.Logger"] = "watches",
        ["*.network"] = "is described by its layers",
        ["*.random"] = "what was drawn is in the checkpoint: weights, or the position of a stream",
        ["*.weightInitializer"] = "what was drawn is in the checkpoint",
        ["*.biasInitializer"] = "what was drawn is in the checkpoint",
        ["PReLU.start"] = "is in the checkpoint",
        ["*.inputSize"] = "a tensor of the checkpoint has its size",
        ["*.outputSize"] = "a tensor of the checkpoint has its size",
        ["*.size"] = "a tensor of the checkpoint has its size",
        ["*.units"] = "a tensor of the checkpoint has its size",
        ["*.layers"] = "are described one by one",
        ["*.branches"] = "are described one by one",
    };

    private static readonly Dataset Data = new(new Matrix([.. Enumerable.Range(0, 12 * Width).Select(i => (i % 7) - 3f)], 12, Width), OneHot());
    private static readonly Dictionary<string, (Func<Trainer> Before, Func<Trainer> After)> Cases = Find();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Settings => [.. Cases.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Another_value_is_refused(string setting)
    {
        (Func<Trainer> before, Func<Trainer> after) = Cases[setting];
        Trainer first = before();
        first.Checkpoint = new CheckpointOptions(_folder["run"]);
        first.Fit(Data, epochs: 1);
        before().Invoking(trainer => trainer.Resume(_folder["run"])).Should().NotThrow();

        Trainer other = after();
        int[] bits = TestData.Bits(other.Network);
        other.Invoking(trainer => trainer.Resume(_folder["run"])).Should().Throw<ArgumentException>().WithMessage("*was written by a training run with other settings*, was *");
        TestData.Bits(other.Network).Should().Equal(bits);
        other.History.Epochs.Should().BeEmpty();
    }

    [Fact]
    public void The_list_of_what_is_not_compared_names_nothing_that_is_gone()
    {
        string[] names = [.. Types().SelectMany(type => Parameters(type).Select(name => $"{type.Name}.{name}")), .. typeof(Trainer).GetProperties().Select(property => $"Trainer.{property.Name}")];
        NotCompared.Keys.Where(key => !names.Any(name => name == key || (key[0] == '*' && name.EndsWith(key[1..], StringComparison.Ordinal)))).Should().BeEmpty();
        Cases.Should().HaveCountGreaterThan(80);
    }

    [Fact]
    public void All_differences_are_in_one_message()
    {
        Trainer first = Create(new Adam(Network()), trainer => trainer.Schedule = new StepDecay(30, 0.5));
        first.Checkpoint = new CheckpointOptions(_folder["run"]);
        first.Fit(Data, epochs: 1);
        Sequential network = Network(new Tanh());
        var other = new Trainer(network, new Hinge(), new Adam(network, epsilon: 1e-3)) { Schedule = new StepDecay(1, 0.01), EarlyStopping = new EarlyStopping(), BatchSize = 5 };
        other.Invoking(trainer => trainer.Resume(_folder["run"])).Should().Throw<ArgumentException>().WithMessage("""
            *early stopping: EarlyStopping(patience 10*), was none
              loss: Hinge, was MeanSquaredError
              network: 1: Tanh, was LeakyReLU*
              optimizer: Adam epsilon 0.001, was 1E-08
              schedule: StepDecay interval 1, was 30
              schedule: StepDecay factor 0.01, was 0.5
              training: Trainer batch size 5, was 32
            *
            """);
    }

    [Theory]
    [InlineData("rows")]
    [InlineData("input names")]
    [InlineData("target names")]
    [InlineData("validation")]
    public void Other_data_are_refused_by_Fit_before_anything_changes(string what)
    {
        Dataset named = new(Data.Inputs, Data.Targets, ["a", "b", "c", "d"], ["x", "y", "z"]);
        Trainer first = Create(new Adam(Network()));
        first.Checkpoint = new CheckpointOptions(_folder["run"]);
        first.Fit(named, epochs: 1);
        Trainer resumed = Create(new Adam(Network()));
        resumed.Resume(_folder["run"]);
        Dataset other = what switch
        {
            "rows" => new(Data.Inputs.SliceRows(0, 11), Data.Targets.SliceRows(0, 11), named.InputNames, named.TargetNames),
            "input names" => new(Data.Inputs, Data.Targets, ["a", "b", "d", "c"], named.TargetNames),
            "target names" => new(Data.Inputs, Data.Targets, named.InputNames, ["x", "z", "y"]),
            _ => named,
        };
        int[] bits = TestData.Bits(resumed.Network);
        resumed.Invoking(trainer => trainer.Fit(other, what == "validation" ? Data : null, epochs: 2)).Should().Throw<ArgumentException>()
            .WithMessage($"The run that was resumed had other data*{what}*, was *");
        TestData.Bits(resumed.Network).Should().Equal(bits);
        resumed.Fit(named, epochs: 2).Epochs.Should().HaveCount(2, "what was to be resumed can be still");
    }

    private static Dictionary<string, (Func<Trainer> Before, Func<Trainer> After)> Find()
    {
        var cases = new Dictionary<string, (Func<Trainer>, Func<Trainer>)>();
        foreach (Type type in Types())
        {
            foreach (string parameter in Parameters(type).Where(name => !NotCompared.ContainsKey($"{type.Name}.{name}") && !NotCompared.ContainsKey($"*.{name}")))
            {
                cases[$"{type.Name}({parameter})"] = (() => CreateWith(type, changed: null), () => CreateWith(type, parameter));
            }
        }

        foreach (PropertyInfo property in typeof(Trainer).GetProperties().Where(property => property.SetMethod?.IsPublic == true && !NotCompared.ContainsKey($"Trainer.{property.Name}")))
        {
            // A schedule's value to watch matters only with a schedule.
            Action<Trainer>? common = property.Name == nameof(Trainer.ScheduleMetric) ? trainer => trainer.Schedule = new ReduceOnPlateau() : null;
            cases[$"Trainer.{property.Name}"] = (() => Create(new Adam(Network()), common), () => Create(new Adam(Network()), trainer =>
            {
                common?.Invoke(trainer);
                property.SetValue(trainer, Another(property.PropertyType, property.GetValue(trainer)));
            }));
        }

        foreach (PropertyInfo property in typeof(Optimizer).GetProperties().Where(property => property.SetMethod?.IsPublic == true))
        {
            cases[$"Optimizer.{property.Name}"] = (() => Create(new Adam(Network())), () => Create(
                new Adam(Network()), trainer => property.SetValue(trainer.Optimizer, Another(property.PropertyType, property.GetValue(trainer.Optimizer)))));
        }

        cases["Loss.DividesByRows"] = (() => Create(new Adam(Network())), () => Create(new Adam(Network()), loss: new MeanSquaredError { DividesByRows = true }));
        cases["Optimizer.SetRate"] = (() => Create(new Adam(Network())), () => Create(new Adam(Network()), trainer => trainer.Optimizer.SetRate(trainer.Network.Children[0], 0.1)));
        cases["Optimizer of a part"] = (() => Create(new Adam(Network().Children[0])), () => Create(new Adam(Network().Children[2])));
        cases["Freeze of statistics"] = (() => Create(new Adam(Normalized())), () => Create(new Adam(Normalized()), trainer => trainer.Network.Children[1].Freeze()));
        cases["WarmUp.OverFraction"] = (
            () => Create(new Adam(Network()), trainer => trainer.Schedule = WarmUp.OverFraction(0.1, new OneCycle())),
            () => Create(new Adam(Network()), trainer => trainer.Schedule = WarmUp.OverFraction(0.2, new OneCycle())));
        return cases;

        static Sequential Normalized() => Network(new BatchNorm(Width, scaleAndShift: false));
    }

    // All that a training is made of, but for the layer that takes other data: see EmbeddingTests.
    private static IEnumerable<Type> Types()
    {
        Type[] kinds = [typeof(Loss), typeof(Optimizer), typeof(Schedule), typeof(Augmentation), typeof(Layer), typeof(EarlyStopping), typeof(Recovery), typeof(Metric)];
        return typeof(Trainer).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && type != typeof(Embedding) && kinds.Any(kind => kind.IsAssignableFrom(type)) && type.GetConstructors().Length > 0);
    }

    private static IEnumerable<string> Parameters(Type type) => Constructor(type).GetParameters().Select(parameter => parameter.Name!);

    private static ConstructorInfo Constructor(Type type) => type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;

    private static Trainer CreateWith(Type type, string? changed)
    {
        Sequential network = Network();
        object made = Make(type, network, changed);
        return made switch
        {
            Layer layer => Create(new Adam(Network(layer))),
            Optimizer optimizer => Create(optimizer, network: network),
            Loss loss => Create(new Adam(network), trainer => trainer.Metrics = [], loss, network),
            Metric metric => Create(new Adam(network), trainer => trainer.Metrics = [metric], new SoftmaxCrossEntropy(), network),
            _ => Create(new Adam(Network()), trainer => typeof(Trainer).GetProperties().First(property => property.PropertyType.IsInstanceOfType(made)).SetValue(trainer, made)),
        };
    }

    private static object Make(Type type, Sequential network, string? changed)
    {
        // Spans cannot pass through reflection.
        if (type == typeof(ScheduleSequence)) return new ScheduleSequence([changed == "milestones" ? 3 : 2], new ConstantSchedule(), changed == "schedules" ? new StepDecay(3) : new ConstantSchedule());
        if (type == typeof(MultiStepDecay)) return new MultiStepDecay(changed == "milestones" ? [2, 5] : [2, 4], changed == "factor" ? 0.3 : 0.1, changed == "unit" ? ScheduleUnit.Step : ScheduleUnit.Epoch);
        if (type == typeof(QuantileLoss)) return new QuantileLoss(changed is null ? 0.5 : 0.9);
        if (type == typeof(SoftmaxCrossEntropy)) return new SoftmaxCrossEntropy(changed == "classWeights" ? [1, 2, 1] : [1, 1, 1], changed == "labelSmoothing" ? 0.1 : 0);
        ConstructorInfo constructor = Constructor(type);
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter =>
        {
            object? usual = Usual(type, parameter, network);
            return parameter.Name == changed ? Another(parameter.ParameterType, usual) : usual;
        })]);
    }

    private static object? Usual(Type type, ParameterInfo parameter, Sequential network) =>
        parameter.ParameterType == typeof(Random) ? new Random(1)
        : parameter.ParameterType == typeof(Layer) ? network
        : parameter.ParameterType == typeof(CyclicalMode) ? CyclicalMode.ExponentialRange
        : (type.Name, parameter.Name) is ("ImageShift", "width" or "height" or "pixels") ? parameter.Name == "pixels" ? 0 : 2
        : type == typeof(TopK) ? 2
        : parameter.Name is "inputSize" or "outputSize" or "size" or "units" ? Width
        : parameter.HasDefaultValue ? parameter.DefaultValue is { } value && Nullable.GetUnderlyingType(parameter.ParameterType) is null && parameter.ParameterType.IsEnum ? Enum.ToObject(parameter.ParameterType, value) : parameter.DefaultValue
        : parameter.ParameterType == typeof(int) ? 2
        : parameter.ParameterType == typeof(double) ? 0.5
        : parameter.ParameterType == typeof(Schedule) ? new ConstantSchedule()
        : throw new NotSupportedException($"Say what {type.Name} takes for '{parameter.Name}'.");

    internal static object Another(Type type, object? value) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var flag when flag == typeof(bool) => !(bool)value!,
        var whole when whole == typeof(int) => ((int?)value ?? 6) + 1,
        var seed when seed == typeof(ulong) => (ulong)value! + 1,
        var number when number == typeof(double) => value is double given && given != 0 ? given / 2 : 0.25,
        var choice when choice.IsEnum => Enum.GetValues(choice).Cast<object>().First(other => !other.Equals(value)),
        var text when text == typeof(string) => "MAE",
        var schedule when schedule == typeof(Schedule) => new StepDecay(3),
        var augmentation when augmentation == typeof(Augmentation) => new AddNoise(0.1),
        var stopping when stopping == typeof(EarlyStopping) => new EarlyStopping(),
        var average when average == typeof(WeightAverage) => WeightAverage.Equal(1, 2),
        var recovery when recovery == typeof(Recovery) => new Recovery(),
        var metrics when metrics == typeof(IReadOnlyList<Metric>) => new Metric[] { new AbsoluteError() },
        _ => throw new NotSupportedException($"Say what else a {type.Name} can be."),
    };

    private static Trainer Create(Optimizer optimizer, Action<Trainer>? settings = null, Loss? loss = null, Sequential? network = null)
    {
        network ??= Networks.Last!;
        var trainer = new Trainer(network, loss ?? new MeanSquaredError(), optimizer);
        settings?.Invoke(trainer);
        return trainer;
    }

    private static Sequential Network(Layer? layer = null)
    {
        var random = new Random(3);
        return Networks.Last = new Sequential(new Linear(Width, Width, random), layer ?? new LeakyReLU(), new Linear(Width, Outputs, random));
    }

    private static Matrix OneHot()
    {
        var targets = new Matrix(12, Outputs);
        for (int row = 0; row < 12; row++)
        {
            targets[row, row % Outputs] = 1;
        }

        return targets;
    }

    // The network that the optimizer just created trains: an optimizer does not tell.
    private static class Networks
    {
        [ThreadStatic]
        public static Sequential? Last;
    }
}
