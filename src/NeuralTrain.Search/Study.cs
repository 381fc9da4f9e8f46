using System.Text;

namespace NeuralTrain;

/// <summary>Searches for hyper-parameters: runs trials, learns from them, and keeps everything in a file, so that it continues where it stopped, however it ended.</summary>
/// <remarks>
/// <code>
/// using Study study = Study.Open("flowers.study", Direction.Minimize, new TpeSampler(seed: 1), new SuccessiveHalving());
/// study.Run(trials: 200, parallel: 2, trial =>
/// {
///     double rate = trial.Suggest("rate", 1e-4, 1e-1, log: true);
///     …build and train with it, trial.ShouldStop(epoch) after each epoch…
///     return trainer;
/// });
/// Console.WriteLine(study.Best);
/// </code>
/// <para>
/// For one seed the trials are the same whatever the number of workers, and however often the process was killed (see <see cref="StudyOptions.Window"/>). All members may be called from any thread.
/// Lecture L7.5.
/// </para>
/// </remarks>
public sealed partial class Study : ITrialHost, IDisposable
{
    private readonly object _gate = new();
    private readonly StudyOptions _options;
    private readonly StudyMachine _machine;
    private readonly FileStream? _file;
    private readonly FolderCheckpointStore? _store;
    private Exception? _problem;

    /// <summary>Begins a study in memory, which ends with the process and keeps no files.</summary>
    /// <param name="direction">Whether low or high scores are better.</param>
    /// <param name="sampler">What chooses the values.</param>
    /// <param name="pruner">What stops trials early; null (the default) for nothing.</param>
    /// <param name="options">How to run the trials; null (the default) for the defaults.</param>
    public Study(Direction direction, Sampler sampler, Pruner? pruner = null, StudyOptions? options = null)
        : this(null, direction, sampler, pruner, options)
    {
    }

    private Study(FileStream? file, Direction direction, Sampler sampler, Pruner? pruner, StudyOptions? options)
    {
        _options = options ?? new StudyOptions();
        _file = file;
        if (file is not null) _store = new FolderCheckpointStore(file.Name + ".files");
        _machine = new StudyMachine(direction, sampler, pruner, _options, file is null ? null : Write);
    }

