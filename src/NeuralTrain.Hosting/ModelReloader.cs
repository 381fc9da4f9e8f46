using Microsoft.Extensions.Hosting;

namespace NeuralTrain;

/// <summary>Loads all models when the application starts, and looks at their files while it runs.</summary>
internal sealed class ModelReloader(IEnumerable<ServedModel> models) : BackgroundService
{
    private readonly ServedModel[] _models = [.. models];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_models.Where(model => model.Options.ReloadOnChange).Select(model => Watch(model, stoppingToken)));

    private static async Task Watch(ServedModel model, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(model.Options.PollInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(stop)) model.Look();
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }
    }
}
