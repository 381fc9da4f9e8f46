using System.Numerics.Tensors;

namespace NeuralTrain;

/// <summary>How often each category of an embedded column occurs in the rows that were trained on.</summary>
internal sealed class CodeCounts
{
    private readonly Dictionary<int, long[]> _counts = [];

    /// <summary>Begins to count.</summary>
    public CodeCounts(TableSchema schema)
    {
        int place = 0;
        foreach (ColumnEncoder encoder in schema.Encoders(ColumnRole.Input))
        {
            if (encoder.State.EmbeddingSize > 0) _counts.Add(place, new long[encoder.Codes]);
            place += encoder.Width;
        }
    }

    /// <summary>Counts a row of inputs.</summary>
    public void Add(ReadOnlySpan<float> inputs)
    {
        foreach ((int column, long[] counts) in _counts) counts[(int)inputs[column]]++;
    }

    /// <summary>Counts all rows of inputs.</summary>
    public CodeCounts Add(Matrix inputs)
    {
        for (int row = 0; row < inputs.Rows; row++) Add(inputs.Row(row));
        return this;
    }

    /// <summary>
    /// Fills the vectors that no row has trained, which still hold their random initial values, with the mean of the others weighted by frequency, so that the network predicts as for an average row.
    /// </summary>
    /// <param name="network">The network, with the embedding as its first layer or that of its members.</param>
    /// <param name="onlyUnknown">Whether only the vector of unknown categories is filled.</param>
    public void FillUnlearnt(Layer network, bool onlyUnknown)
    {
        switch (network)
        {
            case Sequential { Children.Count: > 0 } parts:
                FillUnlearnt(parts.Children[0], onlyUnknown);
                break;
            case Concatenate members:
                foreach (Layer member in members.Children) FillUnlearnt(member, onlyUnknown);
                break;
            case Embedding embedding:
                for (int i = 0; i < embedding.Columns.Count; i++) Fill(embedding.Parameters[i].Value, _counts[embedding.Columns[i].Column], onlyUnknown);
                break;
        }
    }

    private static void Fill(Matrix vectors, long[] counts, bool onlyUnknown)
    {
        long rows = counts.Sum();
        if (rows == 0) return;
        float[] mean = new float[vectors.Columns];
        for (int code = 0; code < counts.Length; code++) TensorPrimitives.MultiplyAdd(vectors.Row(code), (float)counts[code] / rows, mean, mean);
        for (int code = 0; code < (onlyUnknown ? 1 : counts.Length); code++)
        {
            if (counts[code] == 0) mean.CopyTo(vectors.Row(code));
        }
    }
}
