using System.Buffers.Binary;
using System.Text;
using NeuralTrain.Tests.Training;

namespace NeuralTrain.Tests.Files;

/// <summary>Numbers that a layer or an optimizer cannot have, in files that are sound otherwise.</summary>
public sealed class ValueRangeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1.running_var", -2f, "0 or more")]
    [InlineData("1.running_var", -1e-30f, "0 or more")]
    [InlineData("1.running_var", float.NaN, "0 or more")]
    [InlineData("1.running_var", float.PositiveInfinity, "0 or more")]
    [InlineData("0.scale", 0f, "a finite number other than 0")]
    [InlineData("0.scale", float.NegativeInfinity, "a finite number other than 0")]
    [InlineData("1.running_mean", float.NaN, "a finite number")]
    [InlineData("1.weight", float.NegativeInfinity, "a finite number")]
    public void A_number_that_its_layer_cannot_have_is_refused_by_name_and_byte(string tensor, float value, string expected)
    {
        ModelFile.Save(_folder["m"], Network());
        int place = Set("m", tensor, value);
        Sequential network = Network();
        int[] before = TestData.Bits(network);
        foreach (Action read in (Action[])[() => ModelFile.Load(_folder["m"]), () => Predictor.Load(_folder["m"]), () => ModelFile.LoadInto(_folder["m"], network)])
        {
            string number = FormattableString.Invariant($"{value}");
            read.Should().Throw<InvalidDataException>().WithMessage($"*m, byte {place}: value 1 of tensor '{tensor}' is {number}, expected *{expected}: *damaged*Write it again*");
        }

        TestData.Bits(network).Should().Equal(before);
    }

    [Theory]
    [InlineData("1.running_var", 0f)]
    [InlineData("0.scale", -3f)]
    [InlineData("1.running_mean", -3f)]
    [InlineData("3.scale", 0f)]
    public void A_number_that_its_layer_can_have_is_read(string tensor, float value)
    {
        Sequential network = Network();
        network.NamedParameters().Single(named => named.Path == tensor).Parameter.Value[0, 1] = value;
        ModelFile.Save(_folder["m"], network);
        ModelFile.Load(_folder["m"]).Network.NamedParameters().Single(named => named.Path == tensor).Parameter.Value[0, 1].Should().Be(value);
    }

    [Theory]
    [InlineData("0.scale", 0f)]
    [InlineData("1.running_var", -1f)]
    public void What_could_not_be_read_is_not_saved_not_even_of_a_clone(string path, float value)
    {
        var network = (Sequential)Network().Clone();
        network.NamedParameters().Single(named => named.Path == path).Parameter.Value[0, 1] = value;
        FluentActions.Invoking(() => ModelFile.Save(_folder["m"], network)).Should().Throw<NotFiniteNumberException>().WithMessage($"'{path}' is {value} in row 0, column 1, expected*");
        _folder.Files.Should().BeEmpty();
    }

    // The second moment of each rule that has one: its place among the arrays, and whether an infinite one is sound.
    [Theory]
    [InlineData("Adam", 1)]
    [InlineData("AMSGrad", 2)]
    [InlineData("AdamW", 1)]
    [InlineData("NAdam", 1)]
    [InlineData("RMSprop", 0)]
    [InlineData("AdaGrad", 0)]
    public void A_negative_second_moment_in_a_checkpoint_is_refused(string rule, int array)
    {
        Checkpoint(rule);
        string tensor = $"optimizer.0.{array}";
        Set("c", tensor, float.PositiveInfinity);
        Trainer(rule).Resume(_folder["c"]);
        foreach (float value in (float[])[-1e-20f, float.NaN])
        {
            int place = Set("c", tensor, value);
            Trainer trainer = Trainer(rule);
            int[] before = TestData.Bits(trainer.Network);
            FluentActions.Invoking(() => trainer.Resume(_folder["c"])).Should().Throw<InvalidDataException>().WithMessage($"*c, byte {place}: value 1 of tensor '{tensor}' is *expected a number of 0 or more: *");
            TestData.Bits(trainer.Network).Should().Equal(before);
        }
    }

    [Theory]
    [InlineData("weights.1.running_var", -1f)]
    [InlineData("best.1.running_var", -1f)]
    [InlineData("weights.0.scale", 0f)]
    [InlineData("optimizer.0.2", float.NaN)]
    public void A_number_that_a_training_cannot_have_is_refused_in_a_checkpoint(string tensor, float value)
    {
        Checkpoint("averaged");
        int place = Set("c", tensor, value);
        FluentActions.Invoking(() => Trainer("averaged").Resume(_folder["c"])).Should().Throw<InvalidDataException>().WithMessage($"*c, byte {place}: value 1 of tensor '{tensor}'*");
    }

    [Fact]
    public void A_first_moment_of_any_sign_goes_on()
    {
        Checkpoint("Adam");
        Set("c", "optimizer.0.0", -5);
        Trainer("Adam").Resume(_folder["c"]);
    }

    [Fact]
    public void A_best_value_that_is_not_finite_is_refused_in_a_checkpoint()
    {
        Checkpoint("averaged");
        byte[] file = File.ReadAllBytes(_folder["c"]);
        int start = file.AsSpan().IndexOf("\"bestValue\":"u8) + "\"bestValue\":".Length, length = file.AsSpan(start).IndexOf((byte)',');
        Encoding.ASCII.GetBytes("\"NaN\"".PadRight(length)).CopyTo(file, start);
        File.WriteAllBytes(_folder["c"], file);
        FluentActions.Invoking(() => Trainer("averaged").Resume(_folder["c"])).Should().Throw<InvalidDataException>().WithMessage("*the best value of its run is NaN*");
    }

    [Fact]
    public void Where_64_bits_are_refused_the_message_says_what_rounds_them()
    {
        File.WriteAllBytes(_folder["m"], RawFile.Of("""{"0.weight":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]}}""", new byte[8]));
        FluentActions.Invoking(() => ModelFile.LoadInto(_folder["m"], new Sequential(new Linear(1, 1, new Random(1), bias: false)))).Should().Throw<InvalidDataException>()
            .WithMessage("*F64 is rounded by LoadInto with roundF64: true*");
    }

    private static Sequential Network() => new(new Standardization(3), new BatchNorm(3), new Linear(3, 3, new Random(1)), new Standardization(3, isInverse: true));

    private static Trainer Trainer(string rule)
    {
        Sequential network = Network();
        Optimizer optimizer = rule switch
        {
            "AMSGrad" => new Adam(network, amsGrad: true),
            "AdamW" => new AdamW(network),
            "NAdam" => new NAdam(network),
            "RMSprop" => new RMSprop(network),
            "AdaGrad" => new AdaGrad(network),
            "averaged" => new Adam(network) { Average = WeightAverage.Exponential() },
            _ => new Adam(network),
        };
        return new Trainer(network, new MeanSquaredError(), optimizer) { BatchSize = 4, EarlyStopping = new EarlyStopping() };
    }

    private void Checkpoint(string rule)
    {
        Trainer trainer = Trainer(rule);
        Dataset data = TestData.Classes(16);
        trainer.Fit(data, data, epochs: 1, TestContext.Current.CancellationToken);
        using FileStream file = File.Create(_folder["c"]);
        trainer.SaveCheckpoint(file);
    }

    // Overwrites the second value of a tensor; its byte in the file.
    private int Set(string name, string tensor, float value)
    {
        int place = (int)SafetensorsReader.Open(_folder[name], reader => reader.Header.Tensors[tensor].Start) + sizeof(float);
        byte[] file = File.ReadAllBytes(_folder[name]);
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(place), value);
        File.WriteAllBytes(_folder[name], file);
        return place;
    }
}
