using Orleans.Serialization;
using Orleans.Storage;

namespace NeuralTrain.Tests.Orleans;

/// <summary>Grain storage that survives all silos, as a database would: it compares ETags, and fails when it is told to, before or after it has stored.</summary>
internal sealed class SharedStorage(Serializer serializer, SharedStorage.Records records) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (records)
        {
            if (!records.Stored.TryGetValue($"{grainId}/{stateName}", out (byte[] Bytes, int Version) found)) return Task.CompletedTask;
            grainState.State = serializer.Deserialize<T>(found.Bytes);
            (grainState.ETag, grainState.RecordExists) = ($"{found.Version}", true);
            return Task.CompletedTask;
        }
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (records)
        {
            string key = $"{grainId}/{stateName}";
            int version = records.Stored.TryGetValue(key, out (byte[] Bytes, int Version) found) ? found.Version : 0;
            if ((grainState.ETag ?? "0") != $"{version}") throw new InconsistentStateException("Somebody else has written.", $"{version}", grainState.ETag);
            int fault = records.Faults?.Next(10) ?? 9;
            if (fault == 0) throw new IOException("The disk is full.");
            records.Stored[key] = (serializer.SerializeToArray(grainState.State), version + 1);
            records.Writes++;
            if (fault == 1) throw new IOException("The answer was lost.");
            (grainState.ETag, grainState.RecordExists) = ($"{version + 1}", true);
            return Task.CompletedTask;
        }
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();

    /// <summary>What is stored, for all silos of a test.</summary>
    internal sealed class Records
    {
        public Dictionary<string, (byte[] Bytes, int Version)> Stored { get; } = [];

        public Random? Faults { get; init; }

        public int Writes { get; set; }
    }
}
