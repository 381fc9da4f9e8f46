namespace NeuralTrain.Tests.Files;

public sealed class LoadIntoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tensors_fill_a_network_built_in_code()
    {
        Sequential source = ModelFileTests.Trained();
        ModelFile.Save(_folder["m"], source);
        var random = new Random(77);
        var network = new Sequential(new Linear(4, 6, random), new BatchNorm(6), new Tanh(), new Dropout(0.1, random), new Linear(6, 3, random));
        ModelFile.LoadInto(_folder["m"], network);
        Values(network).Should().Equal(Values(source));
    }

    [Fact]
    public void A_part_of_a_network_is_filled_with_names_that_begin_at_it()
    {
        var random = new Random(77);
        var head = new Sequential(new Linear(4, 2, random));
        ModelFile.Save(_folder["head"], head);
        var network = new Sequential(new Linear(4, 4, random), new Sequential(new Linear(4, 2, random)));
        ModelFile.LoadInto(_folder["head"], network.Children[1]);
        Values(network.Children[1]).Should().Equal(Values(head));
    }

    [Fact]
    public void Every_difference_is_listed_with_both_shapes_and_nothing_is_changed()
    {
        ModelFile.Save(_folder["m"], ModelFileTests.Trained());
        var random = new Random(5);
        var network = new Sequential(new Linear(4, 6, random), new ReLU(), new Linear(6, 2, random), new ReLU(), new Linear(2, 3, random, bias: false));
        float[] before = Values(network);
        Action load = () => ModelFile.LoadInto(_folder["m"], network);
        string message = load.Should().Throw<InvalidDataException>().Which.Message;
        message.Should().Contain("2 missing in the file:\n  2.weight [2, 6]\n  2.bias [2]\n");
        message.Should().Contain("6 unexpected in the file:\n  1.num_batches_tracked [] at byte");
        message.Should().Contain("1.weight [6]").And.Contain("1.bias [6]").And.Contain("1.running_mean [6]").And.Contain("1.running_var [6]").And.Contain("4.bias [3]");
        message.Should().Contain("1 of another shape").And.Contain("4.weight: the network has [3, 2], the file F32 [3, 6] at byte");
        Values(network).Should().Equal(before);
    }

    [Fact]
    public void A_number_that_is_not_finite_leaves_the_network_as_it_was()
    {
        var network = new Sequential(new Linear(1, 2, new Random(1)));
        float[] before = Values(network);
        byte[] file = RawFile.Of(
            """{"0.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"0.bias":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""",
            RawFile.Floats(1, 2, 3, float.PositiveInfinity));
        File.WriteAllBytes(_folder["m"], file);
        Action load = () => ModelFile.LoadInto(_folder["m"], network);
        load.Should().Throw<InvalidDataException>().WithMessage($"*byte {file.Length - 4}: value 1 of tensor '0.bias'*");
        Values(network).Should().Equal(before);
    }

    // numpy.array([1, -2.5, 6e-8, 65504], "<f2").tobytes() and the upper halves of float32 1, -2.5, 1.00025554e30 and 3.140625: struct.unpack("<f", b"\\0\\0" + two)
    [Theory]
    [InlineData("F16", new byte[] { 0x00, 0x3C, 0x00, 0xC1, 0x01, 0x00, 0xFF, 0x7B }, new[] { 1f, -2.5f, 5.9604645e-8f, 65504f })]
    [InlineData("BF16", new byte[] { 0x80, 0x3F, 0x20, 0xC0, 0x4A, 0x71, 0x49, 0x40 }, new[] { 1f, -2.5f, 1.00025555e30f, 3.140625f })]
    public void Floats_of_16_bits_are_widened_without_loss(string type, byte[] data, float[] expected)
    {
        File.WriteAllBytes(_folder["m"], RawFile.Of("{\"0.weight\":{\"dtype\":\"" + type + "\",\"shape\":[1,4],\"data_offsets\":[0,8]}}", data));
        var network = new Sequential(new Linear(4, 1, new Random(1), bias: false));
        ModelFile.LoadInto(_folder["m"], network);
        Values(network).Should().Equal(expected);
    }

    [Theory]
    [InlineData("F64", 8)]
    [InlineData("I64", 8)]
    [InlineData("I8", 1)]
    public void Other_types_are_refused_by_name(string type, int bytes)
    {
        File.WriteAllBytes(_folder["m"], RawFile.Of("{\"0.weight\":{\"dtype\":\"" + type + "\",\"shape\":[1,1],\"data_offsets\":[0," + bytes + "]}}", new byte[bytes]));
        Action load = () => ModelFile.LoadInto(_folder["m"], new Sequential(new Linear(1, 1, new Random(1), bias: false)));
        load.Should().Throw<InvalidDataException>().WithMessage($"*0.weight: the network has [1, 1], the file {type} [1, 1]*");
    }

    // struct.pack("<3d", 1/3, -2.5, 1e-320): the nearest float32 of each, the last one 0.
    [Fact]
    public void Floats_of_64_bits_are_rounded_where_asked_and_refused_where_float32_has_no_such_number()
    {
        byte[] file = Doubles(1 / 3.0, -2.5, 1e-320);
        File.WriteAllBytes(_folder["m"], file);
        var network = new Sequential(new Linear(3, 1, new Random(1), bias: false));
        ModelFile.LoadInto(_folder["m"], network, roundF64: true);
        Values(network).Should().Equal(0.33333334f, -2.5f, 0);

        File.WriteAllBytes(_folder["m"], Doubles(1, 1e39, 2));
        Action load = () => ModelFile.LoadInto(_folder["m"], network, roundF64: true);
        load.Should().Throw<InvalidDataException>().WithMessage($"*byte {file.Length - 16}: value 1 of tensor '0.weight' is Infinity*");
        Values(network).Should().Equal(0.33333334f, -2.5f, 0);

        static byte[] Doubles(params double[] values) =>
            RawFile.Of("""{"0.weight":{"dtype":"F64","shape":[1,3],"data_offsets":[0,24]}}""", [.. values.SelectMany(BitConverter.GetBytes)]);
    }

    [Fact]
    public void Tensors_of_other_names_are_renamed_or_left_out()
    {
        File.WriteAllBytes(_folder["m"], RawFile.Of(
            """{"fc1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"fc1.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"epoch":{"dtype":"F32","shape":[],"data_offsets":[12,16]}}""",
            RawFile.Floats(1, 2, 3, 4)));
        var network = new Sequential(new Linear(2, 1, new Random(1)));
        ModelFile.LoadInto(_folder["m"], network, rename: name => name == "epoch" ? null : name.Replace("fc1.", "0."));
        Values(network).Should().Equal(1, 2, 3);

        Action same = () => ModelFile.LoadInto(_folder["m"], network, rename: _ => "0.weight");
        same.Should().Throw<InvalidDataException>().WithMessage("*'fc1.weight' and 'fc1.bias' would both become '0.weight'; nothing was changed*");
        Action left = () => ModelFile.LoadInto(_folder["m"], network, rename: name => name.Replace("fc1.", "0."));
        left.Should().Throw<InvalidDataException>().WithMessage("*1 unexpected in the file:\n  epoch [] at byte*");
        Values(network).Should().Equal(1, 2, 3);
    }

    [Fact]
    public void Part_of_a_network_is_filled_where_asked_and_a_file_without_any_of_it_is_refused()
    {
        var random = new Random(5);
        var network = new Sequential(new Linear(2, 1, random), new ReLU(), new Linear(1, 1, random));
        float[] before = Values(network);
        byte[] file = RawFile.Of("""{"0.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", RawFile.Floats(7));
        File.WriteAllBytes(_folder["m"], file);
        ModelFile.LoadInto(_folder["m"], network, partial: true);
        Values(network).Should().Equal([.. before[..2], 7, .. before[3..]]);

        Action none = () => ModelFile.LoadInto(_folder["m"], network, rename: _ => null, partial: true);
        none.Should().Throw<InvalidDataException>().WithMessage("*1 missing in the file:\n  any of 0.weight, 0.bias, 2.weight, …*");
        Action unknown = () => ModelFile.LoadInto(_folder["m"], network, rename: name => "1.bias", partial: true);
        unknown.Should().Throw<InvalidDataException>().WithMessage("*unexpected in the file:\n  1.bias [1]*");
    }

    [Fact]
    public void A_tensor_longer_than_one_read_arrives_whole()
    {
        var network = new Sequential(new Linear(300, 200, new Random(1), bias: false));
        var half = new byte[2 * 60_000];
        var expected = new float[60_000];
        for (int i = 0; i < expected.Length; i++)
        {
            var value = (Half)((i % 1999) / 7.0);
            BitConverter.TryWriteBytes(half.AsSpan(2 * i), value);
            expected[i] = (float)value;
        }

        File.WriteAllBytes(_folder["m"], RawFile.Of("""{"0.weight":{"dtype":"F16","shape":[200,300],"data_offsets":[0,120000]}}""", half));
        ModelFile.LoadInto(_folder["m"], network);
        Values(network).Should().Equal(expected);
    }

    private static float[] Values(Layer layer) => [.. layer.NamedParameters().SelectMany(named => named.Parameter.Value.Span.ToArray())];
}
