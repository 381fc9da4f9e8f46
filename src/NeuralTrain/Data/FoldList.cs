using System.Collections;

namespace NeuralTrain;

/// <summary>The folds of a data set. Each is put together when it is asked for, so that one at a time is in memory.</summary>
internal sealed class FoldList : IReadOnlyList<Fold>
{
    private readonly Dataset _data;
    private readonly int[] _foldOfRow;

    public FoldList(Dataset data, int[] foldOfRow, int count)
    {
        _data = data;
        _foldOfRow = foldOfRow;
        Count = count;
    }

    public int Count { get; }

    public Fold this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(index), index, $"The fold must lie in 0 to {Count - 1}, received {index}.");
            }

            var train = new List<int>();
            var validation = new List<int>();
            for (int row = 0; row < _foldOfRow.Length; row++)
            {
                (_foldOfRow[row] == index ? validation : train).Add(row);
            }

            return new Fold(_data.Select([.. train]), _data.Select([.. validation]));
        }
    }

    public IEnumerator<Fold> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
