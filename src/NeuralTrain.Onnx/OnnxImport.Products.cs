namespace NeuralTrain;

/// <content>Activations that are products of their input and a function of it: GELU, SiLU, Mish.</content>
internal sealed partial class OnnxImport
{
    // So many steps within one formula.
    private const int MaxFactors = 8;

    private const double SqrtHalf = 0.70710678118654752, SqrtTwoOverPi = 0.79788456080286536, Cubic = 0.044715;

    private (Layer, Value)? Gated(Value value)
    {
        if (Factors(value) is not (double factor, [Value one, Value other])) return null;
        return Gated(factor, one, other) is Layer layer ? (layer, one) : Gated(factor, other, one) is Layer turned ? (turned, other) : null;
    }

    private Layer? Gated(double factor, Value x, Value gate)
    {
        if (IsNear(factor, 1) && Input(gate, "Sigmoid") == x) return new SiLU();
        if (IsNear(factor, 1) && Input(gate, "Tanh") is Value inner && Input(inner, "Softplus") == x) return new Mish();
        if (!IsNear(factor, 0.5) || gate.Node is not { Operator: "Add", Domain: "" } sum || Parts(sum) is not (Value function, OnnxTensor one, _) || Scalar(one) is not 1) return null;

        // 0.5·x·(1 + erf(√½·x)), and 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))
        if (Input(function, "Erf") is Value scaled && Factors(scaled) is (double half, [Value erfOf])) return erfOf == x && IsNear(half, SqrtHalf) ? new GELU() : null;
        return Input(function, "Tanh") is Value argument && Factors(argument) is (double root, [{ Node: { Operator: "Add", Domain: "" } cubic }]) && IsNear(root, SqrtTwoOverPi)
            && _values.GetValueOrDefault(cubic.Inputs[0]) is Value first && _values.GetValueOrDefault(cubic.Inputs[1]) is Value second
            && (first == x ? second : second == x ? first : null) is Value power && Factors(power) is (double coefficient, [Value a, Value b, Value c])
            && a == x && b == x && c == x && IsNear(coefficient, Cubic)
            ? new GELU(approximate: true)
            : null;
    }

    // A value as the product of a number and others; what is used elsewhere too stays whole.
    private (double Factor, List<Value> Values)? Factors(Value value)
    {
        double factor = 1;
        var values = new List<Value>();
        return Collect(value, isRoot: true, 0) && values.Count <= MaxFactors ? (factor, values) : null;

        bool Collect(Value part, bool isRoot, int depth)
        {
            if (depth > MaxFactors) return false;
            OnnxNode? node = isRoot || part.Uses == 1 ? part.Node : null;
            if (node is { Domain: "", Operator: "Mul", Inputs.Length: 2 })
            {
                if (Parts(node) is not (Value x, OnnxTensor constant, _)) return Collect(Data(node, 0), false, depth + 1) && Collect(Data(node, 1), false, depth + 1);
                if (Scalar(constant) is double number)
                {
                    factor *= number;
                    return Collect(x, false, depth + 1);
                }
            }
            else if (node is { Domain: "", Operator: "Div" or "Pow" } && Parts(node) is (Value x, OnnxTensor constant, false) && Scalar(constant) is double number)
            {
                if (node.Operator == "Div")
                {
                    factor /= number;
                    return Collect(x, false, depth + 1);
                }

                if (number is 2 or 3)
                {
                    values.AddRange(Enumerable.Repeat(x, (int)number));
                    return true;
                }
            }

            values.Add(part);
            return true;
        }
    }
}
