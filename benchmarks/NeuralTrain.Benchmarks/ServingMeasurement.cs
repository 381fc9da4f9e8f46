using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace NeuralTrain.Benchmarks;

/// <summary>
/// How many rows of raw fields one core predicts in a second: <c>dotnet run -c Release --project benchmarks/NeuralTrain.Benchmarks -- serving</c>. The table is drawn, with the columns
/// and categories of Adult; the network is the default, 128-128. Each line is the best of several rounds.
/// </summary>
internal static class ServingMeasurement
{
    private const int Rounds = 9, RowsOfRequest = 1000;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(0.5);

    /// <summary>Measures and prints.</summary>
    public static async Task Run()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows()) Process.GetCurrentProcess().ProcessorAffinity = 1;
        string folder = Directory.CreateTempSubdirectory("neuraltrain-serving-").FullName;
        try
        {
            Table table = Table.From(Draw(2000));
            TableModel.Fit(table, table.InferSchema(nameof(Person.Income)), new Random(1), new TableFitOptions { Epochs = 1 }).Save(Path.Combine(folder, "income.safetensors"));
            await Measure(TablePredictor.Load(Path.Combine(folder, "income.safetensors")), folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Measure(TablePredictor predictor, string folder)
    {
        Person[] people = [.. Draw(RowsOfRequest)];
        string[] texts = [.. people.Select(Json)];
        JsonObject[] objects = [.. texts.Select(text => JsonNode.Parse(text)!.AsObject())];
        float[] outputs = new float[predictor.OutputSize];
        Console.WriteLine($"{predictor}, one core, .NET {Environment.Version}");
        Console.WriteLine("from | rows a second");
        Console.WriteLine("---|---");
        await Report("an object into a span", people.Length, () => Each(people, person => predictor.Predict(person, outputs)));
        await Report("an object", people.Length, () => Each(people, person => predictor.Predict(person)));
        await Report("a `JsonObject`", people.Length, () => Each(objects, row => predictor.Predict(row)));
        await Report("JSON text, parsed", people.Length, () => Each(texts, text => predictor.Predict(JsonNode.Parse(text)!.AsObject())));

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddNeuralTrain().AddTablePredictor("income", Path.Combine(folder, "income.safetensors"));
        await using WebApplication app = builder.Build();
        app.MapTablePredictor("/income", "income");
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        string many = $"[{string.Join(',', texts)}]";
        await Report("HTTP, a row in each request", 100, async () =>
        {
            for (int i = 0; i < 100; i++) await Post(client, texts[i]);
        });
        await Report($"HTTP, {RowsOfRequest} rows in each request", people.Length, () => Post(client, many));
    }

    private static Task Each<T>(T[] rows, Action<T> predict)
    {
        foreach (T row in rows) predict(row);
        return Task.CompletedTask;
    }

    private static async Task Post(HttpClient client, string json)
    {
        using HttpResponseMessage response = await client.PostAsync("/income", new StringContent(json, Encoding.UTF8, "application/json"));
        await response.Content.ReadAsByteArrayAsync();
        if (response.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"The service answered {response.StatusCode}.");
    }

    private static async Task Report(string from, int rows, Func<Task> predict)
    {
        double best = 0;
        for (int round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            long done = 0;
            for (; clock.Elapsed < Round; done += rows) await predict();
            best = Math.Max(best, done / clock.Elapsed.TotalSeconds);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{from} | {best:n0}"));
    }

    private static string Json(Person person) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"Age":{{person.Age}},"Workclass":"{{person.Workclass}}","Education":"{{person.Education}}","EducationNum":{{person.EducationNum}},"MaritalStatus":"{{person.MaritalStatus}}","Occupation":"{{person.Occupation}}","Relationship":"{{person.Relationship}}","Race":"{{person.Race}}","Sex":"{{person.Sex}}","CapitalGain":{{person.CapitalGain}},"CapitalLoss":{{person.CapitalLoss}},"HoursPerWeek":{{person.HoursPerWeek}},"NativeCountry":"{{person.NativeCountry}}"}""");

    private static IEnumerable<Person> Draw(int count)
    {
        var random = new Random(1);
        string Of(string name, int categories) => $"{name} {random.Next(categories)}";
        return Enumerable.Range(0, count).Select(_ => new Person(
            random.Next(17, 90), Of("work", 8), Of("education", 16), random.Next(1, 17), Of("status", 7), Of("occupation", 14), Of("relation", 6), Of("race", 5), Of("sex", 2),
            random.Next(10) == 0 ? random.Next(50_000) : 0, random.Next(20) == 0 ? random.Next(2_000) : 0, random.Next(1, 99), Of("country", 41), random.Next(4) == 0 ? "high" : "low"));
    }

    private sealed record Person(
        double Age, string Workclass, string Education, double EducationNum, string MaritalStatus, string Occupation, string Relationship, string Race, string Sex,
        double CapitalGain, double CapitalLoss, double HoursPerWeek, string NativeCountry, string Income);
}
