using System.Buffers;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <content>Prediction: in blocks of rows, where the activations between the layers would not stay in the cache.</content>
public sealed partial class Sequential
{
    // Rows of a block: the activations between layers of some hundred units then stay in the second-level cache. With that
    // number of rows the products sum in the same order as with more, so a block has the bits of the whole.
    private const int BlockRows = 512;

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output) => Run(input, output, recalibrates: false);

    private void Run(Matrix input, Matrix output, bool recalibrates)
    {
        Shapes.CheckContainer(this, input, output);
        int[] widths = WidthsFrom(input.Columns);
        if (_layers.Length == 1)
        {
            _layers[0].InferOrRecalibrate(input, output, recalibrates);
        }
        else if (recalibrates || input.Rows < 2 * BlockRows)
        {
            InferLayers(_layers, widths, input, output, recalibrates);
        }
        else
        {
            // Nearly equal blocks.
            int blocks = (input.Rows + BlockRows - 1) / BlockRows;
            var work = new InferenceBlocks(_layers, widths, input, output, blocks);
            Blocks.Run(blocks, ref work);
        }
    }

    // Two rented matrices in turn: a layer reads from one and writes into the other. If a layer throws, they are left to the garbage collector.
    private static void InferLayers(Layer[] layers, int[] widths, Matrix input, Matrix output, bool recalibrates)
    {
        int rows = input.Rows, widest = 0;
        for (int i = 1; i < layers.Length; i++) widest = Math.Max(widest, widths[i]);
        int length = checked((int)Matrix.CheckedLength(rows, widest) + AlignedMemory.Surplus);
        float[] free = ArrayPool<float>.Shared.Rent(length), read = ArrayPool<float>.Shared.Rent(length);
        Matrix current = input;
        for (int i = 0; i < layers.Length - 1; i++)
        {
            var next = new Matrix(free, AlignedMemory.Start(free), rows, widths[i + 1]);
            layers[i].InferOrRecalibrate(current, next, recalibrates);
            (current, free, read) = (next, read, free);
        }

        layers[^1].InferOrRecalibrate(current, output, recalibrates);
        ArrayPool<float>.Shared.Return(free);
        ArrayPool<float>.Shared.Return(read);
    }

    /// <summary>The blocks of rows of one prediction.</summary>
    private readonly struct InferenceBlocks(Layer[] layers, int[] widths, Matrix input, Matrix output, int blocks) : IBlockWork
    {
        public void Run(int block)
        {
            int start = (int)((long)input.Rows * block / blocks);
            int count = (int)((long)input.Rows * (block + 1) / blocks) - start;
            InferLayers(layers, widths, input.SliceRows(start, count), output.SliceRows(start, count), recalibrates: false);
        }
    }
}
