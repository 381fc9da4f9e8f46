namespace NeuralTrain.Browser.Tests;

/// <summary>The library inside a browser: <c>tests/BrowserConsumer</c>, published by <c>.ci/run</c>, which says where.</summary>
public sealed class BrowserConsumerTests(Playground browser, ITestOutputHelper output) : IClassFixture<Playground>
{
    [Fact]
    public async Task A_page_trains_saves_loads_and_predicts_in_the_browser_itself()
    {
        string? folder = Environment.GetEnvironmentVariable("NEURALTRAIN_BROWSER_APP");
        Assert.SkipWhen(folder is null, "NEURALTRAIN_BROWSER_APP does not name the wwwroot that 'dotnet publish tests/BrowserConsumer' wrote.");
        IPage page = await browser.NewPageAsync();
        var lines = new List<string>();
        var done = new TaskCompletionSource();
        page.Console += (_, message) =>
        {
            lock (lines) lines.Add(message.Text);
            if (message.Text == "done") done.TrySetResult();
            if (message.Type == "error") done.TrySetException(new InvalidOperationException(message.Text));
        };
        page.PageError += (_, error) => done.TrySetException(new InvalidOperationException(error));
        await SamplePage.ServeAsync(page, folder!);
        await page.GotoAsync("http://localhost:1/");
        await done.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        foreach (string line in lines) output.WriteLine(line);
        lines.Should().Contain("XOR: no yes yes no");
    }
}
