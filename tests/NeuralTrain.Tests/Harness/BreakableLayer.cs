namespace NeuralTrain.Tests.Harness;

/// <summary>
/// A correct small layer, y = w·x² + b per value (w and b single numbers), with one switch per way to break it:
/// what the contract's checks must reject.
/// </summary>
public sealed class BreakableLayer(string fault, double offset = 0) : Layer
{
    static BreakableLayer() => LayerKinds.Register(
        "BreakableLayer", settings => new BreakableLayer(settings.Text("fault"), settings.Has("offset") ? settings.Number("offset") : 0));

    private readonly Parameter _w = new("w", 1);
    private readonly Parameter _b = new("b", 1);
    private int _calls;
    private int _forwards;
    private Matrix _lastForward;

    public override IReadOnlyList<Parameter> Parameters => [_w, _b];

    private static readonly Reference Formula = (_, x, p) => References.Map(x, value => (p["w"][0] * value * value) + p["b"][0]);

    /// <summary>The faults, each with the check that must see it.</summary>
    public static IReadOnlyDictionary<string, string> Faults { get; } = new Dictionary<string, string>
    {
        ["wrong value"] = nameof(LayerContract.ForwardAndInferMatchTheFormula),
        ["wrong value in training"] = nameof(LayerContract.ForwardAndInferMatchTheFormula),
        ["wrong sign"] = nameof(LayerContract.GradientsMatchTheFormula),
        ["missing term"] = nameof(LayerContract.GradientsMatchTheFormula),
        ["missing factor"] = nameof(LayerContract.GradientsMatchTheFormula),
        ["ignores the batch"] = nameof(LayerContract.GradientsMatchTheFormula),
        ["divides by the batch"] = nameof(LayerContract.GradientsMatchTheFormula),
        ["wrong for one row"] = nameof(LayerContract.GradientsMatchTheFormulaForOneRow),
        ["keeps the largest batch"] = nameof(LayerContract.GradientsMatchTheFormulaAfterALargerBatch),
        ["overwrites gradients"] = nameof(LayerContract.GradientsAccumulate),
        ["needs an input gradient"] = nameof(LayerContract.AnEmptyInputGradientChangesNothingElse),
        ["adds to the input gradient"] = nameof(LayerContract.WhatIsWrittenIsOverwritten),
        ["adds to the output"] = nameof(LayerContract.WhatIsWrittenIsOverwritten),
        ["writes to the upstream gradient"] = nameof(LayerContract.WhatIsReadStaysUnchanged),
        ["writes to the input"] = nameof(LayerContract.WhatIsReadStaysUnchanged),
        ["learns while it predicts"] = nameof(LayerContract.InferIsPure),
        ["remembers a prediction"] = nameof(LayerContract.InferIsPure),
        ["shares scratch between threads"] = nameof(LayerContract.InferServesManyThreads),
        ["mixes rows"] = nameof(LayerContract.InferTreatsRowsAlone),
        ["allocates"] = nameof(LayerContract.NothingIsAllocatedPerStep),
        ["takes any shape"] = nameof(LayerContract.WrongShapesAreRefused),
        ["writes over its input"] = nameof(LayerContract.SharedMemoryIsRefused),
        ["is its own clone"] = nameof(LayerContract.ACloneGoesOnWithTheSameBits),
        ["forgets a setting"] = nameof(LayerContract.ACloneGoesOnWithTheSameBits),
        ["counts where nobody looks"] = nameof(LayerContract.ACloneGoesOnWithTheSameBits),
        ["forgets a setting in files"] = nameof(LayerContract.SavedAndLoadedItGoesOnWithTheSameBits),
        ["counts where no file has it"] = nameof(LayerContract.SavedAndLoadedItGoesOnWithTheSameBits),
    };

    /// <summary>A case with the given fault, or a sound one for "none".</summary>
    public static LayerCase Case(string fault) => new($"layer that {fault}", () => new BreakableLayer(fault, fault.StartsWith("forgets", StringComparison.Ordinal) ? 0.5 : 0), 5, Formula);

    public string Fault { get; } = fault;

    public double Offset { get; } = offset;

    public override Layer Clone() => Fault switch
    {
        "is its own clone" => this,
        "forgets a setting" or "counts where nobody looks" => WithParameters(new BreakableLayer(Fault)),
        _ => base.Clone(),
    };

