using System.Net;

namespace NeuralTrain.Samples;

/// <summary>What <c>--quick</c> asks of the service over HTTP: the page, two short trainings, and refusals.</summary>
internal static class SelfTest
{
    public static async Task Run(SampleRun sample, Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        string page = await client.GetStringAsync("/");
        sample.Claim("The page is there", page.Contains("<canvas", StringComparison.Ordinal), $"{page.Length} characters");

        TrainReply learns = await Train(client, new Setup { Data = "circle", Optimizer = "Adam", Rate = 0.01 });
        sample.Claim("A circle is learnt in 3 000 steps", learns.TestAccuracy > 0.95 && learns.TrainLoss < learns.LossBefore / 3,
            $"loss {learns.LossBefore:0.000} to {learns.TrainLoss:0.000}, {learns.TestAccuracy:0.0 %} of the other points right");
        TrainReply zeros = await Train(client, new Setup { Data = "xor", Activation = "sigmoid", Weights = "zeros" });
        sample.Claim("From zeros, XOR is not, and Check says why", zeros.TrainLoss > 0.6 && zeros.Findings.Any(finding => finding.Contains("NT021", StringComparison.Ordinal)),
            $"loss {zeros.TrainLoss:0.000}; {zeros.Findings.FirstOrDefault()}");

        string[] hostile =
        [
            """{"setup":{"units":[16,16,16,16,16,16,16,16,16,16,16]},"steps":1}""", """{"setup":{"units":[1000000]},"steps":1}""",
            """{"setup":{"rate":1e999},"steps":1}""", """{"setup":{"noise":"NaN"},"steps":1}""", """{"setup":{"points":100000000},"steps":1}""",
            """{"setup":{},"steps":2000000000}""", """{"setup":{"colour":"red"},"steps":1}""", "nonsense",
        ];
        int refused = 0;
        foreach (string body in hostile)
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await client.PostAsync("/train", content);
            refused += answer.StatusCode == HttpStatusCode.BadRequest ? 1 : 0;
        }

        sample.Claim("Giants, infinities and nonsense are refused with 400", refused == hostile.Length, $"{refused} of {hostile.Length}");
    }

    private static async Task<TrainReply> Train(HttpClient client, Setup setup)
    {
        using HttpResponseMessage answer = await client.PostAsJsonAsync("/train", new TrainRequest(setup, Steps: 3_000));
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<TrainReply>())!;
    }
}
