using System.Buffers;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Branches that all receive the same input, with their outputs side by side.</summary>
/// <remarks>
/// <code>
/// forward   y = [f₀(x), f₁(x), …]                     columns side by side
/// backward  x̄ = Σᵢ fᵢ's backward of its columns of ȳ
/// </code>
/// x <c>[batch × inputs]</c>, y <c>[batch × Σ outputs]</c>. Keras' <c>Concatenate()([f0(x), f1(x)])</c>, PyTorch's
/// <c>torch.cat([f0(x), f1(x)], dim=1)</c>. Parameters are named by the position of the branch: <c>0.weight</c>, or <c>0.1.weight</c> if
/// the branch is a <see cref="Sequential"/>. To pass the input itself along, use <see cref="Identity"/> as a branch. A
/// preceding <see cref="Linear"/> uses the initializer the branches prefer, if they agree; one at the end of a branch uses the preference of the activation that follows.
/// </remarks>
public sealed class Concatenate : Layer
{
    private readonly Layer[] _branches;
    private readonly GrowingMatrix[] _outputs;
    private readonly GrowingMatrix _input = new(), _outputGradientMemory = new(), _inputGradientMemory = new();

    /// <summary>Puts branches side by side.</summary>
    /// <param name="branches">The branches, in the order of their columns in the output; at least one.</param>
    /// <exception cref="ArgumentException">
    /// There is no branch, one is null, a layer appears twice or is part of another network, or two branches take inputs of different widths.
    /// </exception>
    public Concatenate(params ReadOnlySpan<Layer> branches)
    {
        _branches = Composition.Check(nameof(Concatenate), branches);
        int first = Array.FindIndex(_branches, branch => branch.InputSize is not null);
        Declare(first < 0 ? null : _branches[first].InputSize);
        for (int i = first + 1; i < _branches.Length; i++)
        {
            if (_branches[i].InputSize is int size && size != InputSize)
            {
                throw new ArgumentException(
                    $"All branches of {nameof(Concatenate)} get the same input, but branch '{first}', {_branches[first]}, takes {InputSize} columns and branch '{i}', {_branches[i]}, takes {size}.", nameof(branches));
            }
        }

        _outputs = GrowingMatrix.Several(_branches.Length);
        TakeChildren();
        FollowActivation(null);
    }

    /// <inheritdoc/>
    public override int OutputSize(int inputSize)
    {
        int size = 0;
        foreach (Layer branch in _branches) size = checked(size + branch.OutputSize(inputSize));

        return size;
    }

    /// <summary>The branches, in order.</summary>
    public override IReadOnlyList<Layer> Children => _branches;

    /// <inheritdoc/>
    public override Wiring Wiring => Wiring.Parallel;

    /// <inheritdoc/>
    public override IEnumerable<Layer> OutputLayers => _branches.SelectMany(branch => branch.OutputLayers);

    /// <inheritdoc/>
    public override Matrix ChildOutput(int child) => _input.Last.IsEmpty ? default : _outputs[child].Last;

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output) => Run(input, output, recalibrates: false);

    /// <inheritdoc/>
    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckContainer(this, input, output);

        // Until all branches have run there is no batch for a backward pass.
        _input.Forget();
        int start = 0;
        for (int i = 0; i < _branches.Length; i++)
        {
            Matrix branchOutput = _outputs[i].View(input.Rows, _branches[i].OutputSize(input.Columns));
            _branches[i].Forward(input, branchOutput);
            Copy(branchOutput, 0, output, start, branchOutput.Columns);
            start += branchOutput.Columns;
        }

        _input.Remember(input);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    /// <exception cref="ArgumentException">The input is not that of the last forward pass, or a gradient has the wrong shape.</exception>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, InputSize ?? input.Columns, OutputSize(input.Columns));
        Composition.CheckForwardRan(this, _input.Last);
        if (input != _input.Last)
        {
            throw new ArgumentException(
                $"{nameof(Concatenate)} expects the very input of its last forward pass ({_input.Last.Shape}), received another one ({input.Shape}). Call Forward with this batch first.", nameof(input));
        }

        // One memory serves all branches in turn: asked for the widest first, it grows once.
        int start = 0, widest = 0;
        for (int i = 0; i < _branches.Length; i++) widest = !inputGradient.IsEmpty || _branches[i].Learns() ? Math.Max(widest, _outputs[i].Last.Columns) : widest;
        _outputGradientMemory.View(input.Rows, widest);
        for (int i = 0; i < _branches.Length; i++)
        {
            int width = _outputs[i].Last.Columns;
            if (!inputGradient.IsEmpty || _branches[i].Learns())
            {
                Matrix branchGradient = _outputGradientMemory.View(input.Rows, width);
                Copy(outputGradient, start, branchGradient, 0, width);

                // The first branch writes the input gradient; what the others give is added.
                Matrix below = i > 0 && !inputGradient.IsEmpty ? _inputGradientMemory.View(input.Rows, input.Columns) : inputGradient;
                _branches[i].Backward(input, _outputs[i].Last, branchGradient, below);
                if (below != inputGradient) Elementwise.Map(inputGradient.Span, below.Span, inputGradient.Span, default(Addition));
            }

            start += width;
        }
    }

    /// <inheritdoc/>
    public override void Recalibrate(Matrix input, Matrix output) => Run(input, output, recalibrates: true);

    private void Run(Matrix input, Matrix output, bool recalibrates)
    {
        Shapes.CheckContainer(this, input, output);
        int start = 0;
        foreach (Layer branch in _branches)
        {
            int width = branch.OutputSize(input.Columns);
            float[] rented = ArrayPool<float>.Shared.Rent((int)Matrix.CheckedLength(input.Rows, width));
            var branchOutput = new Matrix(rented, 0, input.Rows, width);
            branch.InferOrRecalibrate(input, branchOutput, recalibrates);
            Copy(branchOutput, 0, output, start, width);
            ArrayPool<float>.Shared.Return(rented);
            start += width;
        }
    }

    // Copies columns of all rows.
    private static void Copy(Matrix from, int fromColumn, Matrix to, int toColumn, int columns)
    {
        for (int row = 0; row < from.Rows; row++) from.Row(row).Slice(fromColumn, columns).CopyTo(to.Row(row)[toColumn..]);
    }
}
