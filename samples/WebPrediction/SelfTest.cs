using System.Net;
using System.Text.Json.Nodes;

namespace NeuralTrain.Samples;

/// <summary>What <c>--quick</c> asks of the service over HTTP: answers, refusals, and a newer model under load.</summary>
internal static class SelfTest
{
    /// <summary>Asks a service of drawn people, and prints whether all came out as expected.</summary>
    public static async Task<bool> Run(Uri address, string file, CancellationToken stop)
    {
        int claims = 0, cameOut = 0;
        using var client = new HttpClient { BaseAddress = address };
        var rich = new JsonObject { ["occupation"] = "Management", ["education"] = "Doctor", ["age"] = 50, ["workclass"] = "Private", ["married"] = true, ["hours_per_week"] = 55, ["capital_gain"] = 0 };
        var poor = new JsonObject { ["age"] = 19, ["education"] = "School", ["occupation"] = "Craft", ["married"] = false, ["hours_per_week"] = 12 };
        TablePrediction high = await Ask(rich), low = await Ask(poor);
        Claim("A manager with a doctorate earns more", high.Label == ">50K", $"{high}");
        Claim("A craftsman of 19 who tells less does not", low.Label == "<=50K", $"{low}");
        TablePrediction other = await Ask(With(rich, "occupation", "Piracy"));
        Claim("An unknown occupation is answered, and named", other.UnknownCategories is ["occupation"], $"{other}");
        using HttpResponseMessage refusal = await client.PostAsJsonAsync("/predict", With(rich, "age", "old"), stop);
        string reason = await refusal.Content.ReadAsStringAsync(stop);
        Claim("A wrong field is refused by its name", refusal.StatusCode == HttpStatusCode.BadRequest && reason.Contains("\"age\":[\"expects a number", StringComparison.Ordinal), reason);
        string document = await client.GetStringAsync("/openapi/v1.json", stop), page = await client.GetStringAsync("/", stop);
        Claim("OpenAPI tells the fields, and the page is there", document.Contains("\"hours_per_week\"", StringComparison.Ordinal) && page.Contains("<form", StringComparison.Ordinal), $"{document.Length} and {page.Length} characters");

        // Four clients keep asking while a newer model is put into the file, and then something that is none.
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<int>[] clients = [.. Enumerable.Range(0, 4).Select(_ => KeepAsking())];
        People.Train(People.Draw(seed: 2), isQuick: true, seed: 2).Save(file);
        for (int i = 0; i < 200 && (await Ask(rich)).Probability == high.Probability; i++) await Task.Delay(20, stop);
        double? newer = (await Ask(rich)).Probability;
        await File.WriteAllTextAsync(file, "no model", stop);
        for (int i = 0; i < 200 && await client.GetStringAsync("/health", stop) != "Degraded"; i++) await Task.Delay(20, stop);
        string health = await client.GetStringAsync("/health", stop);
        Claim("A newer model is served, and what is none is not", newer != high.Probability && health == "Degraded" && (await Ask(rich)).Probability == newer, $"{high.Probability:0.000} became {newer:0.000}, {health}");
        await enough.CancelAsync();
        int answers = (await Task.WhenAll(clients)).Sum();
        Claim("No request failed meanwhile", answers > 0, $"{answers} answers");
        Console.WriteLine($"{cameOut} of {claims} expectations came out.");
        return cameOut == claims;

        void Claim(string expectation, bool isTrue, string figure)
        {
            (claims, cameOut) = (claims + 1, cameOut + (isTrue ? 1 : 0));
            Console.WriteLine($"{expectation}: {(isTrue ? "yes" : "no")}, {figure}.");
        }

        async Task<TablePrediction> Ask(JsonObject person)
        {
            using HttpResponseMessage response = await client.PostAsJsonAsync("/predict", person, stop);
            response.EnsureSuccessStatusCode();
            return (await response.Content.ReadFromJsonAsync<TablePrediction>(stop))!;
        }

        async Task<int> KeepAsking()
        {
            int answered = 0;
            for (; !enough.IsCancellationRequested; answered++) await Ask(rich);
            return answered;
        }
    }

    private static JsonObject With(JsonObject person, string field, string value)
    {
        JsonObject changed = person.DeepClone().AsObject();
        changed[field] = value;
        return changed;
    }
}
