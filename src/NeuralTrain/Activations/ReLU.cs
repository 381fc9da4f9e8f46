using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The rectified linear unit: positive values as they are, 0 for the rest (lecture L3, L3.2, 2010).</summary>
/// <remarks>
/// <code>
/// forward   y = max(x, 0)
/// backward  x̄ = ȳ where x > 0, else 0
/// </code>
/// Any width; shapes stay the same. At the kink, x = 0, the gradient is 0, as in PyTorch and Keras. Source: Nair and Hinton,
/// "Rectified Linear Units Improve Restricted Boltzmann Machines", 2010. It saturates only for negative values; a unit that
/// is negative for all data learns no more, which <see cref="LeakyReLU"/> and <see cref="PReLU"/> avoid.
/// PyTorch's <c>nn.ReLU</c>, Keras' <c>relu</c>.
/// </remarks>
public sealed class ReLU : Layer
{
    /// <summary>He's initialisation, derived for this very function.</summary>
    protected internal override Initializer? PreferredInitializer => HeNormal.Instance;

    /// <inheritdoc/>
    protected internal override (double Low, double High)? OutputRange => (0, double.PositiveInfinity);

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        Elementwise.Map(input.Span, output.Span, default(Formula));
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        if (!inputGradient.IsEmpty)
        {
            Elementwise.Map(output.Span, outputGradient.Span, inputGradient.Span, default(Derivative));
        }
    }

    private readonly struct Formula : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.AtLeast(x, TLanes.Zero);
    }

    // dy/dx = 1 where x > 0, which is where y > 0, else 0. Asked the other way round so that NaN hands its gradient on.
    private readonly struct Derivative : IMap2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes y, TLanes outputGradient)
            where TLanes : unmanaged, ILanes<TLanes> =>
            TLanes.Select(y <= TLanes.Zero, TLanes.Zero, outputGradient);
    }
}
