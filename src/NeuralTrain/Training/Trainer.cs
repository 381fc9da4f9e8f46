using Microsoft.Extensions.Logging;

namespace NeuralTrain;

/// <summary>Trains a network: runs the loop of forward, loss, backward and step over batches of the data, with validation, metrics, a schedule and early stopping.</summary>
/// <remarks>
/// <para>
/// Each call of <c>Fit</c> continues where the last one ended: weights, the optimizer's moments, the numbering of epochs, the time of the schedule and
/// <see cref="History"/> continue, and <c>epochs</c> more epochs are trained. After <c>Resume</c> from a checkpoint the interrupted run is finished instead:
/// its epochs count, so a program ends the same whether it was interrupted or not.
/// </para>
/// <para>
/// A seeded run repeats bit for bit, for any number of threads. One trainer trains on one thread at a time; trainers of different networks may run at once if they
/// do not share metrics, or a <see cref="ReduceOnPlateau"/>.
/// </para>
/// <para>
/// A run uses the settings the trainer had when it started; later changes take effect with the next call. Changes to the optimizer or to layers take effect immediately. A checkpoint
/// records the settings its run uses.
/// </para>
/// <para>Clipping and L2 belong to the <see cref="NeuralTrain.Optimizer"/>, class weights to the loss, sample weights to the data.</para>
/// </remarks>
public sealed partial class Trainer
{
    /// <summary>Creates a trainer.</summary>
    /// <param name="network">The network to train.</param>
    /// <param name="loss">The loss to minimise. Its <see cref="Loss.CheckNetwork"/> is called here.</param>
    /// <param name="optimizer">The rule that changes the parameters, created for this network or for a part of it.</param>
    /// <exception cref="ArgumentException">The loss does not fit the network's last layer, or the optimizer was created for another network.</exception>
    public Trainer(Sequential network, Loss loss, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        loss.CheckNetwork(network);
        Parameters = network.AllParameters();
        var own = new HashSet<Parameter>();
        foreach (NamedParameter named in Parameters) own.Add(named.Parameter);
        foreach (NamedParameter named in optimizer.Trained)
        {
            if (own.Contains(named.Parameter)) continue;
            throw new ArgumentException(
                $"The {optimizer.GetType().Name} trains parameters of another network, such as '{named.Path}'. Create it with new {optimizer.GetType().Name}(network).", nameof(optimizer));
        }

        (Network, Loss, Optimizer) = (network, loss, optimizer);
        Metrics = Metric.DefaultsFor(loss.OutputKind);
        Streams = [.. network.SelfAndBelow().Select(below => below.Layer.RandomStream).OfType<RandomStream>()];
    }

    /// <summary>The network that is trained.</summary>
    public Sequential Network { get; }

    /// <summary>The loss to minimise.</summary>
    public Loss Loss { get; }

    /// <summary>The rule that changes the parameters.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Rows of a batch, 1 or more; the last batch of an epoch has the remaining rows. Default 32, as in Keras.</summary>
    /// <remarks>If the network has a <see cref="BatchNorm"/>, a single row that is left over joins the batch before it.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int BatchSize { get; set => field = Guard.AtLeast(value, 1, nameof(BatchSize), "a batch has at least one row"); } = 32;

    /// <summary>
    /// Whether an epoch leaves out its last rows if they do not fill a batch, so that all batches have the same size; with shuffling these are different rows each time. Default false.
    /// PyTorch's <c>drop_last</c>.
    /// </summary>
    public bool DropLast { get; set; }

    /// <summary>
    /// The number of batches per step, 1 or more. A step of k batches is the same as that of one batch with all their rows (each <see cref="BatchNorm"/> still
    /// normalises each batch separately); the last step of an epoch takes the remaining batches. Default 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int AccumulationSteps { get; set => field = Guard.AtLeast(value, 1, nameof(AccumulationSteps), "a step needs at least one batch"); } = 1;

    /// <summary>
    /// How the learning rate changes; null (the default) leaves it as the optimizer has it. While training runs with a schedule, it sets
    /// <see cref="Optimizer.LearningRate"/> to γ·factor, where γ is the rate at the call of <c>Fit</c>, and restores γ at the end.
    /// </summary>
    /// <remarks>
    /// A schedule that spans the whole training (as <see cref="OneCycle"/> or <see cref="CosineDecay"/> without a length) spans each call of <c>Fit</c> separately; with
    /// a time budget it follows the fraction of the time that is spent, so it reaches its end on any machine. One with a fixed length counts steps or
    /// epochs over all calls. If the number of rows is unknown, the number of steps is unknown during the first epoch, which is treated as the start of a long run.
    /// </remarks>
    public Schedule? Schedule { get; set; }

