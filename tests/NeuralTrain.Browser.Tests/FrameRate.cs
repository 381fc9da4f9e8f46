namespace NeuralTrain.Browser.Tests;

/// <summary>How smoothly the playground draws while it trains: a measurement, for a machine with nothing else to do.</summary>
public sealed class FrameRate(Playground playground, ITestOutputHelper output) : IClassFixture<Playground>
{
    [Fact]
    public async Task Frames_a_second_of_each_story()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("NEURALTRAIN_FRAMES") == "1", "A measurement: set NEURALTRAIN_FRAMES to 1.");
        IPage page = await playground.OpenAsync();
        foreach (string story in await page.EvaluateAsync<string[]>("() => window.playground.stories.map(story => story.id)"))
        {
            IPage shown = await playground.OpenAsync($"#story={story}");
            await shown.Keyboard.PressAsync(" ");
            await shown.WaitForTimeoutAsync(3000);
            long frames = await shown.EvaluateAsync<long>("() => playground.framesShown"), steps = await shown.EvaluateAsync<long>("() => playground.frame.steps");
            await shown.WaitForTimeoutAsync(5000);
            frames = await shown.EvaluateAsync<long>("() => playground.framesShown") - frames;
            steps = await shown.EvaluateAsync<long>("() => playground.frame.steps") - steps;
            output.WriteLine($"{story}: {frames / 5.0:0.0} frames and {steps / 5.0:0} steps a second");
            await shown.Context.CloseAsync();
        }
    }
}
