namespace NeuralTrain;

/// <summary>An operator: its name, what it does, what it reads and gives.</summary>
internal sealed record OnnxNode(string Name, string Operator, string Domain, string[] Inputs, string[] Outputs, OnnxAttribute[] Attributes)
{
    /// <summary>An attribute; null if it is left out.</summary>
    public OnnxAttribute? Find(string name) => Array.Find(Attributes, attribute => attribute.Name == name);

    /// <summary>An attribute that is a number; the given one if it is left out.</summary>
    public float Float(string name, float usual) => Find(name)?.Float ?? usual;

    /// <summary>An attribute that is a whole number; the given one if it is left out.</summary>
    public long Integer(string name, long usual) => Find(name)?.Integer ?? usual;

    /// <summary>Name and operator, as messages show them.</summary>
    public override string ToString() => $"node '{Guard.Shorten(Name)}' ({Guard.Shorten(Domain.Length > 0 ? $"{Domain}.{Operator}" : Operator)})";
}

/// <summary>An attribute of an operator.</summary>
internal sealed record OnnxAttribute(string Name, float Float, long Integer, ProtoRange Text, ProtoRange Tensor, ProtoRange Message);

/// <summary>A constant: numbers that stay in the file until they are asked for.</summary>
internal sealed record OnnxTensor(string Name, OnnxType Type, long[] Shape, ProtoRange Message)
{
    /// <summary>The number of values.</summary>
    public long Count { get; init; }

    /// <summary>Whether the file has it with rows and columns exchanged; it has two dimensions then.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>The shape as messages show it.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}

/// <summary>An input or output: its type of values, 0 if it is no tensor, and its sizes, null where they are not known.</summary>
internal sealed record OnnxValue(string Name, OnnxType Type, IReadOnlyList<long?>? Shape);
