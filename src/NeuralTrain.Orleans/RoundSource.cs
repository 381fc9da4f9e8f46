namespace NeuralTrain;

/// <summary>The data of a shard as an epoch of its trainer: a number of whole batches, drawn again in each round.</summary>
/// <remarks>A round takes the first batches of a new order of the rows; if those are too few, it continues with another order. So what it reads depends only on the seed and the number of the round.</remarks>
internal sealed class RoundSource : BatchSource
{
    private readonly Dataset _shard;
    private readonly int _batches;

    /// <summary>Creates the source.</summary>
    /// <param name="shard">The data of the shard.</param>
    /// <param name="batches">The number of batches of a round.</param>
    /// <param name="batchSize">Rows of a batch.</param>
    public RoundSource(Dataset shard, int batches, int batchSize)
        : base(shard.InputSize, shard.TargetSize, checked(batches * batchSize), shard.InputNames, shard.TargetNames, shard.Classes)
    {
        if (shard.Count < batchSize) throw new ArgumentException($"A shard has {shard.Count} rows, but a batch has {batchSize}. Give each shard a batch or more: use fewer shards, or smaller batches.", nameof(shard));
        (_shard, _batches) = (shard, batches);
    }

    /// <inheritdoc/>
    public override BatchReader Read(BatchPlan plan) => new Reader(this, plan);

    private sealed class Reader(RoundSource source, BatchPlan plan) : BatchReader
    {
        private readonly int _batchesOfPass = source._shard.Count / plan.BatchSize;
        private BatchReader? _pass;
        private int _read;

        /// <inheritdoc/>
        public override ReadOnlySpan<float> SampleWeights => _pass!.SampleWeights;

        /// <inheritdoc/>
        public override bool Read()
        {
            if (_read == source._batches) return false;
            if (_read % _batchesOfPass == 0)
            {
                _pass?.Dispose();
                int passes = ((source._batches - 1) / _batchesOfPass) + 1;
                _pass = source._shard.Read(new BatchPlan(plan.BatchSize, plan.ShuffleSeed, checked((plan.Epoch * passes) + (_read / _batchesOfPass))));
            }

            _read++;
            _pass!.Read();
            (Inputs, Targets) = (_pass.Inputs, _pass.Targets);
            return true;
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            if (disposing) _pass?.Dispose();
            base.Dispose(disposing);
        }
    }
}