    /// <summary>
    /// The name of the metric that a <see cref="ReduceOnPlateau"/> watches after each epoch, on the validation data or else on the training data.
    /// Default null: the loss.
    /// </summary>
    public string? ScheduleMetric { get; set; }

    /// <summary>When to stop before the last epoch, and whether to restore the best weights; null (the default) trains to the end and keeps the last weights.</summary>
    public EarlyStopping? EarlyStopping { get; set; }

    /// <summary>What to do when something becomes NaN or infinite; null (the default) throws a <see cref="NonFiniteException"/> that says where.</summary>
    public Recovery? Recovery { get; set; }

    /// <summary>Where and how often to save everything needed to continue after an interruption; null (the default) for never.</summary>
    public CheckpointOptions? Checkpoint { get; set; }

    /// <summary>
    /// The metrics measured besides the loss: by default accuracy for classes and decisions, MAE and R² for values. An empty list
    /// measures nothing and costs nothing.
    /// </summary>
    /// <exception cref="ArgumentException">Two metrics have the same name, or one has the name of the loss.</exception>
    public IReadOnlyList<Metric> Metrics
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (Metric metric in value) ArgumentNullException.ThrowIfNull(metric, nameof(Metrics));
            if (value.Select(metric => metric.Name).Prepend(EarlyStopping.LossName).GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { Key: string twice })
            {
                throw new ArgumentException($"There are two values called '{twice}' among loss and metrics. Give each another name.", nameof(Metrics));
            }

            field = [.. value];
        }
    }

    /// <summary>The seed of shuffling and augmentation. Default 0; the same seed gives the same training.</summary>
    public ulong Seed { get; set; }

    /// <summary>Whether the rows are shuffled in each epoch. Default true.</summary>
    public bool Shuffle { get; set; } = true;

    /// <summary>The augmentation of each training batch, applied to a copy; null (the default) for none. Validation uses the data unchanged.</summary>
    /// <remarks>Its random numbers are a function of <see cref="Seed"/>, epoch and batch.</remarks>
    public Augmentation? Augmentation { get; set; }

    /// <summary>Receives progress reports; null (the default) for none.</summary>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>The minimum time between two reports within an epoch; zero reports each step. The end of each epoch is always reported. Default 0.1 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative time.</exception>
    public TimeSpan ProgressInterval
    {
        get;
        set => field = value >= TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(ProgressInterval), $"ProgressInterval must be 0 or more, received {value}. TimeSpan.Zero reports each step.");
    } = TimeSpan.FromMilliseconds(100);

    /// <summary>Logs the start, epochs, recoveries and the end; null (the default) for no logging.</summary>
    public ILogger? Logger { get; set; }

    /// <summary>Called before the first epoch, in each step, after each epoch and at the end; none by default.</summary>
    public IList<TrainingObserver> Observers { get; } = [];

    /// <summary>The history of the training so far, all calls of <c>Fit</c> together.</summary>
    public History History { get; } = new(new TrainingState());

    /// <summary>All parameters and statistics of the network.</summary>
    internal NamedParameter[] Parameters { get; }

    /// <summary>The random streams of the network's layers.</summary>
    internal IReadOnlyList<RandomStream> Streams { get; }

    /// <summary>Whether a pass over the data is in progress, so that the metrics are in use.</summary>
    internal bool IsInEpoch { get; set; }

    /// <summary>The clock; tests set their own.</summary>
    internal TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>A copy that keeps the settings as they are now; network, loss, optimizer and history are the same.</summary>
    internal Trainer Copy() => (Trainer)MemberwiseClone();

    /// <summary>The number of values the optimizer may change.</summary>
    internal long TrainableValues() => Parameters.Where(named => named.Parameter.IsTrainable).Sum(named => (long)named.Parameter.Value.Span.Length);

    /// <summary>A step that was cut short leaves gradients that must not reach the next one.</summary>
    internal void ClearGradients()
    {
        foreach (NamedParameter named in Parameters) named.Parameter.Gradient.Span.Clear();
    }
}
