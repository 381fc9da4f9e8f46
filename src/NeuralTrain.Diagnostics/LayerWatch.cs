using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>
/// Records gradient norms, weight norms and the size of the updates of each parameter by epoch, and activations where inputs are given:
/// <c>trainer.Observers.Add(new LayerWatch());</c>
/// </summary>
/// <remarks>
/// It reads each parameter twice in a step and keeps a copy of them all; a trainer without it pays nothing. Nothing is allocated per step. It observes one
/// trainer at a time, and continues when <c>Fit</c> is called again.
/// </remarks>
public sealed class LayerWatch : TrainingObserver
{
    private readonly List<LayerWatchRow> _rows = [];
    private readonly List<ActivationStatistics> _activations = [];
    private Sequential? _network;
    private Watched[] _watched = [];
    private int _steps, _epoch;
    private long _lastStep;

    /// <summary>What was recorded: epoch by epoch, and in each the parameters in the order of the network, without frozen ones.</summary>
    public IReadOnlyList<LayerWatchRow> Rows => _rows;

    /// <summary>
    /// What to pass through the network after each epoch for <see cref="Activations"/>, <c>[batch × InputSize]</c>; none (the default) for no such pass. A
    /// few hundred rows of the data are enough.
    /// </summary>
    public Matrix ActivationInputs { get; init; }

    /// <summary>The activations after each epoch for <see cref="ActivationInputs"/>; empty if there are none.</summary>
    public IReadOnlyList<ActivationStatistics> Activations => _activations;

    /// <inheritdoc/>
    public override void OnBegin(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        _network = trainer.Network;
        _watched = [.. trainer.Optimizer.TrainedParameters.Select(named => new Watched(named.Path, named.Parameter))];
        (_epoch, _steps) = (0, 0);
    }

    /// <inheritdoc/>
    public override void OnGradients(in TrainingStep trainingStep)
    {
        // A step number that was there before belongs to an epoch that begins anew, after something was not finite.
        if (trainingStep.Epoch != _epoch || trainingStep.Step <= _lastStep)
        {
            (_epoch, _steps) = (trainingStep.Epoch, 0);
            Array.ForEach(_watched, watched => (watched.GradientSum, watched.RatioSum, watched.Ratios) = (0, 0, 0));
        }

        _lastStep = trainingStep.Step;
        foreach (Watched watched in _watched)
        {
            if (!watched.Parameter.IsTrainable) continue;

            watched.Parameter.Value.Span.CopyTo(watched.Before);
            watched.GradientSum += Norm(watched.Parameter.Gradient.Span);
        }
    }

    /// <inheritdoc/>
    public override void OnStep(in TrainingStep trainingStep)
    {
        _steps++;
        foreach (Watched watched in _watched)
        {
            double ratio = watched.Parameter.IsTrainable ? UpdateRatio.Of(watched.Before, watched.Parameter.Value.Span) : double.NaN;
            if (!double.IsNaN(ratio)) (watched.RatioSum, watched.Ratios) = (watched.RatioSum + ratio, watched.Ratios + 1);
        }
    }

    /// <inheritdoc/>
    public override void OnEpoch(Epoch epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        _rows.AddRange(_watched.Where(watched => _steps > 0 && watched.Parameter.IsTrainable).Select(watched => new LayerWatchRow
        {
            Epoch = epoch.Number, Path = watched.Path, GradientNorm = watched.GradientSum / _steps,
            WeightNorm = Norm(watched.Parameter.Value.Span), UpdateRatio = watched.Ratios > 0 ? watched.RatioSum / watched.Ratios : null,
        }));
        if (!ActivationInputs.IsEmpty) _activations.Add(ActivationStatistics.Measure(_network!, ActivationInputs));
    }

    /// <summary>The last epoch as a table.</summary>
    public override string ToString()
    {
        var table = new TextTable("parameter", ">gradient", ">weights", ">update / weights");
        foreach (LayerWatchRow row in _rows.Where(row => row.Epoch == _rows[^1].Epoch))
        {
            table.Add(row.Path, Digits.Three(row.GradientNorm), Digits.Three(row.WeightNorm), row.UpdateRatio is double ratio ? Digits.Three(ratio) : "");
        }

        return $"{(_rows.Count == 0 ? "no epoch yet" : $"epoch {_rows[^1].Epoch}")}\n{table}";
    }

    // In double, where no sum of squares of floats overflows.
    private static double Norm(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values) sum += (double)value * value;
        return Math.Sqrt(sum);
    }

    private sealed class Watched(string path, Parameter parameter)
    {
        public readonly string Path = path;
        public readonly Parameter Parameter = parameter;
        public readonly float[] Before = new float[parameter.Value.Span.Length];
        public double GradientSum, RatioSum;
        public int Ratios;
    }
}

/// <summary>One parameter in one epoch, as <see cref="LayerWatch"/> saw it.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class LayerWatchRow
{
    internal LayerWatchRow()
    {
    }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; internal init; }

    /// <summary>The parameter, as <c>0.weight</c>.</summary>
    public string Path { get; internal init; } = "";

    /// <summary>‖g‖, the mean over the steps of the epoch, before clipping and without the gradient of L2.</summary>
    public double GradientNorm { get; internal init; }

    /// <summary>‖w‖ after the epoch's last step.</summary>
    public double WeightNorm { get; internal init; }

    /// <summary>‖w′ − w‖ / ‖w‖, the mean over the steps of the epoch: about 0.001 is usual (Karpathy, CS231n). Null if w was 0 before each of them.</summary>
    public double? UpdateRatio { get; internal init; }
}
