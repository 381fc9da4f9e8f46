namespace NeuralTrain.Tests.Hosting;

/// <summary>A model file that is replaced while the service runs.</summary>
public sealed class ReloadTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static double? OfFirst { get; } = Models.Predict(Models.First).Probability;

    private static double? OfSecond { get; } = Models.Predict(Models.Second).Probability;

    [Fact]
    public async Task Thousands_of_requests_during_swaps_are_all_answered_by_one_model_or_the_other()
    {
        OfFirst.Should().NotBe(OfSecond);
        await using Service service = await Service.Start(poll: TimeSpan.FromMilliseconds(3));
        using var enough = new CancellationTokenSource();
        Task<double?[]>[] clients = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(Keep, Stop))];
        for (int i = 0; i < 8; i++)
        {
            TableModel next = i % 2 == 0 ? Models.Second : Models.First;
            next.Save(service.File);
            while ((await service.Ask()).Probability != Models.Predict(next).Probability) await Task.Delay(2, Stop);
        }

        while (service.Log.Lines.Count(line => line.Contains("is replaced by the newer", StringComparison.Ordinal)) < 8) await Task.Delay(2, Stop);
        await enough.CancelAsync();
        double?[] answers = [.. (await Task.WhenAll(clients)).SelectMany(own => own)];
        answers.Should().HaveCountGreaterThan(2000).And.OnlyContain(answer => answer == OfFirst || answer == OfSecond);
        answers.Should().Contain(OfFirst).And.Contain(OfSecond);
        (await service.Health()).Should().Be("Healthy");

        async Task<double?[]> Keep()
        {
            var own = new List<double?>();
            while (own.Count < 600 || !enough.IsCancellationRequested) own.Add((await service.Ask()).Probability);
            return [.. own];
        }
    }

    [Fact]
    public async Task A_request_that_has_begun_ends_with_the_predictor_it_took()
    {
        using var swapped = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        await using Service service = await Service.Start(app => app.MapPost("/income", ([FromKeyedServices("income")] TablePredictorSlot slot, JsonObject person) =>
        {
            TablePredictor taken = slot.Current;
            begun.Set();
            swapped.Wait(Stop);
            return taken.Predict(person);
        }));
        Task<TablePrediction> request = Task.Run(() => service.Ask(), Stop);
        begun.Wait(Stop);
        service.Slot.Swap(Models.Second.ToPredictor()).Should().NotBeNull();
        swapped.Set();
        (await request).Probability.Should().Be(OfFirst);
        service.Slot.Predict(JsonNode.Parse(Models.Person)!.AsObject()).Probability.Should().Be(OfSecond);
    }

    [Fact]
    public async Task A_file_is_not_read_before_it_has_kept_still_for_a_look()
    {
        await using Service service = await Service.Start();
        byte[] whole = Models.Bytes(Models.Second);

        // As a slow copy does: the file grows from look to look, and none of its parts is tried.
        for (int length = whole.Length / 4; length < whole.Length; length += whole.Length / 4)
        {
            File.WriteAllBytes(service.File, whole[..length]);
            service.Model.Look();
            (service.Model.Problem, (await service.Ask()).Probability).Should().Be((null, OfFirst));
        }

        File.WriteAllBytes(service.File, whole);
        service.Model.Look();
        (await service.Ask()).Probability.Should().Be(OfFirst, "it may still be written to");
        service.Model.Look();
        (await service.Ask()).Probability.Should().Be(OfSecond);
        service.Log.Lines.Should().Contain($"Information: Model 'income' is replaced by the newer {service.File}");
    }

    [Fact]
    public async Task A_file_of_the_same_size_and_time_is_newer_if_its_content_differs()
    {
        await using Service service = await Service.Start();
        DateTime time = File.GetLastWriteTimeUtc(service.File);
        byte[] first = Models.Bytes(Models.First), second = Models.Bytes(Models.Second);
        second.Should().HaveSameCount(first);

        // As a copy over the file does that pauses, where times are flattened: half of it was looked at, and is not served.
        Write([.. second[..(second.Length / 2)], .. first[(second.Length / 2)..]]);
        service.Model.Look();
        Write(second);
        service.Model.Look();
        (service.Model.Problem, (await service.Ask()).Probability).Should().Be((null, OfFirst));
        service.Model.Look();
        (await service.Ask()).Probability.Should().Be(OfSecond);

        void Write(byte[] content)
        {
            File.WriteAllBytes(service.File, content);
            File.SetLastWriteTimeUtc(service.File, time);
        }
    }

    [Fact]
    public async Task A_copy_over_the_file_that_pauses_is_not_served_half()
    {
        await using Service service = await Service.Start();
        byte[] first = Models.Bytes(Models.First), second = Models.Bytes(Models.Second);
        foreach (int part in (int[])[4, 3, 2])
        {
            int length = second.Length - (second.Length / part);
            File.WriteAllBytes(service.File, [.. second[..length], .. first.Length > length ? first[length..] : []]);
            for (int i = 0; i < 3; i++) service.Model.Look();
            service.Model.Problem.Should().NotBeNull();
            ((await service.Ask()).Probability, await service.Health()).Should().Be((OfFirst, "Degraded"));
        }

        File.WriteAllBytes(service.File, second);
        for (int i = 0; i < 2; i++) service.Model.Look();
        ((await service.Ask()).Probability, await service.Health()).Should().Be((OfSecond, "Healthy"));
    }

    [Fact]
    public async Task A_large_file_of_the_same_size_and_time_is_newer_too()
    {
        using var folder = new TemporaryFolder();
        Save(1);
        DateTime time = File.GetLastWriteTimeUtc(folder["large"]);
        new FileInfo(folder["large"]).Length.Should().BeGreaterThan(8 << 20);
        await using Service service = await Service.Start(_ => { }, models => models.AddPredictor("large", folder["large"], reloadOnChange: true));
        PredictorSlot slot = service.App.Services.GetRequiredKeyedService<PredictorSlot>("large");
        Predictor before = slot.Current;
        Save(2);
        File.SetLastWriteTimeUtc(folder["large"], time);
        ServedModel model = service.App.Services.GetRequiredKeyedService<ServedModel>("large");
        for (int i = 0; i < 2; i++) model.Look();
        slot.Current.Should().NotBeSameAs(before);

        void Save(int seed) => ModelFile.Save(folder["large"], new Sequential(new Linear(1500, 1500, new Random(seed))), loss: new MeanSquaredError());
    }

    [Fact]
    public async Task A_pipe_in_place_of_the_file_is_refused_and_waits_for_nobody()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes among its files.");
        await using Service service = await Service.Start();
        MakePipe(service.File);
        await Task.Run(LookTwice, Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);
        service.Model.Problem.Should().Be("It is empty, or a pipe or device. Put a model file there.");
        (await service.Health()).Should().Be("Degraded");
        Models.Second.Save(service.File + ".new");
        File.Move(service.File + ".new", service.File, overwrite: true);
        LookTwice();
        (await service.Ask()).Probability.Should().Be(OfSecond);
        (await service.Health()).Should().Be("Healthy");

        MakePipe(service.File);
        ServiceCollection services = [];
        services.AddNeuralTrain().AddTablePredictor("income", service.File);
        using ServiceProvider provider = services.BuildServiceProvider();
        Func<Task> start = () => Task.Run(() => provider.GetRequiredKeyedService<TablePredictorSlot>("income"), Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);
        await start.Should().ThrowAsync<InvalidOperationException>().WithMessage($"The model 'income' cannot be loaded from {service.File}: It is empty, or a pipe or device. *");

        void LookTwice()
        {
            service.Model.Look();
            service.Model.Look();
        }

        static void MakePipe(string path)
        {
            File.Delete(path);
            using var made = System.Diagnostics.Process.Start("mkfifo", [path]);
            made.WaitForExit();
            made.ExitCode.Should().Be(0);
        }
    }

    [Theory]
    [InlineData(1_900_000_000, "It has 1900000000 bytes, and at most 1073741824 may be read. *")]
    [InlineData(900_000_000, "*")]
    public async Task A_file_that_is_far_too_long_is_refused_before_it_is_read(long length, string problem)
    {
        await using Service service = await Service.Start();
        using (FileStream sparse = File.Create(service.File)) sparse.SetLength(length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 2; i++) service.Model.Look();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
        service.Model.Problem.Should().Match(problem);
    }

    [Fact]
    public async Task A_damaged_file_is_refused_once_and_told_by_health_until_a_good_one_comes()
    {
        await using Service service = await Service.Start();
        byte[] whole = Models.Bytes(Models.Second);
        File.WriteAllBytes(service.File, whole[..(whole.Length / 2)]);
        for (int i = 0; i < 5; i++) service.Model.Look();
        (await service.Ask()).Probability.Should().Be(OfFirst);
        (await service.Health()).Should().Be("Degraded");
        service.Log.Lines.Should().ContainSingle(line => line.StartsWith($"Warning: Model 'income' stays as it is: {service.File} cannot be served.", StringComparison.Ordinal));
        File.WriteAllBytes(service.File, whole[..^1]);
        for (int i = 0; i < 5; i++) service.Model.Look();
        service.Log.Lines.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)).Should().Be(2, "another file was refused");
        File.WriteAllBytes(service.File, whole);
        for (int i = 0; i < 2; i++) service.Model.Look();
        (await service.Ask()).Probability.Should().Be(OfSecond);
        (await service.Health()).Should().Be("Healthy");
    }

    [Fact]
    public async Task Health_says_in_words_which_model_was_refused_and_why()
    {
        await using Service service = await Service.Start(model: Models.First, map: app => app.MapHealthChecks("/words", new Microsoft.AspNetCore.Diagnostics.HealthChecks.HealthCheckOptions
        {
            ResponseWriter = (context, report) => context.Response.WriteAsync($"{report.Status}: {report.Entries["NeuralTrain"].Description}, {report.Entries["NeuralTrain"].Data["income"]}"),
        }));
        (await service.Client.GetStringAsync("/words", Stop)).Should().Be("Healthy: , serves its newest file");
        Models.Fit(Models.People(1), "city", seed: 1).Save(service.File);
        for (int i = 0; i < 2; i++) service.Model.Look();
        (await service.Client.GetStringAsync("/words", Stop)).Should().StartWith("Degraded: Model 'income' serves an earlier file: The model has another schema than the one that requests rely on: column ");
    }

    [Fact]
    public async Task A_file_that_is_gone_is_told_and_one_that_comes_back_is_well()
    {
        await using Service service = await Service.Start();
        File.Move(service.File, service.File + ".away");
        for (int i = 0; i < 3; i++) service.Model.Look();
        (await service.Ask()).Probability.Should().Be(OfFirst);
        (await service.Health()).Should().Be("Degraded");
        service.Log.Lines.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)).Should().Be(1);
        File.Move(service.File + ".away", service.File);
        service.Model.Look();
        (await service.Health()).Should().Be("Healthy");
    }

    [Fact]
    public async Task A_link_that_is_led_to_another_file_is_a_newer_file()
    {
        using var folder = new TemporaryFolder();
        Models.First.Save(folder["1"]);
        Models.Second.Save(folder["2"]);
        File.SetLastWriteTimeUtc(folder["2"], DateTime.UtcNow.AddDays(-1));
        File.CreateSymbolicLink(folder["model"], folder["1"]);
        await using Service service = await Service.Start(add: models => models.AddTablePredictor("income", folder["model"], reloadOnChange: true));
        File.Delete(folder["model"]);
        File.CreateSymbolicLink(folder["model"], folder["2"]);
        for (int i = 0; i < 2; i++) service.Model.Look();
        (await service.Ask()).Probability.Should().Be(OfSecond);
    }

    [Theory]
    [InlineData("column 'city' is missing", "town")]
    [InlineData("column town (category, input) is new", "town")]
    [InlineData("column age (number, input) is now age (category, input)", "", "age")]
    [InlineData("column member (flag, input) is now member (flag, ignored)", "", "", "member")]
    [InlineData("the classes of 'income' are 'low', 'high' instead of 'high', 'low'", "", "", "", true)]
    [InlineData("column 'age' was optional, and now needs a value in every row", "", "", "", false, true)]
    [InlineData("column income (category, target) is now income (category, input)", "", "", "", false, false, true)]
    public void A_model_of_another_schema_is_refused_with_the_difference(
        string difference, string renamed = "", string category = "", string ignored = "", bool positive = false, bool complete = false, bool otherTarget = false)
    {
        Table people = Models.People(4, city: renamed.Length > 0 ? renamed : "city");
        if (complete) people = people.DropMissing("age");
        TableModel other = Models.Fit(people, otherTarget ? "member" : "income", seed: 4, schema =>
        {
            if (category.Length > 0) schema[category].AsCategory();
            if (ignored.Length > 0) schema[ignored].Ignore();
            if (positive) schema["income"].Target(positive: "high");
            if (otherTarget) schema["member"].AsCategory().Target();
        });
        var slot = new TablePredictorSlot(Models.First.ToPredictor());
        TablePredictor before = slot.Current;
        slot.Invoking(own => own.Swap(other.ToPredictor())).Should().Throw<ArgumentException>().WithMessage($"*{difference}*restart the service with it*");
        slot.Current.Should().BeSameAs(before);
    }

    [Fact]
    public void A_model_that_has_learnt_more_categories_is_no_other_schema()
    {
        var slot = new TablePredictorSlot(Models.First.ToPredictor());
        slot.Swap(Models.Fit(Models.People(1, ["Berlin", "Hamburg", "Ulm", "Trier"]), "income", seed: 3).ToPredictor());
        slot.Predict(new { age = 39.5, city = "Trier", member = true, since = new DateOnly(2020, 5, 17) }).UnknownCategories.Should().BeEmpty();
    }

    [Theory]
    [InlineData("dd/MM/yyyy", "MM/dd/yyyy", "column 'since' now expects a date as 'MM/dd/yyyy', and before it expects a date as 'dd/MM/yyyy'. *")]
    [InlineData("dd/MM/yyyy", "yyyy-MM-dd", "column 'since' now expects a date as 'yyyy-MM-dd', and before it expects a date as 'dd/MM/yyyy'. *")]
    [InlineData("dd/MM/yyyy", "dd/MM/yyyy", null)]
    [InlineData("yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ss", null)]
    public void A_model_that_reads_dates_in_another_form_is_refused(string before, string next, string? difference)
    {
        var slot = new TablePredictorSlot(Fit(before));
        Action swap = () => slot.Swap(Fit(next));
        if (difference is null) swap.Should().NotThrow();
        else swap.Should().Throw<ArgumentException>().WithMessage($"*: {difference}");

        static TablePredictor Fit(string form)
        {
            Table table = Table.FromCsv(new StringReader(string.Join('\n', Enumerable.Range(0, 60).Select(i =>
                FormattableString.Invariant($"{new DateTime(2020, 1, 1).AddDays(i * 17).ToString(form, System.Globalization.CultureInfo.InvariantCulture)},{i % 2 == 0}")).Prepend("since,late"))));
            return Models.Fit(table, "late", seed: 1, schema => schema["late"].AsCategory().Target()).ToPredictor();
        }
    }

    [Fact]
    public void Names_from_files_that_are_long_or_have_line_breaks_stay_short_and_on_one_line_in_messages()
    {
        string Long(string begin) => begin + "\u001b[31m" + new string('x', 100_000);
        TablePredictor Fit(string city, string low, string since)
        {
            IEnumerable<string> rows = Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{i % 7}.5,{i % 5}.5,{Long(i % 2 == 0 ? low : "high")}"));
            Table table = Table.FromCsv(new StringReader(string.Join('\n', rows.Prepend($"{Long(city)},{Long(since)},{Long("t")}"))));
            return Models.Fit(table, Long("t"), seed: 1).ToPredictor();
        }

        var slot = new TablePredictorSlot(Fit("city", "low", "since"));
        foreach (TablePredictor other in (TablePredictor[])[Fit("other", "low", "since"), Fit("city", "lower", "since"), Fit("city", "low", "later")])
        {
            slot.Invoking(own => own.Swap(other)).Should().Throw<ArgumentException>().Which.Message.Should().Contain("\\u001b[31mxxx").And.NotContain("\u001b").And.Match(text => text.Length < 2000);
        }
    }

    [Fact]
    public void A_model_whose_targets_are_in_another_order_is_refused()
    {
        var slot = new TablePredictorSlot(Fit("a", "b"));
        slot.Invoking(own => own.Swap(Fit("b", "a"))).Should().Throw<ArgumentException>().WithMessage("*: the targets are 'b', 'a' instead of 'a', 'b'. *");

        static TablePredictor Fit(string first, string second)
        {
            Table table = Table.FromCsv(new StringReader(string.Join('\n', Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{i % 7}.5,{i % 5}.5,{i % 11}.5")).Prepend($"x,{first},{second}"))));
            return Models.Fit(table, first, seed: 1, schema => schema[second].Target()).ToPredictor();
        }
    }
}