    /// <summary>Begins a study in a file, or continues the one that is there.</summary>
    /// <remarks>
    /// The file is a journal: append-only, one line of JSON an event, each with a checksum; a line that a killed process left unfinished is removed. While the study
    /// is open no other process can open it. Next to it is a folder <c>name.files</c> with the checkpoints of running trials and the files of the best one.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="direction">Whether low or high scores are better.</param>
    /// <param name="sampler">What chooses the values.</param>
    /// <param name="pruner">What stops trials early; null (the default) for nothing.</param>
    /// <param name="options">How to run the trials; null (the default) for the defaults.</param>
    /// <exception cref="ArgumentException">The study in the file was begun with other settings; all differences are listed.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or not a study; the message says where.</exception>
    /// <exception cref="IOException">Another process has it open, or it cannot be opened.</exception>
    public static Study Open(string path, Direction direction, Sampler sampler, Pruner? pruner = null, StudyOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(sampler);
        FileStream file = Locked(path);
        try
        {
            var study = new Study(file, direction, sampler, pruner, options);
            study.Replay();
            return study;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether low or high scores are better.</summary>
    public Direction Direction => _machine.Direction;

    /// <summary>All trials that have begun, by number, as they are now.</summary>
    public IReadOnlyList<TrialResult> Trials
    {
        get
        {
            lock (_gate) return _machine.Trials;
        }
    }

    /// <summary>The range of every hyper-parameter that trials have asked for.</summary>
    public IReadOnlyDictionary<string, SearchRange> Ranges
    {
        get
        {
            lock (_gate) return new Dictionary<string, SearchRange>(_machine.Ranges);
        }
    }

    /// <summary>The best trial that ran to its end.</summary>
    /// <exception cref="InvalidOperationException">No trial did; the message says why the first one did not.</exception>
    public TrialResult Best
    {
        get
        {
            lock (_gate)
            {
                return _machine.Best ?? throw new InvalidOperationException(
                    _machine.Trials.FirstOrDefault(trial => trial.HasEnded) is TrialResult first ? $"None of {_machine.Trials.Count} trials ran to its end. {first}" : "No trial has ended. Run the study first.");
            }
        }
    }

    /// <summary>The file of the best trial's network, for <c>ModelFile.Load</c> and <c>Predictor.Load</c>; null if there is none.</summary>
    public string? BestModelFile => FileOfBest(Trial.ModelName);

    /// <summary>The checkpoint of the best trial's trainer, for <see cref="Trainer.Resume(string)"/>; null if there is none.</summary>
    public string? BestCheckpointFile => FileOfBest(Trial.CheckpointName);

    /// <summary>How much each hyper-parameter matters for being among the best trials, the most important first; the shares sum to 1.</summary>
    /// <exception cref="InvalidOperationException">Too few trials were completed or stopped to tell.</exception>
    public IReadOnlyList<ParameterImportance> Importance() => ParameterImportance.Of(Trials, Ranges, Direction);

    /// <summary>The trials as a table: the completed ones from best to worst, then the others.</summary>
    public override string ToString()
    {
        lock (_gate) return _machine.ToString();
    }

    /// <summary>Closes the file. Running trials continue with the next process that opens it.</summary>
    public void Dispose() => _file?.Dispose();

    private string? FileOfBest(Func<int, string> nameOf)
    {
        TrialResult? best;
        lock (_gate) best = _machine.Best;
        string? path = best is null ? null : _store?.PathOf(nameOf(best.Number));
        return File.Exists(path) ? path : null;
    }

    private void Write(string line)
    {
        if (_problem is not null) throw new StudyStorageException($"'{_file!.Name}' could not be written earlier: {_problem.Message} Open the study again.", _problem);
        long end = _file!.Position;
        try
        {
            _file.Write(Encoding.UTF8.GetBytes(line + "\n"));

            // Without a power failure the operating system writes what it was given, killed or not; with one, the last trials may run again.
            _file.Flush();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // A full disk may have taken a part of the line, which is removed when the study is opened again.
            _problem = problem;
            throw new StudyStorageException($"'{_file.Name}' cannot be written: {problem.Message} Everything up to byte {end} is kept. Make room, then open the study again.", problem);
        }
    }

    private void Replay()
    {
        long offset = 0;
        int number = 0;
        using var reader = new StreamReader(_file!, new UTF8Encoding(false, throwOnInvalidBytes: false), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        string text = reader.ReadToEnd();
        int start = 0;
        for (int end; (end = text.IndexOf('\n', start)) >= 0; start = end + 1)
        {
            string line = text[start..end];
            number++;
            try
            {
                _machine.Replay(line);
            }
            catch (InvalidDataException problem)
            {
                throw new InvalidDataException($"'{_file!.Name}' is damaged or not a study, in line {number}, byte {offset}. {problem.Message} Restore the file, or cut it off before this line to lose what came after.", problem);
            }

            offset += Encoding.UTF8.GetByteCount(line) + 1;
        }

        // What has no end was being written when the process was killed.
        _file!.SetLength(offset);
        _file.Position = offset;
        _machine.ReleaseAll();
        foreach (TrialResult trial in _machine.Trials.Where(trial => trial.HasEnded && trial.Number != _machine.Best?.Number)) DeleteFiles(trial.Number);
    }

    private static FileStream Locked(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException problem) when (problem is not (FileNotFoundException or DirectoryNotFoundException) && File.Exists(path))
        {
            throw new IOException($"'{path}' cannot be opened: most likely another process has the study open. Wait for it, end it, or take another file.", problem);
        }
    }
}
