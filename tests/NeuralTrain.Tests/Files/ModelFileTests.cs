using System.Text;

namespace NeuralTrain.Tests.Files;

public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_loaded_network_predicts_with_the_same_bits_without_code_for_it()
    {
        Sequential network = Trained();
        Matrix input = Inputs(7);
        ModelFile.Save(_folder["m.safetensors"], network, ["red", "green", "blue"], new SoftmaxCrossEntropy(), ["length", "width", "height", "weight"]);

        SavedModel loaded = ModelFile.Load(_folder["m.safetensors"]);

        loaded.Network.Predict(input).Span.ToArray().Should().Equal(network.Predict(input).Span.ToArray());
        loaded.Classes.Should().Equal("red", "green", "blue");
        loaded.InputNames.Should().Equal("length", "width", "height", "weight");
        loaded.OutputKind.Should().Be(OutputKind.ClassScores);
        loaded.LossName.Should().Be("SoftmaxCrossEntropy");
        loaded.LibraryVersion.Should().MatchRegex(@"^\d+\.\d+\.\d+$");
        loaded.ToString().Should().EndWith("class scores of 3 classes");
    }

    [Fact]
    public void A_single_input_keeps_its_name()
    {
        ModelFile.Save(_folder["m"], new Sequential(new Linear(1, 2, new Random(1))), inputNames: ["length"]);
        ModelFile.Load(_folder["m"]).InputNames.Should().Equal("length");
    }

    [Fact]
    public void A_folder_in_place_of_a_file_is_named()
    {
        Directory.CreateDirectory(_folder["m"]);
        foreach (Action read in (Action[])[() => ModelFile.Load(_folder["m"]), () => Predictor.Load(_folder["m"]), () => ModelFile.LoadInto(_folder["m"], Trained())])
        {
            read.Should().Throw<IOException>().WithMessage($"'{_folder["m"]}' is a folder. Give the name of a file in it.");
        }
    }

    [Fact]
    public void A_loaded_network_is_trained_on_with_the_masks_and_statistics_of_the_saved_one()
    {
        Sequential network = Trained();
        ModelFile.Save(_folder["m"], network);
        Sequential loaded = ModelFile.Load(_folder["m"]).Network;
        for (int step = 0; step < 3; step++)
        {
            Matrix input = Inputs(5, seed: 40 + step);
            loaded.Forward(input).Span.ToArray().Should().Equal(network.Forward(input).Span.ToArray());
        }

        loaded.NamedParameters().Single(named => named.Path == "1.running_mean").Parameter.Value.Span.ToArray()
            .Should().Equal(network.NamedParameters().Single(named => named.Path == "1.running_mean").Parameter.Value.Span.ToArray());
    }

    [Fact]
    public void Further_texts_travel_in_the_file_under_names_that_it_does_not_need_itself()
    {
        Sequential network = Trained();
        var texts = new Dictionary<string, string> { ["units"] = "cm", ["note"] = "ä \"quoted\"\nline {}" };
        ModelFile.Save(_folder["m"], network, texts: texts);
        ModelFile.Load(_folder["m"]).Texts.Should().BeEquivalentTo(texts);
        ModelFile.Save(_folder["plain"], network);
        ModelFile.Load(_folder["plain"]).Texts.Should().BeEmpty();
        foreach (string taken in (string[])["format", "neuraltrain.model", "neuraltrain.checksum"])
        {
            ((Action)(() => ModelFile.Save(_folder["other"], network, texts: new Dictionary<string, string> { [taken] = "x" })))
                .Should().Throw<ArgumentException>().WithMessage($"*needs the name '{taken}' itself*another one*");
        }

        File.Exists(_folder["other"]).Should().BeFalse();
    }

    [Fact]
    public void A_file_of_which_any_part_was_overwritten_with_another_model_is_refused()
    {
        byte[] one = Saved(1, "1.25"), other = Saved(2, "8.75");
        other.Should().HaveSameCount(one);
        int loaded = 0, refused = 0;
        for (int length = 0; length <= one.Length; length++)
        {
            byte[] torn = [.. other[..length], .. one[length..]];
            Action load = () => ModelFile.Load(new MemoryStream(torn));
            if (torn.AsSpan().SequenceEqual(one) || torn.AsSpan().SequenceEqual(other))
            {
                load();
                loaded++;
                continue;
            }

            load.Should().Throw<InvalidDataException>("of {0} bytes {1} are of the other file", one.Length, length);
            refused++;
        }

        (loaded > 1, refused).Should().Be((true, one.Length + 1 - loaded));
        byte[] damaged = [.. one];
        damaged[^3] ^= 1;
        ((Action)(() => ModelFile.Load(new MemoryStream(damaged)))).Should().Throw<InvalidDataException>().WithMessage("*the checksum*does not match the content*take 'neuraltrain.checksum' out of its metadata*");
        byte[] without = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(damaged).Replace("neuraltrain.checksum", "neuraltrain.chacksum", StringComparison.Ordinal));
        ModelFile.Load(new MemoryStream(without)).Network.InputSize.Should().Be(3, "files of earlier versions have no checksum");

        static byte[] Saved(int seed, string text)
        {
            using var stream = new MemoryStream();
            ModelFile.Save(stream, new Sequential(new Linear(3, 2, new Random(seed))), texts: new Dictionary<string, string> { ["scale"] = text });
            return stream.ToArray();
        }
    }

    [Fact]
    public void What_was_frozen_is_frozen_when_it_is_loaded()
    {
        Sequential network = Trained();
        network.Children[1].Freeze();
        network.Children[0].Parameters[0].IsTrainable = false;
        ModelFile.Save(_folder["m"], network);
        Sequential loaded = ModelFile.Load(_folder["m"]).Network;
        loaded.Children.Select(layer => layer.IsFrozen).Should().Equal(network.Children.Select(layer => layer.IsFrozen));
        loaded.NamedParameters().Select(named => named.Parameter.IsTrainable)
            .Should().Equal(network.NamedParameters().Select(named => named.Parameter.IsTrainable)).And.Contain(true).And.Contain(false);
        Matrix input = Inputs(4);
        loaded.Forward(input).Span.ToArray().Should().Equal(network.Forward(input).Span.ToArray());
    }

    [Fact]
    public void Tensors_have_the_names_and_shapes_of_PyTorchs_state_dict()
    {
        ModelFile.Save(_folder["m"], Trained());
        SafetensorsHeader header = SafetensorsReader.Open(_folder["m"], reader => reader.Header);
        header.Tensors.Values.Select(tensor => $"{tensor.Name} {tensor.Type} [{string.Join(", ", tensor.Shape)}]").Should().BeEquivalentTo(
            "0.weight F32 [6, 4]", "0.bias F32 [6]", "1.weight F32 [6]", "1.bias F32 [6]", "1.running_mean F32 [6]", "1.running_var F32 [6]",
            "1.num_batches_tracked I64 []", "4.weight F32 [3, 6]", "4.bias F32 [3]");
        header.Tensors.Values.Should().OnlyContain(tensor => tensor.Start % (tensor.Type == "I64" ? 8 : 4) == 0, "values lie at multiples of their size");
        header.Metadata["format"].Text.Should().Be("pt");
    }

    // struct.pack("<Q", len(header)) + header + struct.pack("<2f", 2, -0.5), the header as below: y = 2·x − 0.5.
    [Fact]
    public void A_file_written_by_hand_loads()
    {
        string header = """
            {"__metadata__":{"neuraltrain.model":"{\"kind\":\"model\",\"format\":1,\"output\":\"Values\",\"network\":[
            {\"kind\":\"Sequential\",\"layers\":[{\"kind\":\"Linear\",\"inputs\":1,\"outputs\":1,\"bias\":true}]}]}"},
            "0.bias":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"0.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}
            """.ReplaceLineEndings("");
        byte[] data = [0, 0, 0, 0x40, 0, 0, 0, 0xBF];
        File.WriteAllBytes(_folder["m"], RawFile.Of(header, data));
        SavedModel model = ModelFile.Load(_folder["m"]);
        model.Network.Predict(new float[,] { { 3 } })[0, 0].Should().Be(5.5f);
        (model.Classes.Count, model.InputNames.Count, model.LossName, model.LibraryVersion).Should().Be((0, 0, null, "unknown"));
    }

    // What is written stays readable: these bytes are what version 1 of the format is. The checksum is that of a program in Python: CRC-32C by its polynomial, bit by bit, from 0, of
    // "neuraltrain.model" and its text in UTF-16 and the three floats, all little-endian.
    [Fact]
    public void A_written_file_is_this_to_the_byte()
    {
        var linear = new Linear(2, 1, new Random(1));
        linear.Weight.Value[0, 0] = 1;
        linear.Weight.Value[0, 1] = -2;
        linear.Bias!.Value[0, 0] = 0.5f;
        ModelFile.Save(_folder["m"], new Sequential(linear), loss: new MeanSquaredError(), inputNames: ["größe", "\"b\""]);
        string header = """
            {"__metadata__":{"format":"pt","neuraltrain.model":"{\"kind\":\"model\",\"format\":1,\"library\":\"1.0.0\",\"output\":\"Values\",
            \"loss\":\"MeanSquaredError\",\"inputs\":[\"größe\",\"\\\"b\\\"\"],
            \"network\":[{\"kind\":\"Sequential\",\"layers\":[{\"kind\":\"Linear\",\"inputs\":2,\"outputs\":1,\"bias\":true}]}]}",
            "neuraltrain.checksum":"9ff185f7"},
            "0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}
            """.ReplaceLineEndings("");
        header += new string(' ', (8 - (Encoding.UTF8.GetByteCount(header) % 8)) % 8);
        File.ReadAllBytes(_folder["m"]).Should().Equal(RawFile.Of(header, RawFile.Floats(1, -2, 0.5f)));
    }

    [Fact]
    public void A_plain_file_of_tensors_says_how_to_load_it()
    {
        File.WriteAllBytes(_folder["plain"], RawFile.Of("""{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""", RawFile.Floats(1, 2)));
        Action load = () => ModelFile.Load(_folder["plain"]);
        load.Should().Throw<InvalidDataException>().WithMessage("*no description of a network*LoadInto*");
    }

    [Theory]
    [InlineData(null, 3, OutputKind.Values)]
    [InlineData("three", 3, OutputKind.ClassScores)]
    [InlineData("two", 1, OutputKind.BinaryScores)]
    public void Without_a_loss_classes_tell_what_outputs_mean(string? classes, int outputs, OutputKind expected)
    {
        string[]? names = classes switch { "three" => ["a", "b", "c"], "two" => ["no", "yes"], _ => null };
        ModelFile.Save(_folder["m"], new Sequential(new Linear(2, outputs, new Random(1))), names);
        ModelFile.Load(_folder["m"]).OutputKind.Should().Be(expected);
    }

    [Fact]
    public void Without_a_loss_outputs_of_a_softmax_are_values()
    {
        ModelFile.Save(_folder["m"], new Sequential(new Linear(2, 3, new Random(1)), new Softmax()), ["a", "b", "c"]);
        ModelFile.Load(_folder["m"]).OutputKind.Should().Be(OutputKind.Values);
    }

    [Fact]
    public void Every_meaning_of_outputs_survives()
    {
        foreach (Loss loss in new Loss[] { new MeanSquaredError(), new BinaryCrossEntropy(), new Hinge(), new SoftmaxCrossEntropy() })
        {
            ModelFile.Save(_folder["m"], new Sequential(new Linear(2, 3, new Random(1))), loss: loss);
            ModelFile.Load(_folder["m"]).OutputKind.Should().Be(loss.OutputKind);
        }
    }

    [Fact]
    public void Names_that_do_not_fit_the_columns_are_refused()
    {
        Action classes = () => ModelFile.Save(_folder["m"], Trained(), classes: ["red", "green"]);
        classes.Should().Throw<ArgumentException>().WithMessage("*gives 3 outputs*2 names of classes*").And.ParamName.Should().Be("classes");
        Action inputs = () => ModelFile.Save(_folder["m"], Trained(), inputNames: ["a"]);
        inputs.Should().Throw<ArgumentException>().WithMessage("*4 input columns*1 names*").And.ParamName.Should().Be("inputNames");
        _folder.Files.Should().BeEmpty();
    }

    [Fact]
    public void A_layer_that_is_not_registered_is_refused_before_anything_is_written()
    {
        Action save = () => ModelFile.Save(_folder["m"], new Sequential(new Linear(2, 2, new Random(1)), new Unknown()));
        save.Should().Throw<NotSupportedException>().WithMessage("*Unknown*LayerKinds.Register*");
        _folder.Files.Should().BeEmpty();
    }

    [Fact]
    public void A_diverged_network_is_not_saved_over_a_good_one()
    {
        Sequential network = Trained();
        ModelFile.Save(_folder["m"], network);
        byte[] good = File.ReadAllBytes(_folder["m"]);
        network.NamedParameters()[0].Parameter.Value[2, 1] = float.NaN;
        Action save = () => ModelFile.Save(_folder["m"], network);
        save.Should().Throw<NotFiniteNumberException>().WithMessage("*0.weight*NaN in row 2, column 1*");
        File.ReadAllBytes(_folder["m"]).Should().Equal(good);
        _folder.Files.Should().Equal("m");
    }

    [Fact]
    public void A_missing_file_and_a_missing_folder_say_so()
    {
        Action load = () => ModelFile.Load(_folder["none"]);
        load.Should().Throw<FileNotFoundException>();
        Action save = () => ModelFile.Save(Path.Combine(_folder["none"], "m"), Trained());
        save.Should().Throw<DirectoryNotFoundException>().WithMessage("*none*does not exist*");
        Action folder = () => ModelFile.Save(_folder.FullName, Trained());
        folder.Should().Throw<IOException>().WithMessage("*is a folder*");
    }

    [Fact]
    public void A_network_of_containers_in_containers_survives()
    {
        var random = new Random(3);
        var network = new Sequential(
            new Linear(4, 6, random), new Residual(new Linear(6, 5, random), new Tanh(), new Sequential(new Linear(5, 6, random), new PReLU(6))),
            new Concatenate(new Linear(6, 2, random), new Maxout(6, 3, random)), new LayerNorm(5));
        ModelFile.Save(_folder["m"], network);
        Matrix input = Inputs(3);
        ModelFile.Load(_folder["m"]).Network.Predict(input).Span.ToArray().Should().Equal(network.Predict(input).Span.ToArray());
    }

    internal static Sequential Trained()
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(4, 6, random), new BatchNorm(6), new ReLU(), new Dropout(0.5, random), new Linear(6, 3, random));
        var adam = new Adam(network, 0.01);
        var loss = new MeanSquaredError();
        var gradient = new Matrix(8, 3);
        for (int step = 0; step < 5; step++)
        {
            loss.Evaluate(network.Forward(Inputs(8, step)), new Matrix(8, 3), gradient);
            network.Backward(gradient);
            adam.Step();
        }

        return network;
    }

    internal static Matrix Inputs(int rows, int seed = 9)
    {
        var random = new Random(seed);
        var input = new Matrix(rows, 4);
        foreach (ref float value in input.Span)
        {
            value = random.NextSingle() - 0.5f;
        }

        return input;
    }

    private sealed class Unknown : Layer
    {
        public override void Infer(Matrix input, Matrix output) => input.CopyTo(output);

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => outputGradient.CopyTo(inputGradient);
    }
}
