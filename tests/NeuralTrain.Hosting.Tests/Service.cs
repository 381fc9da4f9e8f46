using System.Text;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;

namespace NeuralTrain.Tests.Hosting;

/// <summary>A service of one model in a folder of its own, without a network.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private Service() => File = _folder["income.safetensors"];

    public WebApplication App { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public string File { get; }

    public LogList Log { get; } = new();

    public ServedModel Model => App.Services.GetRequiredKeyedService<ServedModel>("income");

    public TablePredictorSlot Slot => App.Services.GetRequiredKeyedService<TablePredictorSlot>("income");

    /// <summary>Starts it with the first model as income, at /income; the model is looked at when a test says so.</summary>
    public static async Task<Service> Start(Action<WebApplication>? map = null, Action<NeuralTrainBuilder>? add = null, string environment = "Production", TableModel? model = null, TimeSpan? poll = null)
    {
        var service = new Service();
        (model ?? Models.First).Save(service.File);
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment, ContentRootPath = service._folder.FullName });
        builder.Logging.ClearProviders().AddProvider(service.Log);
        builder.WebHost.UseTestServer();
        NeuralTrainBuilder models = builder.Services.AddNeuralTrain();
        if (add is null) models.AddTablePredictor("income", options => (options.File, options.ReloadOnChange, options.PollInterval) = ("income.safetensors", poll is not null, poll ?? TimeSpan.FromSeconds(1)));
        else add(models);
        builder.Services.AddHealthChecks().AddNeuralTrain();
        service.App = builder.Build();
        service.App.MapHealthChecks("/health");
        if (map is null) service.App.MapTablePredictor("/income", "income", maxRows: 50);
        else map(service.App);
        await service.App.StartAsync(TestContext.Current.CancellationToken);
        service.Client = service.App.GetTestClient();
        return service;
    }

    public Task<HttpResponseMessage> Post(string json, string path = "/income") =>
        Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    /// <summary>The answer to a request that must succeed.</summary>
    public async Task<TablePrediction> Ask(string json = Models.Person, string path = "/income")
    {
        using HttpResponseMessage response = await Post(json, path);
        response.StatusCode.Should().Be(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<TablePrediction>())!;
    }

    /// <summary>The errors of a request that must be refused with 400, by field.</summary>
    public async Task<Dictionary<string, string>> Refused(string json, string path = "/income")
    {
        using HttpResponseMessage response = await Post(json, path);
        response.StatusCode.Should().Be(HttpStatusCode.BadRequest, await response.Content.ReadAsStringAsync());
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        JsonNode problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return problem["errors"]!.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!.AsArray().Single()!.GetValue<string>());
    }

    public async Task<string> Health() => await (await Client.GetAsync("/health")).Content.ReadAsStringAsync();

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>What was logged by NeuralTrain.</summary>
    public sealed class LogList : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public string[] Lines
        {
            get
            {
                lock (_lines) return [.. _lines];
            }
        }

        public ILogger CreateLogger(string categoryName) => categoryName == "NeuralTrain" ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines) _lines.Add($"{logLevel}: {formatter(state, exception)}");
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }
}
