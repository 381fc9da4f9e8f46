using System.Globalization;

namespace NeuralTrain;

/// <summary>
/// Records gradient norms, weight norms and the size of the updates of each parameter by epoch, and activations where inputs are given:
/// <c>trainer.Observers.Add(new LayerWatch());</c>
/// </summary>
/// <remarks>
/// It reads each parameter twice in a step and keeps a copy of them all; a trainer without it pays nothing. Nothing is allocated per step. It watches one
/// trainer at a time, and goes on when <c>Fit</c> is called again.
/// </remarks>
public sealed class LayerWatch : TrainingObserver
{
    private readonly List<LayerWatchRow> _rows = [];
    private readonly List<ActivationStatistics> _activations = [];
    private Sequential? _network;
    private NamedParameter[] _parameters = [];
    private float[][] _before = [];
    private double[] _gradientSums = [];
    private double[] _ratioSums = [];
    private int[] _ratios = [];
    private int _steps;
    private int _epoch;
    private long _lastStep;

    /// <summary>What was recorded, epoch by epoch, in each of them the parameters in the order of the network. Frozen ones are left out.</summary>
    public IReadOnlyList<LayerWatchRow> Rows => _rows;

    /// <summary>
    /// What to pass through the network after each epoch for <see cref="Activations"/>, <c>[batch × InputSize]</c>; none (the default) for no such pass. A few
    /// hundred rows of the data say enough.
    /// </summary>
    public Matrix ActivationInputs { get; init; }

    /// <summary>The activations after each epoch for <see cref="ActivationInputs"/>; empty if there are none.</summary>
    public IReadOnlyList<ActivationStatistics> Activations => _activations;

    /// <inheritdoc/>
    public override void OnBegin(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        _network = trainer.Network;
        _parameters = [.. trainer.Optimizer.Trained];
        _before = [.. _parameters.Select(named => new float[named.Parameter.Value.Span.Length])];
        _gradientSums = new double[_parameters.Length];
        _ratioSums = new double[_parameters.Length];
        _ratios = new int[_parameters.Length];
        (_epoch, _steps) = (0, 0);
    }

    /// <inheritdoc/>
    public override void OnGradients(in TrainingStep trainingStep)
    {
        // A step that was there before is that of an epoch which begins anew, after something was not finite.
        if (trainingStep.Epoch != _epoch || trainingStep.Step <= _lastStep)
        {
            Array.Clear(_gradientSums);
            Array.Clear(_ratioSums);
            Array.Clear(_ratios);
            (_epoch, _steps) = (trainingStep.Epoch, 0);
        }

        _lastStep = trainingStep.Step;
        for (int i = 0; i < _parameters.Length; i++)
        {
            Parameter parameter = _parameters[i].Parameter;
            if (parameter.IsTrainable)
            {
                parameter.Value.Span.CopyTo(_before[i]);
                _gradientSums[i] += Math.Sqrt(SquaredNorm.Of(parameter.Gradient.Span));
            }
        }
    }

    /// <inheritdoc/>
    public override void OnStep(in TrainingStep trainingStep)
    {
        _steps++;
        for (int i = 0; i < _parameters.Length; i++)
        {
            Parameter parameter = _parameters[i].Parameter;
            double ratio = parameter.IsTrainable ? UpdateRatio.Of(_before[i], parameter.Value.Span) : double.NaN;
            if (!double.IsNaN(ratio))
            {
                _ratioSums[i] += ratio;
                _ratios[i]++;
            }
        }
    }

    /// <inheritdoc/>
    public override void OnEpoch(Epoch epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        for (int i = 0; i < _parameters.Length && _steps > 0; i++)
        {
            (string path, Parameter parameter) = _parameters[i];
            if (parameter.IsTrainable)
            {
                _rows.Add(new LayerWatchRow(
                    epoch.Number, path, _gradientSums[i] / _steps, Math.Sqrt(SquaredNorm.Of(parameter.Value.Span)),
                    _ratios[i] > 0 ? _ratioSums[i] / _ratios[i] : null));
            }
        }

        if (!ActivationInputs.IsEmpty)
        {
            _activations.Add(ActivationStatistics.Measure(_network!, ActivationInputs));
        }
    }

    /// <summary>The last epoch as a table.</summary>
    public override string ToString()
    {
        var table = new TextTable("parameter", ">gradient", ">weights", ">update / weights");
        foreach (LayerWatchRow row in _rows.Where(row => row.Epoch == _rows[^1].Epoch))
        {
            table.Add(row.Path, Digits.Three(row.GradientNorm), Digits.Three(row.WeightNorm), row.UpdateRatio is double ratio ? Digits.Three(ratio) : "");
        }

        string head = _rows.Count == 0 ? "no epoch yet" : string.Create(CultureInfo.InvariantCulture, $"epoch {_rows[^1].Epoch}");
        return $"{head}\n{table}";
    }
}
