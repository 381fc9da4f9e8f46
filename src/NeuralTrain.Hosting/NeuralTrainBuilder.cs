using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace NeuralTrain;

/// <summary>Adds models to the services of an application, each under a name.</summary>
/// <remarks>
/// All of them are loaded when the application starts; it does not start with a file that is missing or damaged. Later, a file that cannot be served affects only the health check and the log.
/// <code>
/// builder.Services.AddNeuralTrain().AddTablePredictor("income", "income.safetensors", reloadOnChange: true);
/// </code>
/// </remarks>
public sealed class NeuralTrainBuilder
{
    internal NeuralTrainBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the application.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a table model, as a <see cref="TablePredictorSlot"/> under its name.</summary>
    /// <param name="name">The name, the key of the service.</param>
    /// <param name="file">The file, see <see cref="PredictorOptions.File"/>.</param>
    /// <param name="reloadOnChange">Whether a newer file replaces it while requests run. Default false.</param>
    /// <exception cref="ArgumentException">There is a model of this name already.</exception>
    public NeuralTrainBuilder AddTablePredictor(string name, string file, bool reloadOnChange = false) =>
        AddTablePredictor(name, options => (options.File, options.ReloadOnChange) = (file, reloadOnChange));

    /// <summary>Adds a table model with all options, as a <see cref="TablePredictorSlot"/> under its name.</summary>
    /// <param name="name">The name, the key of the service and of the options.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="ArgumentException">There is a model of this name already.</exception>
    public NeuralTrainBuilder AddTablePredictor(string name, Action<PredictorOptions> configure) => Add(
        name, configure, (file, options) => TablePredictor.Load(file, options.MaxMemory), predictor => new TablePredictorSlot(predictor, name), (slot, next) => slot.Swap(next));

    /// <summary>Adds a network that takes plain numbers, as a <see cref="PredictorSlot"/> under its name.</summary>
    /// <param name="name">The name, the key of the service.</param>
    /// <param name="file">The file, see <see cref="PredictorOptions.File"/>.</param>
    /// <param name="reloadOnChange">Whether a newer file replaces it while requests run. Default false.</param>
    /// <exception cref="ArgumentException">There is a model of this name already.</exception>
    public NeuralTrainBuilder AddPredictor(string name, string file, bool reloadOnChange = false) =>
        AddPredictor(name, options => (options.File, options.ReloadOnChange) = (file, reloadOnChange));

    /// <summary>Adds a network that takes plain numbers with all options, as a <see cref="PredictorSlot"/> under its name.</summary>
    /// <param name="name">The name, the key of the service and of the options.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="ArgumentException">There is a model of this name already.</exception>
    public NeuralTrainBuilder AddPredictor(string name, Action<PredictorOptions> configure) => Add(
        name, configure, (file, options) => Predictor.Load(file, options.MaxMemory), predictor => new PredictorSlot(predictor), Swap);

    private NeuralTrainBuilder Add<TSlot, TPredictor>(
        string name, Action<PredictorOptions> configure, Func<Stream, PredictorOptions, TPredictor> load, Func<TPredictor, TSlot> begin, Action<TSlot, TPredictor> swap)
        where TSlot : class
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        if (Services.Any(service => service.ServiceType == typeof(ServedModel) && name.Equals(service.ServiceKey)))
        {
            throw new ArgumentException($"There is a model '{name}' already. Give each a different name.", nameof(name));
        }

        Services.AddOptions<PredictorOptions>(name).Configure(configure)
            .Validate(options => !string.IsNullOrEmpty(options.File), $"The model '{name}' has no file. Set PredictorOptions.File.")
            .Validate(options => options.PollInterval >= TimeSpan.FromMilliseconds(1) && options.PollInterval <= TimeSpan.FromDays(1), $"PollInterval of the model '{name}' must lie in 1 millisecond to 1 day.");
        Services.AddKeyedSingleton<ServedModel>(name, (services, _) =>
        {
            PredictorOptions options = services.GetRequiredService<IOptionsMonitor<PredictorOptions>>().Get(name);
            string file = Path.GetFullPath(options.File, services.GetService<IHostEnvironment>()?.ContentRootPath ?? Environment.CurrentDirectory);
            return new ServedModel<TSlot, TPredictor>(name, file, options, stream => load(stream, options), begin, swap, services.GetRequiredService<ILoggerFactory>());
        });
        Services.AddSingleton(services => services.GetRequiredKeyedService<ServedModel>(name));
        Services.AddKeyedSingleton(name, (services, _) => ((ServedModel<TSlot, TPredictor>)services.GetRequiredKeyedService<ServedModel>(name)).Slot);
        return this;
    }

    // Sizes are compared by the slot; the names are what callers go by here.
    private static void Swap(PredictorSlot slot, Predictor next)
    {
        Predictor before = slot.Current;
        if (!next.InputNames.SequenceEqual(before.InputNames, StringComparer.Ordinal) || !next.Classes.SequenceEqual(before.Classes, StringComparer.Ordinal))
        {
            throw new ArgumentException(
                $"Its features or classes have other names: {Names(next)}, and requests rely on {Names(before)}. Serve such a model under a different name.");
        }

        slot.Swap(next);

        static string Names(Predictor predictor) => $"({Guard.Names(predictor.InputNames)}) → ({Guard.Names(predictor.Classes)})";
    }
}
