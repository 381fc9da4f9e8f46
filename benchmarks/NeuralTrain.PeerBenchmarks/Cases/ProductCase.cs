using NeuralTrain.Kernels;
using static TorchSharp.torch;

namespace NeuralTrain.PeerBenchmarks;

/// <summary>One matrix product of a layer with m rows, n units and k inputs; both write into memory that is there already.</summary>
internal sealed class ProductCase : PeerCase
{
    private readonly Orientation _orientation;
    private readonly int _m;
    private readonly int _n;
    private readonly int _k;
    private readonly Matrix _left;
    private readonly Matrix _right;
    private readonly Matrix _result;
    private readonly Tensor _leftTensor;
    private readonly Tensor _rightTensor;
    private readonly Tensor _leftView;
    private readonly Tensor _rightView;
    private readonly Tensor _resultTensor;

    /// <summary>Draws the operands.</summary>
    public ProductCase(Orientation orientation, int m, int n, int k, double? targetShare = null)
    {
        (_orientation, _m, _n, _k, TargetShare) = (orientation, m, n, k, targetShare);
        (int leftColumns, int rightRows, int rightColumns, int resultRows, int resultColumns) = orientation switch
        {
            Orientation.Forward => (k, n, k, m, n),
            Orientation.WeightGradient => (n, m, k, n, k),
            _ => (n, n, k, m, k),
        };
        _left = Draw(m, leftColumns, 1);
        _right = Draw(rightRows, rightColumns, 2);
        _result = Matrix.ToKeep(resultRows, resultColumns);
        _leftTensor = tensor(_left.Span.ToArray(), [m, leftColumns]);
        _rightTensor = tensor(_right.Span.ToArray(), [rightRows, rightColumns]);
        _leftView = orientation == Orientation.WeightGradient ? _leftTensor.t() : _leftTensor;
        _rightView = orientation == Orientation.Forward ? _rightTensor.t() : _rightTensor;
        _resultTensor = zeros(resultRows, resultColumns);
    }

    /// <summary>The share of the bare FMA loop it shall reach at least; null where nothing was promised.</summary>
    public double? TargetShare { get; }

    /// <summary>Additions and multiplications of one product.</summary>
    public double Operations => 2.0 * _m * _n * _k;

    /// <inheritdoc/>
    public override double? TargetRatio => 1;

    /// <inheritdoc/>
    public override string Name => $"{_m}×{_n}×{_k} " + _orientation switch
    {
        Orientation.Forward => "x·Wᵀ",
        Orientation.WeightGradient => "ȳᵀ·x",
        _ => "ȳ·W",
    };

    /// <inheritdoc/>
    public override Agreement Check()
    {
        _result.Span.Clear();
        _resultTensor.zero_();
        RunOurs(1);
        RunPeer(1);
        return Agreement.None.And("product", _result.Span, TorchNetwork.Values(_resultTensor));
    }

    /// <inheritdoc/>
    public override void RunOurs(int count)
    {
        for (int i = 0; i < count; i++)
        {
            switch (_orientation)
            {
                case Orientation.Forward:
                    Products.TimesTransposed(_left.Span, _right.Span, default, _result.Span, _m, _n, _k);
                    break;
                case Orientation.WeightGradient:
                    Products.AddTransposedTimes(_left.Span, _right.Span, _result.Span, _m, _n, _k);
                    break;
                default:
                    Products.Times(_left.Span, _right.Span, _result.Span, _m, _n, _k);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>β = 0 overwrites the result, which TorchSharp's <c>mm</c>, without its <c>out</c>, would allocate each time.</remarks>
    public override void RunPeer(int count)
    {
        float beta = _orientation == Orientation.WeightGradient ? 1 : 0;
        for (int i = 0; i < count; i++)
        {
            // It returns the very tensor it was called on: nothing to dispose.
            _resultTensor.addmm_(_leftView, _rightView, beta, 1);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _leftView.Dispose();
        _rightView.Dispose();
        _leftTensor.Dispose();
        _rightTensor.Dispose();
        _resultTensor.Dispose();
    }

    // In memory as the library's own weights, gradients and activations have it: on whole cache lines, as a tensor's is.
    private static Matrix Draw(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        Matrix values = Matrix.ToKeep(rows, columns);
        foreach (ref float value in values.Span)
        {
            value = random.NextSingle() - 0.5f;
        }

        return values;
    }
}
