using System.Text;

namespace NeuralTrain;

/// <summary>An ONNX file as its parts: operators, constants, inputs and outputs. Numbers stay in the file until they are asked for.</summary>
internal sealed partial class OnnxGraphFile
{
    /// <summary>Whole numbers of 32 bits, a type that is only read.</summary>
    public const OnnxType ShortNumber = (OnnxType)6;

    // Floats of 16 bits: IEEE's, and those that are the upper half of 32.
    private const OnnxType Half = (OnnxType)10, Brain = (OnnxType)16;

    private const int OldestOpset = 7, NewestOpset = 25;

    private readonly byte[] _bytes;
    private readonly MemoryBudget _budget;

    private OnnxGraphFile(byte[] bytes, string file, MemoryBudget budget) => (_bytes, File, _budget) = (bytes, file, budget);

    /// <summary>The file as messages name it.</summary>
    public string File { get; }

    /// <summary>The operators, each after those it reads from.</summary>
    public List<OnnxNode> Nodes { get; } = [];

    /// <summary>The constants by name.</summary>
    public Dictionary<string, OnnxTensor> Tensors { get; } = [];

    /// <summary>What the graph takes, including constants in old files.</summary>
    public List<OnnxValue> Inputs { get; } = [];

    /// <summary>What it gives.</summary>
    public List<OnnxValue> Outputs { get; } = [];

    /// <summary>The texts that go with it, by name.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of a version that is not known.</exception>
    public static OnnxGraphFile Read(byte[] bytes, string file, MemoryBudget budget)
    {
        var graph = new OnnxGraphFile(bytes, file, budget);
        graph.ReadModel();
        return graph;
    }

    private void ReadModel()
    {
        ProtoReader reader = Reader(new ProtoRange(0, _bytes.Length));
        ProtoRange? graph = null;
        long? opset = null;
        while (reader.Next())
        {
            if (!reader.IsRange) continue;
            switch (reader.Field)
            {
                case 7: graph = reader.Range; break;
                case 8:
                    (string domain, long version) = Opset(reader.Range);
                    if (domain is "" or "ai.onnx") opset = version;
                    break;
                case 14:
                    (string key, string text) = Pair(reader.Range);
                    Metadata[key] = text;
                    break;
            }

            _budget.Take();
        }

        if (graph is not ProtoRange found || opset is null) throw FileProblem.At(File, 0, "there is no graph of operators of ai.onnx in it. This is not an ONNX file, or it is damaged.");
        if (opset is < OldestOpset or > NewestOpset) throw FileProblem.At(File, 0, $"its operators are of version {opset}; versions {OldestOpset} to {NewestOpset} are read. Export it again with opset {Math.Clamp(opset.Value, OldestOpset, NewestOpset)}; 17 is usual.");
        ReadGraph(found);
    }

    private void ReadGraph(ProtoRange range)
    {
        ProtoReader reader = Reader(range);
        while (reader.Next())
        {
            if (!reader.IsRange) continue;
            _budget.Take();
            switch (reader.Field)
            {
                case 1: Nodes.Add(ReadNode(reader.Range)); break;
                case 5:
                    OnnxTensor tensor = ReadTensor(reader.Range);
                    if (!Tensors.TryAdd(tensor.Name, tensor)) throw Refuse(tensor, "is there twice. The file is damaged");
                    break;
                case 11: Inputs.Add(ReadValue(reader.Range)); break;
                case 12: Outputs.Add(ReadValue(reader.Range)); break;
                case 15: throw FileProblem.At(File, reader.Range.Start, "a constant is stored as a sparse tensor, which is not read. Export it as a dense one.");
            }
        }
    }

    private OnnxNode ReadNode(ProtoRange range)
    {
        var (inputs, outputs, attributes) = (new List<string>(), new List<string>(), new List<OnnxAttribute>());
        string name = "", operation = "", domain = "";
        ProtoReader reader = Reader(range);
        while (reader.Next())
        {
            if (!reader.IsRange) continue;
            _budget.Take();
            switch (reader.Field)
            {
                case 1: inputs.Add(Text(reader.Range)); break;
                case 2: outputs.Add(Text(reader.Range)); break;
                case 3: name = Text(reader.Range); break;
                case 4: operation = Text(reader.Range); break;
                case 5: attributes.Add(ReadAttribute(reader.Range)); break;
                case 7: domain = Text(reader.Range); break;
            }
        }

        return new OnnxNode(name.Length > 0 ? name : outputs.FirstOrDefault() ?? "", operation, domain is "ai.onnx" ? "" : domain, [.. inputs], [.. outputs], [.. attributes]);
    }

