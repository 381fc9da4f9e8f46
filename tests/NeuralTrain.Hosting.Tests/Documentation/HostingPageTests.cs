using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using NeuralTrain.Tests.Hosting;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The code of docs/serving.md about services of named fields.</summary>
[Collection(nameof(CurrentFolderTestGroup))]
public sealed class HostingPageTests : IDisposable
{
    private const int MostLines = 12;

    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Directory.GetCurrentDirectory();

    public HostingPageTests() => Directory.SetCurrentDirectory(_folder.FullName);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Dispose();
    }

    [Fact]
    public async Task From_the_CSV_file_to_a_service_that_takes_named_fields_it_is_a_program_of_at_most_12_lines()
    {
        File.WriteAllText("people.csv", "id;age;city;member;income\n" + string.Concat(Enumerable.Range(0, 60).Select(i =>
            $"{i};{20 + (i * 13 % 41)},5;{"Berlin Hamburg Ulm".Split(' ')[i * 7 % 3]};{(i % 4 == 1 ? "True" : "false")};{(20 + (i * 13 % 41) > 40 ? "high" : "low")}\n")));
        string code = await File.ReadAllTextAsync(Repository.PathOf("tests", "NeuralTrain.Hosting.Tests", "Documentation", "HostingPageTests.cs"), TestContext.Current.CancellationToken);
        code.Split("// <snippet hosting-" + "program>")[1].Split("// </snippet>")[0].Split('\n').Count(line => line.Trim().Length > 0).Should().BeLessThanOrEqualTo(MostLines);

        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        string address = $"http://{port.LocalEndpoint}";
        port.Stop();

        // It runs until the tests have ended.
        new Thread(() => Program(["--urls", address, "--Logging:LogLevel:Default", "Warning"])) { IsBackground = true }.Start();
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        while (!await Healthy(client)) await Task.Delay(20, TestContext.Current.CancellationToken);
        using HttpResponseMessage answer = await client.PostAsJsonAsync("/income", new { Member = true, City = "Ulm", Age = 55.5 }, TestContext.Current.CancellationToken);
        (await answer.Content.ReadFromJsonAsync<TablePrediction>(TestContext.Current.CancellationToken))!.Label.Should().BeOneOf("low", "high");
        using HttpResponseMessage refusal = await client.PostAsJsonAsync("/income", new { age = "old", citty = "Ulm", member = true }, TestContext.Current.CancellationToken);
        JsonNode shown = JsonNode.Parse(Page().Split("<!-- output: hosting-refused -->")[1].Split("```json")[1].Split("```")[0])!;
        JsonNode told = JsonNode.Parse(await refusal.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        told.AsObject().Remove("type");
        JsonNode.DeepEquals(told, shown).Should().BeTrue($"the answer is {told}");
    }

    [Fact]
    public async Task The_other_code_of_the_page_answers_too()
    {
        Models.First.Save("income.safetensors");
        ModelFile.Save("wine.safetensors", new Sequential(new Linear(2, 2, new Random(1))), ["no", "yes"], new SoftmaxCrossEntropy());
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning", "--Income:PollInterval", "00:00:09"]);

        // <snippet hosting-options>
        builder.Services.AddNeuralTrain().AddTablePredictor("income", options =>
        {
            options.File = "income.safetensors";
            options.ReloadOnChange = true;
            builder.Configuration.Bind("Income", options);      // what appsettings.json says
        });
        // </snippet>

        builder.Services.AddNeuralTrain().AddPredictor("wine", "wine.safetensors");
        builder.Services.AddHealthChecks().AddNeuralTrain();
        await using WebApplication app = builder.Build();

        // <snippet hosting-handler>
        app.MapPost("/mine", ([FromKeyedServices("income")] TablePredictorSlot slot, JsonObject person) => slot.Predict(person));
        // </snippet>

        // <snippet hosting-numbers>
        app.MapPost("/wine", ([FromKeyedServices("wine")] PredictorSlot slot, float[] features) => slot.Current.Classify(features));
        // </snippet>

        // <snippet hosting-health>
        app.MapHealthChecks("/health", new() { ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(report.Entries["NeuralTrain"].Data) });
        // </snippet>

        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using HttpResponseMessage answer = await client.PostAsync("/mine", new StringContent(Models.Person, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        using HttpResponseMessage wine = await client.PostAsJsonAsync("/wine", new[] { 0.5, 0.25 }, TestContext.Current.CancellationToken), few = await client.PostAsJsonAsync("/wine", new[] { 1 }, TestContext.Current.CancellationToken);
        (wine.StatusCode, few.StatusCode).Should().Be((HttpStatusCode.OK, HttpStatusCode.BadRequest));
        (await client.GetStringAsync("/health", TestContext.Current.CancellationToken)).Should().Be("""{"income":"serves its newest file","wine":"serves its newest file"}""");
        app.Services.GetRequiredKeyedService<ServedModel>("income").Options.PollInterval.Should().Be(TimeSpan.FromSeconds(9));
    }

    [Fact]
    public void Every_public_type_and_every_instrument_is_named_in_the_page()
    {
        IEnumerable<string> types = typeof(TablePredictorSlot).Assembly.GetExportedTypes().Where(type => !(type.IsAbstract && type.IsSealed)).Select(type => type.Name).Where(name => !name.Contains('<', StringComparison.Ordinal));
        string telemetry = File.ReadAllText(Repository.PathOf("src", "NeuralTrain.Hosting", "Telemetry.cs"));
        IEnumerable<string> instruments = System.Text.RegularExpressions.Regex.Matches(telemetry, "\"(neuraltrain\\.[a-z_.]+)\"").Select(match => match.Groups[1].Value);
        Page().Should().ContainAll(types.Concat(instruments.Where(name => name != "neuraltrain.predict" && name != "neuraltrain.rows" && name != "neuraltrain.refused")).Select(name => $"`{name}"));
    }

    private static string Page() => File.ReadAllText(Repository.PathOf("docs", "serving.md"));

    private static void Program(string[] args)
    {
        // <snippet hosting-program>
        Table table = Table.FromCsv("people.csv");
        TableSchema schema = table.InferSchema(target: "income");
        schema["id"].Ignore();
        TableModel.Fit(table, schema, new Random(1)).Save("income.safetensors");

        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddNeuralTrain().AddTablePredictor("income", "income.safetensors", reloadOnChange: true);
        builder.Services.AddHealthChecks().AddNeuralTrain();
        WebApplication app = builder.Build();
        app.MapTablePredictor("/income", "income");
        app.MapHealthChecks("/health");
        app.Run();
        // </snippet>
    }

    private static async Task<bool> Healthy(HttpClient client)
    {
        try
        {
            return await client.GetStringAsync("/health", TestContext.Current.CancellationToken) == "Healthy";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

/// <summary>Tests that change the current folder, while no other runs.</summary>
[CollectionDefinition(nameof(CurrentFolderTestGroup), DisableParallelization = true)]
public sealed class CurrentFolderTestGroup;
