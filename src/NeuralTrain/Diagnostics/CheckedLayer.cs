namespace NeuralTrain;

/// <summary>
/// A layer as a function of its parameters and its input: to a loss of its output, or, without one, to the sum of its outputs,
/// each times a fixed random number (the upstream gradient).
/// </summary>
internal sealed class CheckedLayer : CheckedFunction
{
    private readonly Layer _layer;
    private readonly LayerSnapshot _snapshot;
    private readonly Matrix _input;
    private readonly Matrix _output;
    private readonly Matrix _outputGradient;
    private readonly Loss? _loss;
    private readonly Matrix _target;
    private readonly CheckedArray _inputArray;
    private readonly List<(CheckedArray Array, Parameter Parameter)> _learnt = [];

    public CheckedLayer(Layer layer, LayerSnapshot snapshot, Matrix input, Loss? loss, Matrix target, Random random)
    {
        _layer = layer;
        _snapshot = snapshot;
        _input = input;
        _output = new Matrix(input.Rows, layer.OutputSize(input.Columns));
        _outputGradient = new Matrix(_output.Rows, _output.Columns);
        _loss = loss;
        _target = target;
        foreach (ref float value in _outputGradient.Span)
        {
            // Away from 0, so that every output counts.
            value = (float)((0.5 + (0.5 * random.NextDouble())) * (random.Next(2) == 0 ? -1 : 1));
        }

        _inputArray = new CheckedArray("(input)", input, IsVector: false);
        var arrays = new List<CheckedArray> { _inputArray };
        foreach ((string path, Parameter parameter) in layer.NamedParameters())
        {
            if (!parameter.IsStatistic)
            {
                var array = new CheckedArray(path, parameter.Value, parameter.Shape.Count == 1) { IsFrozen = !parameter.IsTrainable };
                arrays.Add(array);
                if (parameter.IsTrainable)
                {
                    _learnt.Add((array, parameter));
                }
            }
        }

        Arrays = arrays;
    }

    public override string Name => _loss is null ? $"{_layer} on a {_input} input" : $"{_layer} with {_loss} on a {_input} input";

    public override IReadOnlyList<CheckedArray> Arrays { get; }

    public override int TermCount => _loss is null ? _output.Span.Length : 1;

    public override int ValuesPerTerm => _loss is null ? 1 : _output.Span.Length;

    public override void Evaluate(Span<double> terms)
    {
        Forward();
        if (_loss is not null)
        {
            terms[0] = _loss.Evaluate(_output, _target);
            return;
        }

        ReadOnlySpan<float> outputs = _output.Span, upstream = _outputGradient.Span;
        for (int i = 0; i < outputs.Length; i++)
        {
            terms[i] = (double)upstream[i] * outputs[i];
        }
    }

    /// <summary>
    /// What hinders a check at this point: an output that is not finite, or that another pass does not repeat; null if nothing
    /// does.
    /// </summary>
    public string? FindObstacle(List<string> problems)
    {
        float[] inputBefore = _input.Span.ToArray();
        Forward();
        NoteIfWritten(problems, "Forward", "its input", inputBefore, _input);
        if (problems.Count > 0)
        {
            return "Nothing else was checked, because each pass works on another input.";
        }

        float[] first = _output.Span.ToArray();
        for (int i = 0; i < first.Length; i++)
        {
            if (!float.IsFinite(first[i]))
            {
                return FormattableString.Invariant(
                    $"Forward gives {first[i]} at [{i / _output.Columns}, {i % _output.Columns}] of its output: look at the formula, or pass an input it is defined for.");
            }
        }

        // A mask may repeat by chance when there are few values, hardly several times in a row.
        for (int repeat = 0; repeat < 8; repeat++)
        {
            Forward();
            int place = FirstDifference(first, _output.Span);
            if (place >= 0)
            {
                return FormattableString.Invariant(
                    $"The layer is random: two calls of Forward with the same input gave {first[place]} and {_output.Span[place]} at [{place / _output.Columns}, {place % _output.Columns}]. Differences of a random function say nothing; switch its randomness off (for dropout p = 0, for noise a deviation of 0) and check again.");
            }
        }

        return null;
    }

    public override void Differentiate(List<string> problems)
    {
        float[] inputBefore = _input.Span.ToArray();
        Forward();
        _loss?.Evaluate(_output, _target, _outputGradient);

        foreach ((_, Parameter parameter) in _learnt)
        {
            parameter.Gradient.Span.Clear();
        }

        // Whatever Backward does not overwrite stays NaN and is found.
        var inputGradient = new Matrix(_input.Rows, _input.Columns);
        inputGradient.Span.Fill(float.NaN);
        float[] outputBefore = _output.Span.ToArray(), upstreamBefore = _outputGradient.Span.ToArray();
        _layer.Backward(_input, _output, _outputGradient, inputGradient);
        NoteIfWritten(problems, "Backward", "its input", inputBefore, _input);
        NoteIfWritten(problems, "Backward", "its output", outputBefore, _output);
        NoteIfWritten(problems, "Backward", "its outputGradient", upstreamBefore, _outputGradient);
        inputBefore.CopyTo(_input.Span);
        upstreamBefore.CopyTo(_outputGradient.Span);

        _inputArray.Analytic = inputGradient.Span.ToArray();
        foreach ((CheckedArray array, Parameter parameter) in _learnt)
        {
            array.Analytic = parameter.Gradient.Span.ToArray();
        }

        RequireAccumulation(problems);
    }

    // A second pass on top of the first, this time as the first layer of a network gets it: without an input gradient to fill.
    private void RequireAccumulation(List<string> problems)
    {
        if (_learnt.Count == 0)
        {
            return;
        }

        Forward();
        _layer.Backward(_input, _output, _outputGradient, default);
        foreach ((CheckedArray array, Parameter parameter) in _learnt)
        {
            float largest = array.Analytic.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
            for (int i = 0; i < array.Analytic.Length; i++)
            {
                float once = array.Analytic[i], twice = parameter.Gradient.Span[i];
                if (float.IsFinite(once) && !(Math.Abs(twice - (2.0 * once)) <= 1e-4 * largest))
                {
                    problems.Add(FormattableString.Invariant(
                        $"Backward must add to the gradients of parameters, also when inputGradient is empty: that of {array.Name}{array.Place(i)} is {once} after one pass and {twice} after a second with an empty inputGradient, instead of {2 * once}."));
                    break;
                }
            }
        }
    }

    private void Forward()
    {
        _snapshot.RestoreStatistics();
        _layer.Forward(_input, _output);
    }
}
