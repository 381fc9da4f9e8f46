namespace NeuralTrain.Tests.Harness;

/// <summary>
/// The promises every optimizer makes, each as a check that throws <see cref="ContractViolationException"/> when it is broken.
/// That the checks reject broken optimizers is tested in <see cref="OptimizerContractCheckerTests"/>.
/// </summary>
public static class OptimizerContract
{
    /// <summary>All checks by name: the rows of the contract table.</summary>
    public static IReadOnlyDictionary<string, Action<OptimizerCase>> Checks { get; } = new Dictionary<string, Action<OptimizerCase>>
    {
        [nameof(StepsFollowTheRule)] = StepsFollowTheRule,
        [nameof(StepsFollowTheRuleWithL2)] = StepsFollowTheRuleWithL2,
        [nameof(StepsFollowTheRuleWhileTheRateChanges)] = StepsFollowTheRuleWhileTheRateChanges,
        [nameof(TinyAndZeroGradientsFollowTheRule)] = TinyAndZeroGradientsFollowTheRule,
        [nameof(WhatFadesComesToRest)] = WhatFadesComesToRest,
        [nameof(StepClearsTheGradients)] = StepClearsTheGradients,
        [nameof(BiasesGetNoL2)] = BiasesGetNoL2,
        [nameof(FrozenParametersRest)] = FrozenParametersRest,
        [nameof(LayersHaveRatesOfTheirOwn)] = LayersHaveRatesOfTheirOwn,
        [nameof(ClippingByNormComesBeforeTheRule)] = ClippingByNormComesBeforeTheRule,
        [nameof(ClippingByValueComesBeforeTheRule)] = ClippingByValueComesBeforeTheRule,
        [nameof(TheStateIsTheOptimizersOwn)] = TheStateIsTheOptimizersOwn,
        [nameof(NothingIsAllocatedPerStep)] = NothingIsAllocatedPerStep,
    };

    /// <summary>Eight steps lie at the double-precision rule after each of them.</summary>
    public static void StepsFollowTheRule(OptimizerCase optimizerCase)
    {
        var run = new OptimizerRun(optimizerCase);
        for (int step = 1; step <= 8; step++)
        {
            run.Step();
            run.RequireMatch($"after step {step}");
            Require(run.Optimizer.StepCount == step, $"{optimizerCase} has taken {step} steps and counts {run.Optimizer.StepCount}.");
        }
    }

    /// <summary>The same with L2, whose gradient 2λw is as large as the rest.</summary>
    public static void StepsFollowTheRuleWithL2(OptimizerCase optimizerCase)
    {
        var run = new OptimizerRun(optimizerCase);
        run.Optimizer.L2 = 0.3;
        for (int step = 1; step <= 8; step++)
        {
            run.Step();
            run.RequireMatch($"with L2 after step {step}");
        }
    }

    /// <summary>The same while a schedule changes the learning rate, down to 0 and up again.</summary>
    public static void StepsFollowTheRuleWhileTheRateChanges(OptimizerCase optimizerCase)
    {
        var run = new OptimizerRun(optimizerCase);
        foreach (double rate in new[] { 0.05, 0.1, 0.02, 0, 0.2, 0.01 })
        {
            run.Optimizer.LearningRate = rate;
            run.Step();
            run.RequireMatch($"after a step at rate {rate}");
        }
    }

    /// <summary>Gradients near and at 0, from the first step on, divide nothing by zero.</summary>
    public static void TinyAndZeroGradientsFollowTheRule(OptimizerCase optimizerCase)
    {
        foreach (double size in new[] { 0, 1e-6 })
        {
            var run = new OptimizerRun(optimizerCase);
            for (int step = 1; step <= 5; step++)
            {
                run.Step(size);
                run.RequireMatch($"with gradients of size {size} after step {step}");
            }
        }
    }

    /// <summary>
    /// Long after the last gradient no velocity or mean is left: values put to 0 stay exactly 0, where a remnant among the slow subnormal
    /// numbers would move them.
    /// </summary>
    public static void WhatFadesComesToRest(OptimizerCase optimizerCase)
    {
        var run = new OptimizerRun(optimizerCase);
        run.Step();
        for (int i = 0; i < 2000; i++)
        {
            run.Optimizer.Step();
        }

        foreach (Parameter parameter in run.Parameters)
        {
            parameter.Value.Span.Clear();
        }

        run.Optimizer.Step();
        foreach (Parameter parameter in run.Parameters)
        {
            foreach (float value in parameter.Value.Span)
            {
                Require(value == 0, $"{optimizerCase} still moves '{parameter.Name}' by {value} long after its last gradient.");
            }
        }
    }

    /// <summary>After a step all gradients are 0, those of frozen parameters too.</summary>
    public static void StepClearsTheGradients(OptimizerCase optimizerCase)
    {
        var run = new OptimizerRun(optimizerCase);
        run.Parameters[1].IsTrainable = false;
        run.Step();
        foreach (Parameter parameter in run.Parameters)
        {
            foreach (float gradient in parameter.Gradient.Span)
            {
                Require(gradient == 0, $"{optimizerCase} leaves the gradient {gradient} in '{parameter.Name}'.");
            }
        }
    }

