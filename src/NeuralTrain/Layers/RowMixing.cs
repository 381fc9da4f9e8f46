namespace NeuralTrain;

/// <summary>A custom layer whose <see cref="Layer.Infer"/> gives a row a different output alone than among others: large batches, predicted in blocks of rows, would get different numbers.</summary>
internal sealed record RowMixing(string Path, Layer Layer, string Difference)
{
    // A layer may sum in another order for a single row, but no more.
    private const double Tolerance = 1e-3;
    private const int MostRows = 16;

    /// <summary>The remedy.</summary>
    public const string Remedy = "compute each output row of Infer from its input row alone";

    /// <summary>The first such layer that a batch meets; null if there is none. The library's own layers treat each row independently and are not tested.</summary>
    public static RowMixing? Find(Layer layer, Matrix input, string path = "")
    {
        if (IsKnown(layer)) return null;
        if (!IsOfLibrary(layer)) return Compare(layer, input, path);

        for (int i = 0; i < layer.Children.Count; i++)
        {
            if (Find(layer.Children[i], input, path.Length == 0 ? $"{i}" : $"{path}.{i}") is RowMixing found) return found;

            // The library's containers are chains or parallel branches.
            if (layer.Wiring == Wiring.Chain) input = Infer(layer.Children[i], input);
        }

        return null;
    }

    private static RowMixing? Compare(Layer layer, Matrix input, string path)
    {
        Matrix together = Infer(layer, input);
        double largest = together.Span.ToArray().Where(float.IsFinite).Select(value => Math.Abs((double)value)).DefaultIfEmpty().Max();
        for (int row = 0; row < Math.Min(input.Rows, MostRows); row++)
        {
            Matrix alone = Infer(layer, input.SliceRows(row, 1));
            for (int column = 0; column < together.Columns; column++)
            {
                (float one, float among) = (alone[0, column], together[row, column]);
                if (one.Equals(among) || Math.Abs((double)one - among) <= Tolerance * largest) continue;

                return new RowMixing(path, layer, $"gives {one} for row {row} alone, but {among} among {input.Rows} rows");
            }
        }

        return null;
    }

    private static bool IsKnown(Layer layer) => IsOfLibrary(layer) && layer.Children.All(IsKnown);

    private static bool IsOfLibrary(Layer layer) => layer.GetType().Assembly == typeof(Layer).Assembly;

    private static Matrix Infer(Layer layer, Matrix input)
    {
        var output = new Matrix(input.Rows, layer.OutputSize(input.Columns));
        layer.Infer(input, output);
        return output;
    }
}
