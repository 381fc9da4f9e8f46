using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace NeuralTrain;

/// <summary>Puts studies, shared trainings, and their workers into the processes of an Orleans cluster.</summary>
/// <remarks>
/// <code>
/// var plan = new StudyPlan("flowers", trials: 200, Direction.Minimize, new TpeSampler(seed: 1), new SuccessiveHalving());
/// builder.UseOrleans(silo => silo.UseLocalhostClustering().AddMemoryGrainStorage(StudyCluster.Storage));
/// builder.Services.AddStudy(plan).AddStudyWorker&lt;FlowersTrial>(plan, parallel: 2, new FolderCheckpointStore("/shared/flowers"));
/// …
/// StudyMachine study = await host.Services.GetRequiredService&lt;IGrainFactory>().RunAsync(plan);
/// </code>
/// </remarks>
public static class StudyCluster
{
    /// <summary>The name of the grain storage that keeps studies: <c>silo.AddMemoryGrainStorage(StudyCluster.Storage)</c>, or any other provider of Orleans.</summary>
    public const string Storage = "studies";

    /// <summary>Lets the grain of a study live in this process.</summary>
    /// <param name="services">The services of a silo.</param>
    /// <param name="plan">The study, the same in every process.</param>
    public static IServiceCollection AddStudy(this IServiceCollection services, StudyPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton(plan);
    }

    /// <summary>Makes this process, a silo or a client of the cluster, run trials of a study until all have ended.</summary>
    /// <typeparam name="T">What a trial does, created once by the container.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="plan">The study, the same in every process.</param>
    /// <param name="parallel">The number of trials run at once in this process, 1 or more.</param>
    /// <param name="checkpoints">Where checkpoints and the best model are kept, the same for all workers of the study; null for nowhere: then a trial that is lost starts over.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public static IServiceCollection AddStudyWorker<T>(this IServiceCollection services, StudyPlan plan, int parallel = 1, ICheckpointStore? checkpoints = null)
        where T : class, ITrialWork
    {
        ArgumentNullException.ThrowIfNull(plan);
        Guard.AtLeast(parallel, 1, nameof(parallel), "a worker runs at least one trial at a time");
        services.TryAddSingleton<T>();
        return services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<StudyWorker>(
            provider, plan, provider.GetRequiredService<T>(), new StudyWorkerSettings(parallel, checkpoints)));
    }

    /// <summary>Waits until all trials of a study have ended.</summary>
    /// <param name="grains">The cluster.</param>
    /// <param name="plan">The study.</param>
    /// <param name="progress">Receives a trial whenever it has begun, reported or ended. Default null.</param>
    /// <param name="cancellationToken">Ends the waiting, not the study.</param>
    /// <returns>The study with all results.</returns>
    public static async Task<StudyMachine> RunAsync(this IGrainFactory grains, StudyPlan plan, IProgress<TrialResult>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentNullException.ThrowIfNull(plan);
        StudyMachine machine = plan.NewMachine();
        int lines = 0;
        while (true)
        {
            StudyJournalPart part = await Patient.Call(() => grains.GetGrain<IStudyGrain>(plan.Name).Journal(lines), cancellationToken);
            foreach (string line in part.Lines)
            {
                if (machine.Replay(line) is int trial) progress?.Report(machine.Trials[trial]);
            }

            lines += part.Lines.Length;
            if (part.IsFinished && lines > 0) return machine;
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    /// <summary>Lets the grain of a shared training live in this process.</summary>
    /// <param name="services">The services of a silo.</param>
    /// <param name="plan">The training, the same in every process.</param>
    public static IServiceCollection AddParallelTraining(this IServiceCollection services, ParallelPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton(plan);
    }

    /// <summary>Makes this process, a silo or a client of the cluster, do its share of a training until it has ended.</summary>
    /// <typeparam name="T">The code and data of the training, created once by the container.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="plan">The training, the same in every process.</param>
    /// <param name="checkpoints">Where weights and the state of the shards are kept, the same for all workers.</param>
    public static IServiceCollection AddParallelWorker<T>(this IServiceCollection services, ParallelPlan plan, ICheckpointStore checkpoints)
        where T : class, IParallelWork
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(checkpoints);
        services.TryAddSingleton<T>();
        return services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<ParallelWorker>(provider, plan, provider.GetRequiredService<T>(), checkpoints));
    }

    /// <summary>Waits until the last round of a shared training, and gives its network.</summary>
    /// <param name="grains">The cluster.</param>
    /// <param name="plan">The training.</param>
    /// <param name="work">Its code, which makes the network.</param>
    /// <param name="checkpoints">The store of the workers; in the end it has only the weights of the last round.</param>
    /// <param name="progress">Receives a round when it is done; of rounds that follow one another at once, the last. Default null.</param>
    /// <param name="cancellationToken">Ends the waiting, not the training: that ends when its workers do, and continues with the next ones.</param>
    /// <exception cref="InvalidOperationException">The training failed; the message says where and why.</exception>
    public static async Task<Sequential> TrainAsync(
        this IGrainFactory grains, ParallelPlan plan, IParallelWork work, ICheckpointStore checkpoints, IProgress<ParallelRound>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(checkpoints);
        int told = 0;
        while (true)
        {
            ParallelStatus status = await Patient.Call(() => grains.GetGrain<IParallelGrain>(plan.Name).Status(), cancellationToken);
            if (status.Last is ParallelRound last && last.Number > told)
            {
                told = last.Number;
                progress?.Report(last);
            }

            if (status.Failure is string failure) throw new InvalidOperationException($"The training '{plan.Name}' has failed: {failure}. Correct it, and begin again under another name.");
            if (status.IsFinished) return ParallelRunner.Result(plan, work, checkpoints);
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }
}

/// <summary>What a trial of a study on a cluster does.</summary>
public interface ITrialWork
{
    /// <summary>Builds a trainer with values of <c>trial.Suggest</c>, trains, and returns it. Several may run at once.</summary>
    /// <param name="trial">The trial.</param>
    Trainer Run(Trial trial);
}