    /// <summary>The biases go the same way, bit for bit, with L2 and without.</summary>
    public static void BiasesGetNoL2(OptimizerCase optimizerCase)
    {
        var plain = new OptimizerRun(optimizerCase);
        var regularized = new OptimizerRun(optimizerCase);
        regularized.Optimizer.L2 = 0.3;
        plain.Steps(5);
        regularized.Steps(5);
        Require(
            regularized.Parameters[^1].Value.Span.SequenceEqual(plain.Parameters[^1].Value.Span),
            $"{optimizerCase} with L2 moves the biases otherwise than without.");
    }

    /// <summary>A frozen parameter keeps its value, takes no decay, and goes on from its old state and count when it thaws.</summary>
    public static void FrozenParametersRest(OptimizerCase optimizerCase)
    {
        var run = new OptimizerRun(optimizerCase);
        run.Optimizer.L2 = 0.1;
        run.Steps(3);
        Parameter frozen = run.Parameters[2];
        float[] before = frozen.Value.Span.ToArray();
        frozen.IsTrainable = false;
        run.Steps(3);
        Require(frozen.Value.Span.SequenceEqual(before), $"{optimizerCase} moves a frozen parameter.");
        frozen.IsTrainable = true;
        run.Steps(3);
        run.RequireMatch("after freezing and thawing");
    }

    /// <summary>A layer's own factor multiplies the rate for its parameters alone, also after the rate changes.</summary>
    public static void LayersHaveRatesOfTheirOwn(OptimizerCase optimizerCase)
    {
        var run = new OptimizerRun(optimizerCase);
        run.Optimizer.SetRate(run.Network, 3);
        run.Optimizer.SetRate(run.Network.Children[0], 0.25);
        Array.Fill(run.Rates, 0.25);
        run.Rates[^1] = 3;
        run.Steps(3);
        run.Optimizer.LearningRate = 0.02;
        run.Steps(3);
        run.RequireMatch("with rates by layer");
    }

    /// <summary>g·min(1, c/‖g‖) over all trainable parameters together; the norm before clipping is reported.</summary>
    public static void ClippingByNormComesBeforeTheRule(OptimizerCase optimizerCase)
    {
        foreach (double limit in new[] { 0.5, 1000 })
        {
            var run = new OptimizerRun(optimizerCase);
            run.Optimizer.L2 = 0.1;
            run.Optimizer.ClipNorm = limit;
            run.Parameters[1].IsTrainable = false;
            double norm = 0;
            run.Prepare = gradients =>
            {
                norm = Math.Sqrt(gradients.Where((_, p) => p != 1).Sum(values => values.Sum(value => value * value)));
                return [.. gradients.Select(values => values.Select(value => value * Math.Min(1, limit / norm)).ToArray())];
            };
            for (int step = 1; step <= 5; step++)
            {
                run.Step();
                run.RequireMatch($"clipped to the norm {limit} after step {step}");
                double? reported = run.Optimizer.LastGradientNorm;
                Require(
                    Math.Abs((reported ?? 0) - norm) <= 1e-6 * norm, $"{optimizerCase} reports the norm {reported} instead of {norm}.");
            }
        }
    }

    /// <summary>Each value of a gradient is cut to ±c, after clipping by norm.</summary>
    public static void ClippingByValueComesBeforeTheRule(OptimizerCase optimizerCase)
    {
        var run = new OptimizerRun(optimizerCase);
        run.Optimizer.L2 = 0.1;
        run.Optimizer.ClipNorm = 1.5;
        run.Optimizer.ClipValue = 0.3;
        run.Prepare = gradients =>
        {
            double norm = Math.Sqrt(gradients.Sum(values => values.Sum(value => value * value)));
            return [.. gradients.Select(values => values.Select(value => Math.Clamp(value * Math.Min(1, 1.5 / norm), -0.3, 0.3)).ToArray())];
        };
        for (int step = 1; step <= 5; step++)
        {
            run.Step();
            run.RequireMatch($"clipped by value after step {step}");
        }
    }

    /// <summary>Two optimizers in turn do what each does alone: nothing is shared.</summary>
    public static void TheStateIsTheOptimizersOwn(OptimizerCase optimizerCase)
    {
        var first = new OptimizerRun(optimizerCase);
        var second = new OptimizerRun(optimizerCase, rate: 0.1);
        for (int i = 0; i < 4; i++)
        {
            first.Step();
            second.Step();
        }

        first.RequireMatch("beside another optimizer");
        second.RequireMatch("beside another optimizer");
    }

    /// <summary>Steady-state steps allocate nothing, with L2 and clipping too.</summary>
    public static void NothingIsAllocatedPerStep(OptimizerCase optimizerCase)
    {
        var run = new OptimizerRun(optimizerCase);
        run.Optimizer.L2 = 0.01;
        run.Optimizer.ClipNorm = 0.001;
        run.Optimizer.ClipValue = 0.001;
        run.DrawGradients();
        long bytes = Allocation.PerCall(run.Optimizer.Step);
        Require(bytes == 0, $"{optimizerCase} allocates {bytes} bytes in 100 steps.");
    }

    internal static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ContractViolationException(message);
        }
    }
}
