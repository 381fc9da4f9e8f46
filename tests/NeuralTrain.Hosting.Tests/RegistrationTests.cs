using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace NeuralTrain.Tests.Hosting;

public sealed class RegistrationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Two_models_have_two_names()
    {
        NeuralTrainBuilder models = new ServiceCollection().AddNeuralTrain().AddTablePredictor("income", "a").AddPredictor("wine", "b");
        models.Invoking(own => own.AddPredictor("income", "c")).Should().Throw<ArgumentException>().WithMessage("There is a model 'income' already.*");
        models.Services.AddNeuralTrain().Invoking(own => own.AddTablePredictor("wine", "c")).Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData("", 1000, "*'income' has no file*")]
    [InlineData("m", 0, "*PollInterval of the model 'income' must lie in 1 millisecond to 1 day*")]
    public void Options_that_cannot_be_are_refused(string file, int milliseconds, string message)
    {
        ServiceCollection services = [];
        services.AddNeuralTrain().AddTablePredictor("income", options => (options.File, options.PollInterval) = (file, TimeSpan.FromMilliseconds(milliseconds)));
        using ServiceProvider provider = services.BuildServiceProvider();
        provider.Invoking(own => own.GetRequiredKeyedService<TablePredictorSlot>("income")).Should().Throw<OptionsValidationException>().WithMessage(message);
    }

    [Fact]
    public async Task A_service_without_its_file_or_with_a_damaged_one_does_not_start()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in new[] { folder["none"], folder.Write("damaged", Models.Bytes(Models.First)[..500]) })
        {
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddNeuralTrain().AddTablePredictor("income", file);
            using IHost host = builder.Build();
            await host.Invoking(own => own.StartAsync(Stop)).Should().ThrowAsync<InvalidOperationException>().WithMessage($"The model 'income' cannot be loaded from {file}: *");
        }
    }

    [Fact]
    public async Task Options_come_from_the_configuration_too()
    {
        using var folder = new TemporaryFolder();
        Models.First.Save(folder["m"]);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Income:File", folder["m"]), new("Income:ReloadOnChange", "true"), new("Income:PollInterval", "00:00:07")]);
        builder.Services.AddNeuralTrain().AddTablePredictor("income", options => builder.Configuration.Bind("Income", options));
        using IHost host = builder.Build();
        await host.StartAsync(Stop);
        PredictorOptions options = host.Services.GetRequiredKeyedService<ServedModel>("income").Options;
        (options.ReloadOnChange, options.PollInterval).Should().Be((true, TimeSpan.FromSeconds(7)));
        host.Services.GetRequiredKeyedService<TablePredictorSlot>("income").Name.Should().Be("income");
        await host.StopAsync(Stop);
    }

    [Fact]
    public void A_file_that_asks_for_too_much_memory_is_refused()
    {
        using var folder = new TemporaryFolder();
        Models.First.Save(folder["m"]);
        ServiceCollection services = [];
        services.AddNeuralTrain().AddTablePredictor("income", options => (options.File, options.MaxMemory) = (folder["m"], 10));
        using ServiceProvider provider = services.BuildServiceProvider();
        provider.Invoking(own => own.GetRequiredKeyedService<TablePredictorSlot>("income")).Should().Throw<InvalidOperationException>().WithInnerException<InvalidDataException>();
    }

    [Fact]
    public async Task A_network_of_plain_numbers_is_served_and_reloaded_too()
    {
        using var folder = new TemporaryFolder();
        Save(1, ["no", "yes"]);
        await using Service service = await Service.Start(
            app => app.MapPost("/wine", (float[] features, [FromKeyedServices("wine")] PredictorSlot slot) => slot.Current.Classify(features)),
            models => models.AddPredictor("wine", folder["wine"], reloadOnChange: true));
        ServedModel model = service.App.Services.GetRequiredKeyedService<ServedModel>("wine");
        float? before = await Ask();
        Save(2, ["no", "yes"]);
        Look();
        float? after = await Ask();
        after.Should().NotBe(before);
        Save(3, ["yes", "no"]);
        Look();
        model.Problem.Should().Be("Its features or classes have other names: ('a', 'b') → ('yes', 'no'), and requests rely on ('a', 'b') → ('no', 'yes'). Serve such a model under a different name.");
        (await Ask(), await service.Health()).Should().Be((after, "Degraded"));

        void Save(int seed, string[] classes) => ModelFile.Save(folder["wine"], new Sequential(new Linear(2, 2, new Random(seed))), classes, new SoftmaxCrossEntropy(), ["a", "b"]);

        void Look()
        {
            model.Look();
            model.Look();
        }

        async Task<float?> Ask()
        {
            using HttpResponseMessage response = await service.Post("[0.5,-0.25]", "/wine");
            return (await response.Content.ReadFromJsonAsync<Classification>(Stop)).Probability;
        }
    }
}
