namespace NeuralTrain.Samples;

/// <summary>What <c>--quick</c> asks of the service over HTTP: predictions, a refusal, and a swap under load.</summary>
internal static class SelfTest
{
    private sealed record Reply(string Label, float? Probability, int Index);

    /// <summary>Asks a service of a tiny model; <paramref name="replaceModel"/> puts one of a wider circle into its file.</summary>
    public static async Task Run(SampleRun sample, Uri address, Action replaceModel)
    {
        using var client = new HttpClient { BaseAddress = address };
        Reply middle = await Ask(client, 0, 0), far = await Ask(client, 1.9f, 1.9f), between = await Ask(client, 1.2f, 0);
        sample.Claim("The middle lies inside", middle.Label == "inside", $"{middle.Probability:0.0 %}");
        sample.Claim("A corner lies outside", far.Label == "outside", $"{far.Probability:0.0 %}");
        sample.Claim("(1.2, 0) lies outside the first circle", between.Label == "outside", $"{between.Probability:0.0 %}");
        using HttpResponseMessage refusal = await client.PostAsJsonAsync("/predict", new[] { 1f, 2f, 3f });
        string reason = await refusal.Content.ReadAsStringAsync();
        sample.Claim("Three features for two are refused with the names",
            refusal.StatusCode == System.Net.HttpStatusCode.BadRequest && reason.Contains("(x, y)", StringComparison.Ordinal), reason);

        // Four clients keep asking while the model is replaced.
        using var stop = new CancellationTokenSource();
        Task<(int Answers, int Failures)>[] clients = [.. Enumerable.Range(0, 4).Select(_ => KeepAsking(client, stop.Token))];
        replaceModel();
        using HttpResponseMessage swap = await client.PostAsync("/reload", content: null);
        Reply after = await Ask(client, 1.2f, 0);
        await stop.CancelAsync();
        (int Answers, int Failures)[] results = await Task.WhenAll(clients);
        sample.Claim("The model is swapped: (1.2, 0) lies inside the second circle",
            swap.IsSuccessStatusCode && after.Label == "inside", $"{after.Probability:0.0 %}");
        (int answers, int failures) = (results.Sum(result => result.Answers), results.Sum(result => result.Failures));
        sample.Claim("No request failed while it was", answers > 0 && failures == 0, $"{answers} answers, {failures} failures");
    }

    private static async Task<(int Answers, int Failures)> KeepAsking(HttpClient client, CancellationToken stop)
    {
        (int answers, int failures) = (0, 0);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Reply reply = await Ask(client, 0, 0);
                answers++;
                failures += reply.Label == "inside" ? 0 : 1;
            }
            catch (HttpRequestException)
            {
                failures++;
            }
        }

        return (answers, failures);
    }

    private static async Task<Reply> Ask(HttpClient client, params float[] features)
    {
        using HttpResponseMessage response = await client.PostAsJsonAsync("/predict", features);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Reply>())!;
    }
}
