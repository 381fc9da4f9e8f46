namespace NeuralTrain.Browser.Tests;

/// <summary>Each story loads, trains in the browser, and shows what its text claims, for each of its variants.</summary>
public sealed class StoryTests(Playground playground) : IClassFixture<Playground>
{
    private sealed record Seen(long Steps, double? TrainLoss, double? TestLoss, double? TestAccuracy, Layer[] Layers, string[] Codes, string Status);

    private sealed record Layer(int Units, double Mean, double Deviation, int Dead, double? Saturated, double WeightNorm, double? GradientNorm);

    [Fact]
    public async Task Every_story_is_tested_here()
    {
        IPage page = await playground.OpenAsync();
        string[] stories = await page.EvaluateAsync<string[]>("() => window.playground.stories.map(story => story.id)");
        IEnumerable<string> tested = typeof(StoryTests).GetMethods().SelectMany(method => method.GetCustomAttributes(typeof(TraitAttribute), inherit: false))
            .Cast<TraitAttribute>().Where(trait => trait.Name == "Story").Select(trait => trait.Value);
        tested.Should().BeEquivalentTo(stories);
        await page.Context.CloseAsync();
    }

    [Fact, Trait("Story", "perceptron")]
    public async Task Four_units_learn_XOR_and_one_cannot()
    {
        IPage page = await playground.OpenAsync("#story=perceptron");
        (await Train(page, "four units", 5_000)).TrainLoss.Should().BeLessThan(0.05);
        (await Train(page, "one unit", 5_000)).TrainLoss.Should().BeGreaterThan(0.1);
        (await Train(page, "ReLU and Adam", 5_000)).TrainLoss.Should().BeLessThan(0.1);
        await End(page);
    }

    [Fact, Trait("Story", "symmetry")]
    public async Task Zeros_never_learn_as_their_units_stay_the_same()
    {
        IPage page = await playground.OpenAsync("#story=symmetry");
        Seen zeros = await Train(page, "zeros", 5_000);
        zeros.TrainLoss.Should().BeGreaterThan(0.4);
        zeros.Codes.Should().Contain("NT021");
        const string areSame = "() => { const { units } = playground.frame; return [1, 2, 3].every(u => units.subarray(0, 900).every((v, i) => v === units[900 * u + i])); }";
        (await page.EvaluateAsync<bool>(areSame)).Should().BeTrue("all hidden units give the same everywhere");
        (await Train(page, "uniform ±1", 5_000)).TrainLoss.Should().BeLessThan(0.1);
        (await page.EvaluateAsync<bool>(areSame)).Should().BeFalse();
        await End(page);
    }

    [Fact, Trait("Story", "initialisation")]
    public async Task Small_weights_let_values_die_large_ones_saturate_and_Xavier_and_He_keep_them()
    {
        IPage page = await playground.OpenAsync("#story=initialisation");
        Seen small = await Train(page, "too small", 0);
        small.Layers[5].Deviation.Should().BeLessThan(1e-4 * small.Layers[0].Deviation);
        (await Train(page, "too small", 3_000)).TrainLoss.Should().BeGreaterThan(0.68);
        Seen large = await Train(page, "too large", 0), xavier = await Train(page, "Xavier", 0);
        large.Layers[5].Saturated.Should().BeGreaterThan(0.3);
        xavier.Layers[5].Saturated.Should().BeLessThan(0.05);
        (xavier.Layers[5].Deviation / xavier.Layers[0].Deviation).Should().BeInRange(0.3, 1.5);
        (await Train(page, "Xavier", 3_000)).TrainLoss.Should().BeLessThan(0.05);
        (await Train(page, "ReLU with He", 3_000)).TrainLoss.Should().BeLessThan(0.05);
        await End(page);
    }

