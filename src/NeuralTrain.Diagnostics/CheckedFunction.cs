namespace NeuralTrain;

/// <summary>A layer, a loss, or a layer with a loss, as a scalar function of input and parameters, with the gradient its backward pass returns.</summary>
/// <remarks>
/// Without a loss, its value is the sum of the outputs, each times a fixed random number: the upstream gradient. A loss alone is checked after an
/// <see cref="Identity"/>, whose input is then the prediction.
/// </remarks>
internal sealed class CheckedFunction
{
    /// <summary>What to do about a random layer.</summary>
    public const string WithoutRandomness = "Switch its randomness off (p = 0 for dropout) and check again.";

    private readonly Layer _layer;
    private readonly Loss? _loss;
    private readonly Matrix _input, _target, _output, _upstream;
    private readonly (Parameter Parameter, float[] Value, float[] Gradient)[] _before;

    public CheckedFunction(Layer? layer, Loss? loss, Matrix input, Matrix target, Random random, bool moveParameters)
    {
        _layer = layer ?? new Identity();
        (_loss, _input, _target) = (loss, input.Clone(), target.Clone());
        _output = new Matrix(input.Rows, _layer.OutputSize(input.Columns));
        _upstream = new Matrix(_output.Rows, _output.Columns);
        IReadOnlyList<(string Path, Parameter Parameter)> parameters = _layer.NamedParameters();
        _before = [.. parameters.Select(named => (named.Parameter, named.Parameter.Value.Span.ToArray(), named.Parameter.Gradient.Span.ToArray()))];
        Arrays =
        [
            new CheckedArray(layer is null ? "(prediction)" : "(input)", _input, null),
            .. parameters.Where(named => !named.Parameter.IsStatistic).Select(named => new CheckedArray(named.Path, named.Parameter.Value, named.Parameter)),
        ];
        if (moveParameters) MoveParameters(random);

        // Away from 0, so that every output counts.
        foreach (ref float value in _upstream.Span) value = (float)((0.5 + (0.5 * random.NextDouble())) * (random.Next(2) == 0 ? -1 : 1));
        Name = layer is null ? $"{loss} on {input.Shape} predictions" : $"{layer}{(loss is null ? "" : $" with {loss}")} on a {input.Shape} input";
    }

    /// <summary>The name that the table shows.</summary>
    public string Name { get; }

    /// <summary>The arrays the function depends on, the input first.</summary>
    public IReadOnlyList<CheckedArray> Arrays { get; }

    /// <summary>The number of terms whose sum is the value.</summary>
    public int TermCount => _loss is null ? _output.Span.Length : 1;

    /// <summary>The number of values, each rounded to float32 separately, that make up a term.</summary>
    public int ValuesPerTerm => _output.Span.Length / TermCount;

    /// <summary>Computes the terms whose sum is the value; separately, because terms that a step does not change cancel without rounding.</summary>
    public void Evaluate(Span<double> terms)
    {
        Forward();
        for (int i = 0; i < terms.Length; i++) terms[i] = _loss?.Evaluate(_output, _target) ?? (double)_upstream.Span[i] * _output.Span[i];
    }

    /// <summary>What makes a check impossible here: an output that is not finite, or that a second pass does not repeat; null if nothing does.</summary>
    public string? FindObstacle(List<string> problems)
    {
        NoteIfWritten(problems, "Forward", [("its input", _input)], Forward);
        if (problems.Count > 0) return "Nothing else was checked, because each pass works on another input.";

        float[] first = _output.Span.ToArray();
        int place = Array.FindIndex(first, value => !float.IsFinite(value));
        if (place >= 0) return $"Forward gives {first[place]} at {CheckedArray.Place(_output, place)} of its output: correct the formula, or pass another input.";

        // With few values a mask may repeat by chance, hardly several times in a row.
        for (int repeat = 0; repeat < 8; repeat++)
        {
            Forward();
            place = FirstDifference(first, _output.Span);
            if (place >= 0) return $"The layer is random: two calls of Forward with the same input gave {first[place]} and {_output.Span[place]} at {CheckedArray.Place(_output, place)}. {WithoutRandomness}";
        }

        return null;
    }