    private OnnxAttribute ReadAttribute(ProtoRange range)
    {
        string name = "";
        float number = 0;
        long whole = 0;
        ProtoRange text = default, tensor = default;
        ProtoReader reader = Reader(range);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = Text(reader.Range); break;
                case 2: number = reader.Float; break;
                case 3: whole = reader.Number; break;
                case 4: text = reader.Range; break;
                case 5: tensor = reader.Range; break;
            }
        }

        return new OnnxAttribute(name, number, whole, text, tensor, range);
    }

    private OnnxTensor ReadTensor(ProtoRange range)
    {
        var shape = new List<long>();
        string name = "";
        OnnxType type = 0;
        bool isElsewhere = false;
        ProtoReader reader = Reader(range);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: AddIntegers(reader, shape); break;
                case 2: type = (OnnxType)reader.Number; break;
                case 8: name = Text(reader.Range); break;
                case 13: isElsewhere = true; break;
                case 14: isElsewhere |= reader.Number == 1; break;
            }

            if (shape.Count > 8) throw FileProblem.At(File, range.Start, "a tensor has more than 8 dimensions; those of a dense network have at most two.");
        }

        var tensor = new OnnxTensor(name, type, [.. shape], range);
        if (isElsewhere) throw Refuse(tensor, "is stored in another file. Export the model as a single file");
        long count = 1;
        foreach (long size in shape)
        {
            if (size < 0 || (size > 0 && count > int.MaxValue / size)) throw Refuse(tensor, $"has the shape {tensor.ShapeText}: more than a file of this format can hold");
            count *= size;
        }

        return tensor with { Count = count };
    }

    private OnnxValue ReadValue(ProtoRange range)
    {
        string name = "";
        OnnxType type = 0;
        List<long?>? shape = null;
        ProtoReader reader = Reader(range);
        while (reader.Next())
        {
            if (reader.Field == 1) name = Text(reader.Range);
            if (reader.Field != 2 || !reader.IsRange) continue;
            ProtoReader kind = Reader(reader.Range);
            while (kind.Next())
            {
                if (kind.Field != 1 || !kind.IsRange) continue;
                ProtoReader tensor = Reader(kind.Range);
                while (tensor.Next())
                {
                    if (tensor.Field == 1) type = (OnnxType)tensor.Number;
                    if (tensor.Field == 2) shape = ReadShape(tensor.Range);
                }
            }
        }

        return new OnnxValue(name, type, shape);
    }

    // Null for a size that has a name or is not known.
    private List<long?> ReadShape(ProtoRange range)
    {
        var shape = new List<long?>();
        ProtoReader reader = Reader(range);
        while (reader.Next())
        {
            _budget.Take();
            if (reader.Field != 1 || !reader.IsRange) continue;
            long? size = null;
            ProtoReader dimension = Reader(reader.Range);
            while (dimension.Next())
            {
                if (dimension.Field == 1) size = dimension.Number;
            }

            shape.Add(size > 0 ? size : null);
        }

        return shape;
    }

    private (string Domain, long Version) Opset(ProtoRange range)
    {
        (string domain, long version) = ("", 0);
        ProtoReader reader = Reader(range);
        while (reader.Next())
        {
            if (reader.Field == 1) domain = Text(reader.Range);
            if (reader.Field == 2) version = reader.Number;
        }

        return (domain, version);
    }

    private (string Key, string Text) Pair(ProtoRange range)
    {
        (string key, string text) = ("", "");
        ProtoReader reader = Reader(range);
        while (reader.Next())
        {
            if (reader.Field == 1) key = Text(reader.Range);
            if (reader.Field == 2) text = Text(reader.Range);
        }

        return (key, text);
    }

    private ProtoReader Reader(ProtoRange range) => new(File, _bytes, range);

    private string Text(ProtoRange range)
    {
        _budget.Take(sizeof(char) * (double)range.Length);
        return Encoding.UTF8.GetString(_bytes, range.Start, range.Length);
    }

    private InvalidDataException Refuse(OnnxTensor tensor, string what) => FileProblem.At(File, tensor.Message.Start, $"the constant '{Guard.Shorten(tensor.Name)}' {what}.");
}
