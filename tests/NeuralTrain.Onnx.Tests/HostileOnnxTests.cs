using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests;

/// <summary>Files that are damaged or were made to do harm: a clear error, and bounded memory.</summary>
public sealed class HostileOnnxTests
{
    private static readonly byte[] Whole = OnnxRuntimeTests.Saved(Networks.Large(), 6, null, ["a", "b", "c"]);

    [Fact]
    public void A_file_cut_off_anywhere_is_refused()
    {
        for (int length = 0; length < Whole.Length; length += 1 + (length / 200))
        {
            Refusal(Whole[..length]).Should().NotBeNull("{0} of {1} bytes are no file", length, Whole.Length);
        }
    }

    // For more files: NEURALTRAIN_DAMAGED_FILES=20000 NEURALTRAIN_SEED=2 dotnet NeuralTrain.Onnx.Tests.dll -class NeuralTrain.Tests.HostileOnnxTests -showLiveOutput
    [Fact]
    public void Damaged_files_of_every_layer_are_read_or_refused_and_allocate_little()
    {
        var table = new MemoryStream();
        Table rows = TableOnnxTests.Drawn(40);
        TableModel.Fit(rows, rows.InferSchema("Size"), new Random(1), new TableFitOptions { Epochs = 1, Hidden = [4] }).SaveOnnx(table);
        byte[][] files = [Whole, table.ToArray(), OnnxImportTests.PyTorch(), .. LayerCases.All.Where(each => !OnnxRuntimeTests.IsCustom(each)).Select(each => OnnxRuntimeTests.Saved(each.CreateReady(), each.InputSize))];
        int count = Setting("NEURALTRAIN_DAMAGED_FILES", 4000), seed = Setting("NEURALTRAIN_SEED", 5), read = 0;
        var random = new Random(seed);
        double most = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] file = files[i % files.Length], other = files[random.Next(files.Length)];
            for (int times = random.Next(1, 4); times > 0; times--) file = Damaged(file, other, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            if (Refusal(file, $"file {i} of seed {seed}") is null) read++;
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            allocated.Should().BeLessThan((18 * file.Length) + (3 << 20), "of file {0} of seed {1}", i, seed);
            most = Math.Max(most, allocated / ((16.0 * file.Length) + (1 << 20)));
        }