    /// <summary>Runs the backward pass, fills <see cref="CheckedArray.Analytic"/>, and notes the rules it breaks.</summary>
    public void Differentiate(List<string> problems)
    {
        Forward();
        if (_loss is not null)
        {
            double alone = _loss.Evaluate(_output, _target), withGradient = 0;
            _upstream.Span.Fill(float.NaN);
            NoteIfWritten(problems, "Compute", [("the prediction", _output), ("the target", _target)], () => withGradient = _loss.Evaluate(_output, _target, _upstream));
            if (Math.Abs(alone - withGradient) > 1e-5 * Math.Max(Math.Abs(alone), Math.Abs(withGradient))) problems.Add($"Compute must return the same loss with and without a gradient, but returned {withGradient:g9} with one and {alone:g9} without.");
        }

        foreach (CheckedArray array in Arrays) array.Parameter?.Gradient.Span.Clear();

        // What Backward does not overwrite stays NaN and is found.
        var inputGradient = new Matrix(_input.Rows, _input.Columns);
        inputGradient.Span.Fill(float.NaN);
        NoteIfWritten(
            problems, "Backward", [("its input", _input), ("its output", _output), ("its outputGradient", _upstream)],
            () => _layer.Backward(_input, _output, _upstream, inputGradient));
        foreach (CheckedArray array in Arrays) array.Analytic = (array.Parameter?.Gradient ?? inputGradient).Span.ToArray();
        RequireAccumulation(problems);
    }

    /// <summary>Puts parameters, statistics and gradients back, bit for bit.</summary>
    public void Restore()
    {
        foreach ((Parameter parameter, float[] value, float[] gradient) in _before)
        {
            value.CopyTo(parameter.Value.Span);
            gradient.CopyTo(parameter.Gradient.Span);
        }
    }

    // A second pass on top of the first, this time as the first layer of a network gets it: without an input gradient to fill.
    private void RequireAccumulation(List<string> problems)
    {
        CheckedArray[] trained = [.. Arrays.Where(array => array.Parameter is { IsTrainable: true })];
        if (trained.Length == 0) return;

        Forward();
        _layer.Backward(_input, _output, _upstream, default);
        foreach (CheckedArray array in trained)
        {
            float[] once = array.Analytic, twice = array.Parameter!.Gradient.Span.ToArray();
            float largest = once.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
            int place = Enumerable.Range(0, once.Length).FirstOrDefault(i => float.IsFinite(once[i]) && !(Math.Abs(twice[i] - (2.0 * once[i])) <= 1e-4 * largest), -1);
            if (place >= 0) problems.Add($"Backward must add to the gradients of parameters, also with an empty inputGradient: that of {array.Name}{array.Place(place)} is {once[place]} after one pass and {twice[place]} after a second with an empty inputGradient, instead of {2 * once[place]}.");
        }
    }

    // By a tenth of the array's own size, so that a scale stays positive and a network as active as it was.
    private void MoveParameters(Random random)
    {
        foreach (CheckedArray array in Arrays.Where(array => array.Parameter is not null))
        {
            double size = ArrayCheck.RootMeanSquare(array.Values.Span), reach = size > 0 ? 0.1 * size : 0.1;
            foreach (ref float value in array.Values.Span) value += (float)(reach * ((2 * random.NextDouble()) - 1));
        }
    }

    // Each training pass moves the statistics: the passes that are compared all begin with the same ones.
    private void Forward()
    {
        foreach ((Parameter parameter, float[] value, _) in _before.Where(before => before.Parameter.IsStatistic)) value.CopyTo(parameter.Value.Span);
        _layer.Forward(_input, _output);
    }

    // Notes what a pass wrote to although it may only read it, and puts it back.
    private static void NoteIfWritten(List<string> problems, string who, (string Name, Matrix Values)[] readOnly, Action pass)
    {
        float[][] before = [.. readOnly.Select(matrix => matrix.Values.Span.ToArray())];
        pass();
        foreach (((string name, Matrix values), float[] old) in readOnly.Zip(before))
        {
            int place = FirstDifference(old, values.Span);
            if (place < 0) continue;
            problems.Add($"{who} must only read {name}, but changed its value {CheckedArray.Place(values, place)} from {old[place]} to {values.Span[place]}.");
            old.CopyTo(values.Span);
        }
    }

    // The first place where two arrays differ in bits, or −1.
    private static int FirstDifference(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        int same = 0;
        while (same < before.Length && BitConverter.SingleToUInt32Bits(before[same]) == BitConverter.SingleToUInt32Bits(after[same])) same++;

        return same < before.Length ? same : -1;
    }
}

/// <summary>An array whose gradient is checked: the values that are moved, and what the backward pass says of each.</summary>
internal sealed class CheckedArray(string name, Matrix values, Parameter? parameter)
{
    public string Name => name;

    public Matrix Values => values;

    /// <summary>The parameter it belongs to; null for the input.</summary>
    public Parameter? Parameter => parameter;

    /// <summary>The gradient that the backward pass gave.</summary>
    public float[] Analytic { get; set; } = [];

    /// <summary>The position, as the table shows it.</summary>
    public string Place(int index) => parameter?.Shape.Count == 1 ? $"[{index}]" : Place(values, index);

    public static string Place(Matrix matrix, int index) => $"[{index / matrix.Columns}, {index % matrix.Columns}]";
}