    [Fact, Trait("Story", "fading")]
    public async Task Sigmoid_lets_the_gradient_fade_and_the_others_do_not()
    {
        IPage page = await playground.OpenAsync("#story=fading");
        Ratio(await Train(page, "sigmoid", 0)).Should().BeLessThan(1e-4);
        (await Train(page, "sigmoid", 5_000)).TrainLoss.Should().BeGreaterThan(0.68);
        foreach (string other in new[] { "tanh", "ReLU", "PReLU" })
        {
            Ratio(await Train(page, other, 0)).Should().BeGreaterThan(1e-2, other);
            (await Train(page, other, 5_000)).TrainLoss.Should().BeLessThan(0.05, other);
        }

        await End(page);

        static double Ratio(Seen seen) => seen.Layers[0].GradientNorm!.Value / seen.Layers[^1].GradientNorm!.Value;
    }

    [Fact, Trait("Story", "overfitting")]
    public async Task It_remembers_sixty_points_and_each_cure_lowers_the_test_loss()
    {
        IPage page = await playground.OpenAsync("#story=overfitting");
        Seen none = await Train(page, "nothing", 10_000);
        none.TrainLoss.Should().BeLessThan(0.05);
        none.TestLoss.Should().BeGreaterThan(1);
        foreach (string cure in new[] { "L2", "dropout", "more data" })
        {
            (await Train(page, cure, 10_000)).TestLoss.Should().BeLessThan(none.TestLoss!.Value / 2, cure);
        }

        await End(page);
    }

    [Fact, Trait("Story", "momentum")]
    public async Task Momentum_learns_what_plain_descent_does_not_in_the_same_steps()
    {
        IPage page = await playground.OpenAsync("#story=momentum");
        (await Train(page, "SGD", 5_000)).TrainLoss.Should().BeGreaterThan(0.5);
        foreach (string faster in new[] { "momentum 0.95", "Nesterov 0.95", "Adam" })
        {
            (await Train(page, faster, 5_000)).TrainLoss.Should().BeLessThan(0.05, faster);
        }

        // 0.99 overshoots: on its way the loss rises again, and by more than that of 0.95.
        (double calm, double swinging) = (await Swing("momentum 0.95"), await Swing("momentum 0.99"));
        swinging.Should().BeGreaterThan(2 * calm);
        await End(page);

        async Task<double> Swing(string chip)
        {
            await Train(page, chip, 3_000, speed: "10");
            return await page.EvaluateAsync<double>("() => { let low = 9, rise = 0; for (const [, loss] of playground.history) { low = Math.min(low, loss); rise = Math.max(rise, loss - low); } return rise; }");
        }
    }

    [Fact, Trait("Story", "rate")]
    public async Task The_four_rates_do_what_the_lecture_says_and_the_finder_suggests_one_that_works()
    {
        IPage page = await playground.OpenAsync("#story=rate");
        Seen low = await Train(page, "too low: 0.0003", 3_000), good = await Train(page, "good: 0.3", 3_000);
        good.TrainLoss.Should().BeLessThan(0.01).And.BeLessThan(low.TrainLoss!.Value / 10);
        Seen start = await Train(page, "far too high: 100", 0), end = await Train(page, "far too high: 100", 3_000);
        end.TrainLoss.Should().BeGreaterThan(start.TrainLoss!.Value);
        await Train(page, "too low: 0.0003", 0);
        await page.ClickAsync("#find");
        await page.WaitForSelectorAsync("#take:not([hidden])");
        await page.ClickAsync("#take");
        await page.WaitForFunctionAsync("() => playground.setup.rate > 0.001");
        (await Continue(page, 3_000)).TrainLoss.Should().BeLessThan(0.2);
        await End(page);
    }

    [Fact, Trait("Story", "schedule")]
    public async Task Schedules_end_lower_than_the_constant_rate()
    {
        IPage page = await playground.OpenAsync("#story=schedule");
        double constant = await LossAfter(page, "constant");
        foreach (string other in new[] { "steps", "cosine", "one cycle" })
        {
            (await LossAfter(page, other)).Should().BeLessThan(constant, other);
        }

        (await Train(page, "warm restarts", 1_000)).Steps.Should().BeGreaterThanOrEqualTo(1_000);
        await End(page);
    }

    [Fact, Trait("Story", "batch-normalisation")]
    public async Task Batch_normalisation_learns_from_weights_that_are_too_small()
    {
        IPage page = await playground.OpenAsync("#story=batch-normalisation");
        (await Train(page, "none", 3_000)).TrainLoss.Should().BeGreaterThan(0.68);
        (await LossAfter(page, "before")).Should().BeLessThan(0.3);
        (await LossAfter(page, "after")).Should().BeLessThan(0.3);
        await End(page);
    }

