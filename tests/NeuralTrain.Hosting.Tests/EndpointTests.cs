using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace NeuralTrain.Tests.Hosting;

public sealed class EndpointTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"since":"2020-05-17","member":true,"city":"Ulm","age":39.5}""")]
    [InlineData("""{"SINCE":"2020-05-17T00:00:00","Member":"True","City":"Ulm","Age":"39.5"}""")]
    [InlineData("""{"age":39.5,"city":"Ulm","member":1,"since":"2020-05-17","id":7,"income":"?"}""")]
    public async Task Fields_are_found_by_name_in_any_order(string json)
    {
        await using Service service = await Service.Start();
        TablePrediction answer = await service.Ask(json), expected = Models.Predict(Models.First);
        (answer.Label, answer.Probability).Should().Be((expected.Label, expected.Probability));
        answer.Probabilities.Should().Equal(expected.Probabilities);
    }

    [Fact]
    public async Task A_missing_additional_or_wrong_field_is_refused_by_its_name()
    {
        await using Service service = await Service.Start();
        Dictionary<string, string> errors = await service.Refused("""{"age":"old","citty":"Ulm","member":"perhaps","since":"2020-05-17","Since":"2020-05-17"}""");
        errors.Keys.Should().BeEquivalentTo("age", "citty", "city", "member", "Since");
        errors["age"].Should().Be("expects a number, received 'old'");
        errors["citty"].Should().Be("is not a column of the model");
        errors["city"].Should().Be("has no value, and the training data had one in every row");
        errors["Since"].Should().Be("is given twice");
        (await service.Refused("""{"age":1,"age":2,"city":"Ulm","member":true,"since":"2020-05-17"}""")).Keys.Should().Equal("$");
        (await service.Ask("""{"city":"Ulm","member":true,"since":"2020-05-17"}""")).Label.Should().NotBeNull("age may be missing");
    }

    [Fact]
    public async Task An_unknown_category_is_answered_and_named()
    {
        await using Service service = await Service.Start();
        (await service.Ask("""{"age":39.5,"city":"Atlantis","member":true,"since":"2020-05-17"}""")).UnknownCategories.Should().Equal("city");
    }

    [Fact]
    public async Task An_array_of_objects_becomes_an_array_of_predictions_and_errors_name_the_row()
    {
        await using Service service = await Service.Start();
        using HttpResponseMessage response = await service.Post($"[{Models.Person},{Models.Person.Replace("39.5", "null", StringComparison.Ordinal)}]");
        TablePrediction[] answers = (await response.Content.ReadFromJsonAsync<TablePrediction[]>(Stop))!;
        answers.Select(answer => answer.Probability).Should().Equal(
            Models.Predict(Models.First).Probability, Models.Predict(Models.First, Models.Person.Replace("39.5", "null", StringComparison.Ordinal)).Probability);
        using HttpResponseMessage none = await service.Post("[]");
        (await none.Content.ReadAsStringAsync(Stop)).Should().Be("[]");
        Dictionary<string, string> errors = await service.Refused($$"""[{{Models.Person}},3,{"age":1,"age":2},{{Models.Person.Replace("39.5", "[]", StringComparison.Ordinal)}}]""");
        errors.Keys.Should().Equal("[1]", "[2]", "[3].age");
        errors["[1]"].Should().Be("expects an object of named fields");
        (await service.Refused($"[{string.Join(',', Enumerable.Repeat("{}", 50))}]")).Should().HaveCount(102, "a hundred problems are enough, and those of a row are told together");
    }

    [Theory]
    [InlineData("{\"age\":1,", HttpStatusCode.BadRequest, "not JSON")]
    [InlineData("", HttpStatusCode.BadRequest, "not JSON")]
    [InlineData("null", HttpStatusCode.BadRequest, "an object of named fields")]
    [InlineData("39.5", HttpStatusCode.BadRequest, "an object of named fields")]
    public async Task A_body_that_is_something_else_is_a_problem_in_words(string body, HttpStatusCode status, string words)
    {
        await using Service service = await Service.Start();
        using HttpResponseMessage response = await service.Post(body);
        response.StatusCode.Should().Be(status);
        (await response.Content.ReadFromJsonAsync<ProblemDetails>(Stop))!.Detail.Should().Contain(words);
    }

    [Fact]
    public async Task Too_many_rows_are_413_and_what_is_no_JSON_415()
    {
        await using Service service = await Service.Start();
        using HttpResponseMessage many = await service.Post($"[{string.Join(',', Enumerable.Repeat(Models.Person, 51))}]");
        many.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        (await many.Content.ReadFromJsonAsync<ProblemDetails>(Stop))!.Detail.Should().Be("A request may have 50 rows, received 51. Send them in parts.");
        foreach (string? type in new[] { "text/plain", "text/json", "application/x-www-form-urlencoded", null })
        {
            using var content = new ByteArrayContent("{}"u8.ToArray());
            if (type is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            using HttpResponseMessage other = await service.Client.PostAsync("/income", content, Stop);
            other.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
            other.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
            (await other.Content.ReadFromJsonAsync<ProblemDetails>(Stop))!.Detail.Should().Be("The fields must be sent as JSON, with Content-Type: application/json.");
        }
    }

    [Fact]
    public async Task What_is_said_of_the_route_holds_for_whatever_is_sent_and_its_name_stays_its_own()
    {
        await using Service service = await Service.Start(app => app.MapTablePredictor("/income", "income").WithName("ask").AddEndpointFilter((_, _) => new ValueTask<object?>(TypedResults.Unauthorized())));
        foreach (string type in new[] { "application/json", "application/x+json", "text/plain" })
        {
            using HttpResponseMessage response = await service.Client.PostAsync("/income", new StringContent(Models.Person, Encoding.UTF8, type), Stop);
            response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }

        service.App.Services.GetRequiredService<LinkGenerator>().GetPathByName("ask", values: null).Should().Be("/income");
    }

    [Theory]
    [InlineData("80000000\r\n{")]
    [InlineData("ffffffffffffffff\r\n{")]
    [InlineData("zz\r\n{")]
    public async Task A_body_in_pieces_whose_size_cannot_be_is_400_on_a_real_server(string body)
    {
        using var folder = new TemporaryFolder();
        await using WebApplication app = await StartReal(folder);
        using var client = new TcpClient("127.0.0.1", new Uri(app.Urls.First()).Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /income HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{body}"), Stop);
        (await new StreamReader(stream).ReadLineAsync(Stop)).Should().Be("HTTP/1.1 400 Bad Request");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_beyond_the_limit_is_413_on_a_real_server(bool chunked)
    {
        using var folder = new TemporaryFolder();
        await using WebApplication app = await StartReal(folder);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.TransferEncodingChunked = chunked;
        foreach ((string body, HttpStatusCode expected) in new[] { (Models.Person, HttpStatusCode.OK), (Models.Person + new string(' ', 200), HttpStatusCode.RequestEntityTooLarge) })
        {
            using HttpResponseMessage response = await client.PostAsync("/income", new StringContent(body, Encoding.UTF8, "application/json"), Stop);
            response.StatusCode.Should().Be(expected);
        }
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task A_handler_of_ones_own_that_takes_a_slot_answers_400_too(string environment)
    {
        await using Service service = await Service.Start(environment: environment, map: app =>
        {
            app.MapPost("/json", ([FromKeyedServices("income")] TablePredictorSlot slot, JsonObject person) => slot.Predict(person));
            app.MapPost("/typed", async (Person person, [FromKeyedServices("income")] TablePredictorSlot slot) =>
            {
                await Task.Yield();
                return slot.Predict(person);
            });
        });
        foreach (string path in new[] { "/json", "/typed" })
        {
            (await service.Ask(path: path)).Probability.Should().Be(Models.Predict(Models.First).Probability);
            (await service.Refused("""{"age":1,"member":true,"since":"2020-05-17"}""", path)).Keys.Should().Equal("city");
        }
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("5")]
    [InlineData("\"Ulm\"")]
    public async Task JSON_that_is_no_object_is_400_from_a_handler_of_ones_own_too(string body)
    {
        await using Service service = await Service.Start(map: app => app.MapPost("/income", ([FromKeyedServices("income")] TablePredictorSlot slot, JsonNode person) => slot.Predict(person)));
        (await service.Refused(body)).Should().Equal(new Dictionary<string, string> { ["$"] = "expects an object of named fields" });
        (await service.Ask()).Label.Should().NotBeNull();
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Numbers_that_do_not_suit_are_400_from_a_handler_that_takes_a_slot_of_plain_numbers(string environment)
    {
        using var folder = new TemporaryFolder();
        ModelFile.Save(folder["wine"], new Sequential(new Linear(2, 2, new Random(1))), ["no", "yes"], new SoftmaxCrossEntropy(), ["a", "b"]);
        ModelFile.Save(folder["place"], new Sequential(new Embedding(2, new Random(1), (1, 4, 2)), new Linear(3, 2, new Random(1))), ["no", "yes"], new SoftmaxCrossEntropy());
        await using Service service = await Service.Start(
            app =>
            {
                app.MapPost("/one", (float[] features, [FromKeyedServices("wine")] PredictorSlot slot) => slot.Current.Classify(features));
                app.MapPost("/parts", ([AsParameters] Asked asked) => asked.Slot.Current.Classify(asked.Features));
                app.MapPost("/many", async ([FromKeyedServices("wine")] PredictorSlot slot, Matrix rows) =>
                {
                    await Task.Yield();
                    return slot.Current.Classify(rows);
                });
                app.MapGet("/{**other}", (string other, [FromKeyedServices("wine")] PredictorSlot slot) => slot.Current.Predict([float.Parse(other, System.Globalization.CultureInfo.InvariantCulture), 0]));
                app.MapPost("/place", (float[] features, [FromKeyedServices("place")] PredictorSlot slot) => slot.Current.Classify(features));
                app.MapGet("/fault", ([FromKeyedServices("wine")] PredictorSlot slot) => Fault(slot.Current.InputSize));
            },
            models => models.AddPredictor("wine", folder["wine"]).AddPredictor("place", folder["place"]), environment);
        foreach ((string path, string body, string problem) in new[]
        {
            ("/place", "[0.5,7]", "Column 1 holds numbers of categories, whole numbers from 0 to 3, received 7.*"),
            ("/one", "[1]", "A sample has 2 features (a, b), received 1.*"), ("/parts", "[1,2,3]", "A sample has 2 features (a, b), received 3.*"), ("/one", "[1e39,0]", "Feature 0 ('a') must be a finite number, *"),
            ("/many", "[[1]]", "A sample has 2 features (a, b), received a matrix of 1×1.*"),
        })
        {
            (await service.Refused(body, path)).Should().ContainKey("$").WhoseValue.Should().Match(problem);
        }

        using HttpResponseMessage one = await service.Post("[1,2]", "/one"), many = await service.Post("[[1,2]]", "/many"), infinite = await service.Client.GetAsync("/-Infinity", Stop);
        (one.StatusCode, many.StatusCode, infinite.StatusCode).Should().Be((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.BadRequest));
        Func<Task> fault = () => service.Client.GetAsync("/fault", Stop);
        if (environment == "Production") await fault.Should().ThrowAsync<ArgumentException>("a mistake of the handler is none of the sender");

        static string Fault(int features) => throw new ArgumentException($"{features}", nameof(features));
    }

    [Fact]
    public async Task Fields_that_do_not_suit_are_400_from_a_handler_that_takes_its_slot_with_other_parameters()
    {
        await using Service service = await Service.Start(app => app.MapPost("/income", ([AsParameters] AskedOfTable asked) => asked.Slot.Predict(asked.Person)));
        (await service.Refused("""{"age":"old","city":"Ulm","member":true,"since":"2020-05-17"}""")).Keys.Should().Equal("age");
        (await service.Ask()).Label.Should().NotBeNull();
    }

    [Fact]
    public async Task Models_and_CSV_are_read_from_the_body_of_a_request_where_synchronous_reading_is_not_allowed()
    {
        await using Service service = await Service.Start(app =>
        {
            app.MapPost("/rows", async (HttpRequest request) => (await Table.FromCsvAsync(request.Body)).Rows);
            app.MapPost("/table", async (HttpRequest request) => (await TablePredictor.LoadAsync(request.Body)).Predict(JsonNode.Parse(Models.Person)!.AsObject()).Probability);
            app.MapPost("/network", async (HttpRequest request) => (await Predictor.LoadAsync(request.Body)).Classify([0.5f, -0.25f]).Label);
            app.MapPost("/synchronous", (HttpRequest request) => Table.FromCsv(request.Body).Rows);
        });
        byte[] csv = [.. "x,kind\n"u8, .. Enumerable.Range(0, 20_000).SelectMany(i => Encoding.UTF8.GetBytes(FormattableString.Invariant($"{i}.5,a\n")))];
        (await Sent("/rows", csv)).Should().Be("20000");
        (await Sent("/table", Models.Bytes(Models.First))).Should().Be(JsonSerializer.Serialize(Models.Predict(Models.First).Probability));
        var network = new Sequential(new Linear(2, 2, new Random(1)));
        using var model = new MemoryStream();
        ModelFile.Save(model, network, ["no", "yes"], new SoftmaxCrossEntropy());
        (await Sent("/network", model.ToArray())).Should().Be(new Predictor(network, OutputKind.ClassScores, ["no", "yes"]).Classify([0.5f, -0.25f]).Label);
        Func<Task> synchronous = () => Sent("/synchronous", csv);
        await synchronous.Should().ThrowAsync<Exception>("the server does not allow it, which is what this test rests on");

        async Task<string> Sent(string path, byte[] body)
        {
            using HttpResponseMessage response = await service.Client.PostAsync(path, new ByteArrayContent(body), Stop);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadAsStringAsync(Stop);
        }
    }

    [Fact]
    public async Task A_thousand_hostile_requests_never_give_a_500()
    {
        await using Service service = await Service.Start(map: app =>
        {
            app.MapTablePredictor("/income", "income", maxRows: 50);
            app.MapPost("/json", ([FromKeyedServices("income")] TablePredictorSlot slot, JsonObject person) => slot.Predict(person));
        });
        var random = new Random(5);
        var counts = new Dictionary<HttpStatusCode, int>();
        for (int i = 0; i < 1000; i++)
        {
            byte[] body = Hostile.Body(random);
            bool isMapped = i % 3 > 0;
            using var content = new ByteArrayContent(body);
            string type = isMapped && random.Next(10) == 0 ? Hostile.Types[random.Next(Hostile.Types.Length)] : "application/json";
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            using HttpResponseMessage response = await service.Client.PostAsync(isMapped ? "/income" : "/json", content, Stop);
            string text = await response.Content.ReadAsStringAsync(Stop);
            counts[response.StatusCode] = counts.GetValueOrDefault(response.StatusCode) + 1;
            string because = $"request {i} was {Encoding.Latin1.GetString(body)} as {type}, the answer {text}";
            ((int)response.StatusCode).Should().BeOneOf([200, 400, 413, 415], because);
            if (response.StatusCode == HttpStatusCode.OK) JsonNode.Parse(text).Should().NotBeNull(because);
            else if (isMapped) response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json", because);
        }

        counts.Keys.Should().BeEquivalentTo([HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.UnsupportedMediaType]);
        counts[HttpStatusCode.OK].Should().BeGreaterThan(50);
        counts[HttpStatusCode.BadRequest].Should().BeGreaterThan(300);
        (await service.Ask()).Probability.Should().Be(Models.Predict(Models.First).Probability, "it goes on as before");
    }

    [Fact]
    public async Task Numbers_far_from_any_of_the_training_are_answered_or_refused_even_where_the_answer_overflows()
    {
        var random = new Random(3);
        Table table = Table.From(Enumerable.Range(0, 80).Select(_ => new { size = random.NextDouble(), price = Math.Exp(3 * random.NextDouble()) }));
        TableModel model = Models.Fit(table, "price", seed: 1, schema =>
        {
            schema.Scaling = NumberScaling.Standard;
            schema["price"].Target(log: true);
        });
        foreach ((string Path, Parameter Parameter) named in model.Network.NamedParameters())
        {
            foreach (ref float value in named.Parameter.Value.Span) value *= 100;
        }

        await using Service service = await Service.Start(model: model);
        var refusals = new List<string>();
        foreach (string size in new[] { "1e4", "-1e4", "1e6", "-1e6", "1e20", "-1e20", "3e37", "-3e37", "1e38", "-1e38", "1e300" })
        {
            using HttpResponseMessage response = await service.Post($$"""{"size":{{size}}}""");
            ((int)response.StatusCode).Should().BeOneOf([200, 400], size);
            string text = await response.Content.ReadAsStringAsync(Stop);
            if (response.StatusCode == HttpStatusCode.OK) JsonSerializer.Deserialize<TablePrediction>(text, JsonSerializerOptions.Web)!.Values.Keys.Should().Equal("price");
            else refusals.Add(text);
        }

        refusals.Should().Contain(text => text.Contains("far from any the network was trained on", StringComparison.Ordinal)).And.Contain(text => text.Contains("fits into float32", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Matrices_histories_and_predictions_returned_from_an_endpoint_are_written_and_read_back()
    {
        History history = Models.First.Histories[0];
        await using Service service = await Service.Start(map: app =>
        {
            app.MapGet("/matrix", () => (Matrix)new float[,] { { 1, float.NaN } });
            app.MapGet("/history", () => history);
            app.MapGet("/evaluation", () => Models.First.Evaluate(Models.People(3)));
            app.MapPost("/income", ([FromKeyedServices("income")] TablePredictorSlot slot, JsonArray people) => slot.Predict(people));
            app.MapGet("/value", () => new TablePrediction(null, null, null, new Dictionary<string, TableValue> { ["price"] = new(double.PositiveInfinity) }));
        });
        (await service.Client.GetStringAsync("/matrix", Stop)).Should().Be("""[[1,"NaN"]]""");
        (await service.Client.GetFromJsonAsync<Matrix>("/matrix", Stop))[0, 0].Should().Be(1);
        (await service.Client.GetFromJsonAsync<History>("/history", Stop))!.ToString().Should().Be(history.ToString());
        (await service.Client.GetFromJsonAsync<TableEvaluation>("/evaluation", Stop))!.Rows.Should().Be(120);
        (await service.Client.GetFromJsonAsync<TablePrediction>("/value", Stop))!.Value.Should().Be(double.PositiveInfinity);
        using HttpResponseMessage response = await service.Post($"[{Models.Person}]");
        (await response.Content.ReadFromJsonAsync<TablePrediction[]>(Stop))!.Single().ToString().Should().Be(Models.Predict(Models.First).ToString());
    }

    [Fact]
    public async Task A_route_of_a_name_that_no_model_has_is_refused_at_once()
    {
        Func<Task> start = () => Service.Start(app => app.MapTablePredictor("/income", "incone"));
        await start.Should().ThrowAsync<InvalidOperationException>().WithMessage("There is no table model 'incone'. Add it first: *");
    }

    private static async Task<WebApplication> StartReal(TemporaryFolder folder)
    {
        Models.First.Save(folder["m"]);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddNeuralTrain().AddTablePredictor("income", folder["m"]);
        WebApplication app = builder.Build();
        app.MapTablePredictor("/income", "income", maxBytes: 200);
        await app.StartAsync(Stop);
        return app;
    }

    internal sealed record Person(double? Age, string? City, bool Member, DateOnly Since);

    private sealed record Asked([FromKeyedServices("wine")] PredictorSlot Slot, float[] Features);

    private sealed record AskedOfTable([FromKeyedServices("income")] TablePredictorSlot Slot, JsonObject Person);
}