    protected override void Describe(Settings settings)
    {
        settings.Set("fault", Fault);
        if (Fault != "forgets a setting in files")
        {
            settings.Set("offset", Offset);
        }
    }

    public override void Infer(Matrix input, Matrix output)
    {
        CheckShapes(input, output);
        Compute(input, output);
        if (Fault == "learns while it predicts")
        {
            _w.Value.Span[0] += 0.01f;
        }

        if (Fault == "remembers a prediction")
        {
            _lastForward = input;
        }

        if (Fault == "shares scratch between threads")
        {
            // Another thread in between changes the number.
            int mine = ++_calls;
            Thread.Sleep(1);
            output[0, 0] += mine == _calls ? 0 : 1;
        }

        if (Fault == "mixes rows" && input.Rows > 1)
        {
            output[1, 0] += output[0, 0];
        }
    }

    public override void Forward(Matrix input, Matrix output)
    {
        CheckShapes(input, output);
        Compute(input, output);
        if (Fault.StartsWith("counts", StringComparison.Ordinal))
        {
            output[0, 0] += ++_forwards;
        }

        if (Fault == "wrong value in training")
        {
            output[0, 0] += 1e-4f;
        }

        if (Fault != "keeps the largest batch" || _lastForward.IsEmpty)
        {
            _lastForward = input;
        }
    }

    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        if (Fault != "takes any shape")
        {
            Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        }

        Span<float> x = input.Span, y = outputGradient.Span;
        float w = _w.Value.Span[0];
        int count = Math.Min(x.Length, y.Length);
        int counted = Fault == "ignores the batch" ? input.Columns : count;
        double wGradient = 0, bGradient = 0;
        Span<float> remembered = Fault is "remembers a prediction" or "keeps the largest batch" ? _lastForward.Span : x;
        for (int i = 0; i < counted; i++)
        {
            wGradient += (double)y[i] * remembered[i] * remembered[i];
            bGradient += Fault == "missing term" ? 0 : y[i];
        }

        float scale = Fault == "divides by the batch" ? 1f / input.Rows : 1;
        scale = Fault == "wrong for one row" && input.Rows == 1 ? 0 : scale;
        if (Fault == "overwrites gradients")
        {
            _w.Gradient.Span[0] = 0;
        }

        if (Fault != "needs an input gradient" || !inputGradient.IsEmpty)
        {
            _w.Gradient.Span[0] += scale * (float)wGradient;
            _b.Gradient.Span[0] += scale * (float)bGradient;
        }

        if (!inputGradient.IsEmpty)
        {
            float factor = Fault switch { "wrong sign" => -2, "missing factor" => 1, _ => 2 };
            for (int i = 0; i < Math.Min(count, inputGradient.Span.Length); i++)
            {
                float gradient = factor * w * x[i] * y[i];
                inputGradient.Span[i] = Fault == "adds to the input gradient" ? inputGradient.Span[i] + gradient : gradient;
            }
        }

        if (Fault == "writes to the upstream gradient")
        {
            y[0] = 0;
        }

        if (Fault == "allocates")
        {
            _ = GC.AllocateUninitializedArray<float>(16).Length;
            GC.KeepAlive(new float[input.Rows]);
        }
    }

    private BreakableLayer WithParameters(BreakableLayer copy)
    {
        for (int i = 0; i < Parameters.Count; i++)
        {
            Parameters[i].Value.CopyTo(copy.Parameters[i].Value);
            copy.Parameters[i].IsTrainable = Parameters[i].IsTrainable;
        }

        return copy;
    }

    private void CheckShapes(Matrix input, Matrix output)
    {
        if (Fault is not ("takes any shape" or "writes over its input"))
        {
            Shapes.CheckForward(this, input, output);
        }
    }

    private void Compute(Matrix input, Matrix output)
    {
        float w = _w.Value.Span[0], b = _b.Value.Span[0];
        for (int i = 0; i < Math.Min(input.Span.Length, output.Span.Length); i++)
        {
            float x = input.Span[i];
            float y = (w * x * x) + b + (Fault == "wrong value" ? 1e-4f : 0) + (float)Offset;
            output.Span[i] = Fault == "adds to the output" ? output.Span[i] + y : y;
        }

        if (Fault == "writes to the input")
        {
            input.Span[0] += 1;
        }
    }
}