    [Fact, Trait("Story", "selu")]
    public async Task SELU_keeps_ten_layers_near_mean_0_and_deviation_1_and_learns()
    {
        IPage page = await playground.OpenAsync("#story=selu");
        Seen start = await Train(page, "SELU", 0);
        start.Layers[..^1].Should().AllSatisfy(layer => layer.Deviation.Should().BeInRange(0.6, 1.4));
        start.Layers[..^1].Should().AllSatisfy(layer => Math.Abs(layer.Mean).Should().BeLessThan(0.5));
        (await Train(page, "SELU", 5_000)).TrainLoss.Should().BeLessThan(0.05);
        (await Train(page, "sigmoid", 5_000)).TrainLoss.Should().BeGreaterThan(0.68);
        await End(page);
    }

    [Fact, Trait("Story", "traps")]
    public async Task Check_names_each_trap_in_words()
    {
        IPage page = await playground.OpenAsync("#story=traps");
        foreach ((string trap, string code) in new[]
            { ("unscaled inputs", "NT004"), ("sigmoid before cross-entropy", "NT007"), ("bounded output for a plane", "NT008"), ("rate of 30", "NT026") })
        {
            (await Train(page, trap, 100)).Codes.Should().Contain(code, trap);
        }

        (await Train(page, "standardised", 0)).Codes.Should().NotContain("NT004");
        (await Train(page, "no trap", 0)).Codes.Should().BeEmpty();
        (await page.TextContentAsync("#check")).Should().StartWith("Nothing");
        await End(page);
    }

    // Starts a variant by its button; with 0 steps, it is looked at before its first one.
    private static async Task<Seen> Train(IPage page, string chip, long steps, string speed = "1000")
    {
        await page.SelectOptionAsync("#speed", speed);
        const string NewRun = "run => playground.frame.run > run && document.querySelector('#check li')";
        int before = await page.EvaluateAsync<int>("() => playground.frame.run");
        await page.ClickAsync($"#chips button:text-is('{chip}')");
        await page.WaitForFunctionAsync(NewRun, before);
        if (steps == 0)
        {
            before = await page.EvaluateAsync<int>("() => playground.frame.run");
            await page.ClickAsync("#reset");
            await page.WaitForFunctionAsync(NewRun, before);
            return await Look(page);
        }

        return await Continue(page, steps);
    }

    // The mean of the last ten frames, as the loss of a single moment jumps.
    private static async Task<double> LossAfter(IPage page, string chip)
    {
        await Train(page, chip, 5_000, speed: "100");
        return await page.EvaluateAsync<double>("() => playground.history.slice(-10).reduce((sum, point) => sum + point[1] / 10, 0)");
    }

    private static async Task<Seen> Continue(IPage page, long steps)
    {
        if (!await page.EvaluateAsync<bool>("() => playground.playing"))
        {
            await page.ClickAsync("#play");
        }

        await page.WaitForFunctionAsync("steps => playground.frame.steps >= steps || playground.frame.stopped", steps, new PageWaitForFunctionOptions { Timeout = 60_000 });
        await page.ClickAsync("#play");
        return await Look(page);
    }

    private static async Task<Seen> Look(IPage page)
    {
        string seen = await page.EvaluateAsync<string>(
            """
            () => {
              const { steps, trainLoss, testLoss, testAccuracy, layers } = playground.frame;
              const codes = [...document.querySelectorAll('#check b')].map(b => b.textContent.split(' ')[0]);
              return JSON.stringify({ steps, trainLoss, testLoss, testAccuracy, layers, codes, status: document.getElementById('status').textContent });
            }
            """);
        return System.Text.Json.JsonSerializer.Deserialize<Seen>(seen, System.Text.Json.JsonSerializerOptions.Web)!;
    }

    private async Task End(IPage page)
    {
        await page.Context.CloseAsync();
        playground.ProblemsOf(page).Should().BeEmpty("the console has nothing to complain about");
    }
}
