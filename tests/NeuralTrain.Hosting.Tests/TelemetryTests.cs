using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace NeuralTrain.Tests.Hosting;

/// <summary>What listeners hear of the meter and the activity source named NeuralTrain.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Predictions_refusals_unknown_categories_and_reloads_are_counted_by_model()
    {
        string name = $"income-{Guid.NewGuid()}";
        var heard = new ConcurrentQueue<(string Instrument, double Value, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Name == "NeuralTrain") own.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.Start();

        using var folder = new TemporaryFolder();
        TableModel unsure = TableModel.Fit(Models.People(1), Ignoring(Models.People(1)), new Random(1), new TableFitOptions { Hidden = [4], Epochs = 1, RejectBelow = 0.999 });
        unsure.Save(folder["m"]);
        await using Service service = await Service.Start(app => app.MapTablePredictor("/income", name), models => models.AddTablePredictor(name, folder["m"], reloadOnChange: true));
        await service.Ask();
        using HttpResponseMessage array = await service.Post($"[{Models.Person},{Models.Person.Replace("Ulm", "Atlantis", StringComparison.Ordinal)},{Models.Person.Replace("39.5", "395", StringComparison.Ordinal)}]");
        await service.Refused("""{"age":1}""");
        await service.Refused($"[{Models.Person},4,{{}}]");
        ServedModel model = service.App.Services.GetRequiredKeyedService<ServedModel>(name);
        File.WriteAllText(folder["m"], "damaged");
        for (int i = 0; i < 4; i++) model.Look();
        unsure.Save(folder["m"]);
        for (int i = 0; i < 4; i++) model.Look();

        Sum("neuraltrain.predictions").Should().Be(4);
        Sum("neuraltrain.predictions.refused").Should().Be(3);
        Sum("neuraltrain.predictions.rejected").Should().Be(4, "no answer is that sure");
        Sum("neuraltrain.unknown_categories", "neuraltrain.column=city").Should().Be(1);
        Sum("neuraltrain.unfamiliar_values", "neuraltrain.column=age").Should().Be(1);
        Sum("neuraltrain.reloads", "neuraltrain.outcome=refused").Should().Be(1);
        Sum("neuraltrain.reloads", "neuraltrain.outcome=replaced").Should().Be(1);
        heard.Where(one => one.Instrument == "neuraltrain.prediction.duration" && one.Tags.Contains(name, StringComparison.Ordinal)).Should().HaveCount(4).And.OnlyContain(one => one.Value > 0 && one.Value < 60);

        void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            heard.Enqueue((instrument.Name, value, string.Join(';', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));

        double Sum(string instrument, string tag = "") =>
            heard.Where(one => one.Instrument == instrument && one.Tags.StartsWith($"neuraltrain.model={name}", StringComparison.Ordinal) && one.Tags.EndsWith(tag, StringComparison.Ordinal)).Sum(one => one.Value);
    }

    [Fact]
    public async Task Each_call_is_an_activity_with_its_model_and_its_rows()
    {
        string name = $"income-{Guid.NewGuid()}";
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "NeuralTrain", Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("neuraltrain.model") is string model && model == name) ended.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var folder = new TemporaryFolder();
        Models.First.Save(folder["m"]);
        await using Service service = await Service.Start(app => app.MapTablePredictor("/income", name), models => models.AddTablePredictor(name, folder["m"]));
        using HttpResponseMessage array = await service.Post($"[{Models.Person},{Models.Person}]");
        await service.Refused("{}");
        ended.Should().HaveCount(2).And.OnlyContain(activity => activity.OperationName == "neuraltrain.predict");
        ended.Select(activity => (activity.GetTagItem("neuraltrain.rows"), activity.GetTagItem("neuraltrain.refused"))).Should().Equal((2, 0), (0, 1));
    }

    private static TableSchema Ignoring(Table table)
    {
        TableSchema schema = table.InferSchema("income");
        schema["id"].Ignore();
        return schema;
    }
}