        read.Should().BeInRange(1, count - 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} damaged files of {files.Length} sound ones: {read} read, {count - read} refused, at most {most:0.00} times 16 times the size and 1 MB");
    }

    private static int Setting(string name, int usual) => int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : usual;

    [Fact]
    public void What_is_no_ONNX_file_is_called_that()
    {
        OnnxImportTests.Refused([], "*This is not an ONNX file, or it is damaged.");
        OnnxImportTests.Refused("{ \"a\": 1 }"u8.ToArray(), "*byte *This is not an ONNX file, or it is damaged.");
        OnnxImportTests.Refused(new byte[100], "*byte 1: a field has a number that does not exist*");
        var folder = () => OnnxFile.Load(Path.GetTempPath());
        folder.Should().Throw<Exception>().Which.Should().Match(problem => problem is IOException || problem is UnauthorizedAccessException);
    }

    [Fact]
    public void Many_empty_operators_are_refused_before_they_fill_the_memory()
    {
        // A graph of four million operators of two bytes each.
        var graph = new byte[8 << 20];
        for (int i = 0; i < graph.Length; i += 2) graph[i] = 0x0A;
        AllocatesAtMost(Model(graph), 17, "*asks for * bytes of memory*");
    }

    [Fact]
    public void Weights_that_are_used_again_and_again_are_refused_before_they_fill_the_memory()
    {
        byte[] file = Graphs.File(100, 100, graph =>
        {
            string x = "input", weight = graph.Constant("w", new Matrix(100, 100), 100, 100);
            for (int i = 0; i < 2000; i++) x = graph.Node("Gemm", [x, weight]);
            return x;
        });
        AllocatesAtMost(file, 17, "*asks for * bytes of memory*");
    }

    [Fact]
    public void Columns_that_double_again_and_again_are_refused()
    {
        byte[] file = Graphs.File(2, 2, graph =>
        {
            string x = "input";
            for (int i = 0; i < 40; i++) x = graph.Node("Concat", [x, x], ("axis", 1));
            return x;
        });
        OnnxImportTests.Refused(file, "*(Concat) gives 2147483648 columns, more than a matrix can have*");
    }

    [Theory]
    [InlineData("Concat")]
    [InlineData("Max")]
    public void An_operator_of_many_inputs_that_has_none_is_refused(string operation) =>
        OnnxImportTests.Refused(Graphs.File(2, 2, graph => graph.Node(operation, [], ("axis", 1))), $"*({operation}) reads nothing. The file is damaged.");

    [Fact]
    public void Branches_within_branches_without_end_are_refused()
    {
        byte[] file = Graphs.File(2, 2, graph =>
        {
            string x = "input";
            for (int i = 0; i < 1000; i++) x = graph.Node("Add", [graph.Node("Tanh", ["input"]), x]);
            return x;
        });
        Refusal(file).Should().NotBeNull();
        string nested = "input";
        byte[] deep = Graphs.File(2, 2, graph =>
        {
            for (int i = 0; i < 1000; i++) nested = graph.Node("Add", ["input", graph.Node("Tanh", [nested])]);
            return nested;
        });
        OnnxImportTests.Refused(deep, "*its branches nest more than 30 deep*");
    }

    [Fact]
    public void Shapes_that_promise_more_than_the_file_has_are_refused()
    {
        OnnxImportTests.Refused(WithTensor([1 << 30, 1], new Matrix(1, 2)), "*constant 'w' has the shape [1073741824, 1], but only * bytes*");
        OnnxImportTests.Refused(WithTensor([1 << 30, 1 << 30], new Matrix(1, 2)), "*has the shape [1073741824, 1073741824]: more than a file of this format can hold*");
        OnnxImportTests.Refused(WithTensor([-2, 1], new Matrix(1, 2)), "*more than a file of this format can hold*");
        OnnxImportTests.Refused(WithTensor([2, 2], new Matrix(1, 2)), "*constant 'w' has 2 values, but its shape [2, 2] takes 4*");
        OnnxImportTests.Refused(WithTensor([2, 1], new Matrix(1, 4)), "*constant 'w' has 4 values, but its shape [2, 1] takes 2*");
        OnnxImportTests.Refused(WithTensor([2, 1], new Matrix([1, float.NaN], 1, 2)), "*constant 'w' has the value NaN at position 1*");
        OnnxImportTests.Refused(WithTensor([2, 1], new Matrix(1, 2), type: 3), "*constant 'w' is of type 3*");
        OnnxImportTests.Refused(WithTensor([2, 1], new Matrix(1, 2), tensor => tensor.Add(14, 1)), "*constant 'w' is stored in another file*");
        OnnxImportTests.Refused(WithTensor([.. Enumerable.Repeat(1, 100)], new Matrix(1, 1)), "*a tensor has more than 8 dimensions*");
    }

    [Fact]
    public void Doubles_and_floats_of_16_bits_are_read_as_floats()
    {
        float[] Weights(int type, params byte[] raw)
        {
            var tensor = new Matrix(1, raw.Length / 4);
            raw.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(tensor.Span));
            return OnnxFile.Load(new MemoryStream(WithTensor([2, 1], tensor, type: type))).Network.NamedParameters()[0].Parameter.Value.Span.ToArray();
        }

        Weights(11, [.. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(-2.0)]).Should().Equal(0.1f, -2);
        Weights(10, [.. BitConverter.GetBytes((Half)0.5), .. BitConverter.GetBytes((Half)(-2))]).Should().Equal(0.5f, -2);
        Weights(16, 0x80, 0x3F, 0x00, 0xC0).Should().Equal(1, -2);
    }

    [Fact]
    public void Inputs_outputs_and_versions_that_no_network_has_are_refused()
    {
        OnnxImportTests.Refused(Graphs.File(2, 2, Relu, opset: 6), "*its operators are of version 6; versions 7 to 25 are read*");
        OnnxImportTests.Refused(Graphs.File(2, 2, Relu, opset: 99), "*its operators are of version 99*");
        OnnxImportTests.Refused(Graphs.File(2, 2, Relu, type: 7), "*its input 'input' has values of type 7*");
        OnnxImportTests.Refused(Graphs.File(2, 2, Relu, change: graph => graph.Add(11, Graphs.Value("second", 1, 2))), "*it has 2 inputs, 'input', 'second'; a network has one*");
        OnnxImportTests.Refused(Graphs.File(2, 2, graph => graph.Node("Relu", [graph.Node("Relu", ["input"])]), change: graph => graph.Add(12, Graphs.Value("Relu", 1, 2))), "*it has 2 outputs of floats*");
        OnnxImportTests.Refused(Graphs.File(2, 2, Relu, change: graph => graph.Add(12, Graphs.Value("nobody", 1, 2))), "*its output 'nobody' is given by no node*");
        OnnxImportTests.Refused(Graphs.File(2, 2, Relu, change: graph => graph.Add(15, new ProtoMessage())), "*sparse tensor*");

        static string Relu(OnnxGraph graph) => graph.Node("Relu", ["input"]);
    }

    // Bytes are changed, the end is cut off or comes from another file, or a part of the message is changed.
    private static byte[] Damaged(byte[] file, byte[] other, Random random)
    {
        switch (random.Next(8))
        {
            case 0: return file[..random.Next(file.Length + 1)];
            case 1: return [.. file[..random.Next(file.Length + 1)], .. other[random.Next(other.Length + 1)..]];
            case 2 when file.Length > 0:
                byte[] changed = [.. file];
                for (int times = random.Next(1, 5); times > 0; times--) changed[random.Next(random.Next(2) == 0 ? Math.Min(400, changed.Length) : changed.Length)] = (byte)random.Next(256);
                return changed;
            default: return ChangedPart(file, Fields(other) ?? [], random);
        }
    }

    // One part of a message is changed, at any depth; the lengths around it are right. Some parts come from another file.
    private static byte[] ChangedPart(byte[] message, List<(ulong Key, byte[] Value)> others, Random random)
    {
        if (Fields(message) is not { Count: > 0 } fields)
        {
            byte[] turned = [.. message];
            if (turned.Length > 0) turned[random.Next(turned.Length)] ^= (byte)(1 << random.Next(8));
            return turned;
        }

        int chosen = random.Next(fields.Count);
        (ulong key, byte[] value) = fields[chosen];
        (ulong Key, byte[] Value)[] same = [.. others.Where(other => other.Key == key)];
        bool isPart = (key & 7) == 2;
        ulong[] numbers = [0, 1, 2, 7, 17, 1 << 20, int.MaxValue, 1UL << 31, 1UL << 40, ulong.MaxValue];
        switch (random.Next(isPart ? 10 : 5))
        {
            case 0: fields.RemoveAt(chosen); break;
            case 1: fields.Insert(random.Next(fields.Count + 1), fields[chosen]); break;
            case 2: fields[chosen] = fields[random.Next(fields.Count)]; break;
            case 3: fields[chosen] = (key & 7) == 0 ? (key, Varint(numbers[random.Next(numbers.Length)])) : (key, [.. value.Select(_ => (byte)random.Next(256))]); break;
            case 4 when same.Length > 0: fields[chosen] = same[random.Next(same.Length)]; break;
            default: fields[chosen] = (key, ChangedPart(value, same.Length > 0 ? Fields(same[random.Next(same.Length)].Value) ?? [] : [], random)); break;
        }

        return [.. fields.SelectMany(field => (byte[])[.. Varint(field.Key), .. (field.Key & 7) == 2 ? Varint((ulong)field.Value.Length) : [], .. field.Value])];
    }

    // Null if the bytes are no message.
    private static List<(ulong Key, byte[] Value)>? Fields(byte[] bytes)
    {
        var fields = new List<(ulong, byte[])>();
        var reader = new ProtoReader("bytes", bytes, new ProtoRange(0, bytes.Length));
        try
        {
            for (int start = 0; reader.Next(); start = reader.Place)
            {
                ulong kind = bytes[start] & 7UL, key = ((ulong)reader.Field << 3) | kind;
                fields.Add((key, reader.IsRange ? reader.Content.ToArray() : bytes[(start + Varint(key).Length)..reader.Place]));
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return fields;
    }

    private static byte[] Varint(ulong value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];

    private static byte[] WithTensor(int[] shape, Matrix values, Func<ProtoMessage, ProtoMessage>? change = null, int type = 1)
    {
        var tensor = new ProtoMessage();
        foreach (int size in shape) tensor.Add(1, size);
        tensor.Add(2, type).Add(8, "w").Add(9, values);
        return Graphs.File(2, 1, graph => graph.Node("MatMul", ["input", "w"]), change: graph => graph.Add(5, change?.Invoke(tensor) ?? tensor));
    }

    private static byte[] Model(byte[] graph)
    {
        var stream = new MemoryStream();
        new ProtoMessage().Add(1, 8).Add(8, new ProtoMessage().Add(2, 17)).Write(stream);
        stream.WriteByte(0x3A);
        for (int rest = graph.Length; ; rest >>= 7)
        {
            stream.WriteByte((byte)(rest < 0x80 ? rest : rest | 0x80));
            if (rest < 0x80) break;
        }

        stream.Write(graph);
        return stream.ToArray();
    }

    private static void AllocatesAtMost(byte[] file, int times, string message)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? problem = Refusal(file);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        problem.Should().NotBeNull();
        problem!.Message.Should().Match(message);
        allocated.Should().BeLessThan((times * (long)file.Length) + (3 << 20));
    }

    // Null if the file was read; anything but a refusal fails the test.
    private static InvalidDataException? Refusal(byte[] file, string name = "the file")
    {
        try
        {
            OnnxFile.Load(new MemoryStream(file));
            return null;
        }
        catch (InvalidDataException problem)
        {
            return problem;
        }
        catch (Exception problem)
        {
            throw new InvalidOperationException($"{name} is neither read nor refused as documented.", problem);
        }
    }
}
