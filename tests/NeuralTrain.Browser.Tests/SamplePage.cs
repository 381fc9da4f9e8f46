using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace NeuralTrain.Browser.Tests;

/// <summary>A sample with a page, started once as a program, and one browser for all tests.</summary>
/// <param name="sample">The name of the sample.</param>
/// <param name="ready">A function of the page that is true once it can be used.</param>
/// <param name="arguments">Further arguments of the sample.</param>
public abstract class SamplePage(string sample, string ready, params string[] arguments) : IAsyncLifetime
{
    private readonly ConcurrentDictionary<IPage, ConcurrentQueue<string>> _problems = [];
    private Process? _server;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where the page is.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>What the console of a page complained about, and errors nobody caught.</summary>
    public IEnumerable<string> ProblemsOf(IPage page) => _problems[page];

    public async ValueTask InitializeAsync()
    {
        string program = Path.Combine(Metadata("RepositoryRoot"), "samples", sample, "bin", Metadata("Configuration"), "net10.0", $"NeuralTrain.Samples.{sample}.dll");
        _server = Process.Start(new ProcessStartInfo("dotnet", [program, "--port", "0", .. arguments]) { RedirectStandardOutput = true })!;
        while (await _server.StandardOutput.ReadLineAsync() is string line)
        {
            if (line.StartsWith("Open ", StringComparison.Ordinal))
            {
                Address = new Uri(line.Split(' ')[1]);
                return;
            }
        }

        throw new InvalidOperationException($"{program} ended without saying where its page is.");
    }

    /// <summary>Opens the page, or skips the test where there is no browser.</summary>
    public async Task<IPage> OpenAsync(string hash = "", BrowserNewContextOptions? options = null)
    {
        IPage page = await NewPageAsync(options);
        await page.GotoAsync(new Uri(Address, hash).ToString());
        await page.WaitForFunctionAsync(ready);
        return page;
    }

    /// <summary>Opens an empty page whose problems are collected, or skips the test where there is no browser.</summary>
    public async Task<IPage> NewPageAsync(BrowserNewContextOptions? options = null)
    {
        string[] names = ["chromium", "chromium-browser", "google-chrome"];
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"No browser: none of {string.Join(", ", names)} is on the PATH. On Debian: apt-get install chromium.");
        _playwright ??= await Microsoft.Playwright.Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = ["--no-sandbox"] });
        IBrowserContext context = await _browser.NewContextAsync(options ?? new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1440, Height = 1000 } });
        IPage page = await context.NewPageAsync();
        ConcurrentQueue<string> problems = _problems[page] = [];
        page.PageError += (_, error) => problems.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                problems.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        return page;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
        _server?.Kill();
        _server?.Dispose();
    }

    /// <summary>Answers what a page asks http://localhost:1 for with the files of a folder.</summary>
    public static Task ServeAsync(IPage page, string folder) => page.RouteAsync("http://localhost:1/**", async route =>
    {
        string name = new Uri(route.Request.Url).AbsolutePath.TrimStart('/'), path = Path.Combine(folder, name.Length == 0 ? "index.html" : name);
        if (name == "favicon.ico") await route.FulfillAsync(new RouteFulfillOptions { Status = 204 });
        else if (!File.Exists(path)) await route.FulfillAsync(new RouteFulfillOptions { Status = 404 });
        else await route.FulfillAsync(new RouteFulfillOptions { Path = path, ContentType = path.EndsWith(".wasm", StringComparison.Ordinal) ? "application/wasm" : null });
    });

    /// <summary>What the project says to its tests.</summary>
    internal static string Metadata(string key) =>
        typeof(SamplePage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}

/// <summary>The lecture's playground.</summary>
public sealed class Playground() : SamplePage("Playground", "() => window.playground?.frame || document.getElementById('status').textContent");

/// <summary>The form of a table model, of people drawn by code.</summary>
public sealed class PredictionForm() : SamplePage("WebPrediction", "() => document.body.dataset.ready", "--out", Folder)
{
    private static string Folder { get; } = Directory.CreateTempSubdirectory("neuraltrain-").FullName;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
