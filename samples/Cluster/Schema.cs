using Npgsql;

namespace NeuralTrain.Samples;

/// <summary>The tables and queries through which Orleans' ADO.NET provider keeps the state of grains, for PostgreSQL.</summary>
/// <remarks>
/// The provider reads its queries from the table <c>OrleansQuery</c>, and gives and expects parameters and columns by name. For clustering and reminders run the scripts of the
/// Orleans project instead (https://aka.ms/orleans-sql-scripts), which come to the same for grain state.
/// </remarks>
internal static class Schema
{
    private const string Key = "hash = @GrainIdHash AND type_hash = @GrainTypeHash AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND type = @GrainTypeString " +
        "AND extension IS NOT DISTINCT FROM @GrainIdExtensionString AND service = @ServiceId";

    // The version is the ETag: a writer that has read an older one changes nothing and hears of it, because no row comes back.
    private const string Write = $"""
        WITH changed AS (
            UPDATE study_state SET payload = @PayloadBinary, version = version + 1, changed = now()
            WHERE @GrainStateVersion IS NOT NULL AND version = @GrainStateVersion AND {Key} RETURNING version),
        added AS (
            INSERT INTO study_state (hash, type_hash, n0, n1, type, extension, service, payload, version)
            SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @PayloadBinary, 1
            WHERE @GrainStateVersion IS NULL ON CONFLICT DO NOTHING RETURNING version)
        SELECT version AS NewGrainStateVersion FROM changed UNION ALL SELECT version FROM added
        """;

    private const string Read = $"SELECT payload AS PayloadBinary, now() AT TIME ZONE 'utc', version AS Version FROM study_state WHERE {Key}";

    private const string Clear = $"UPDATE study_state SET payload = NULL, version = version + 1, changed = now() WHERE version = @GrainStateVersion AND {Key} RETURNING version AS NewGrainStateVersion";

    /// <summary>Creates them where they are missing.</summary>
    public static async Task Create(string connection)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connection);
        await using NpgsqlCommand tables = source.CreateCommand("""
            CREATE TABLE IF NOT EXISTS OrleansQuery (QueryKey varchar(64) PRIMARY KEY, QueryText varchar(8000) NOT NULL);
            CREATE TABLE IF NOT EXISTS study_state (
                hash integer NOT NULL, type_hash integer NOT NULL, n0 bigint NOT NULL, n1 bigint NOT NULL, type varchar(512) NOT NULL, extension varchar(512), service varchar(150) NOT NULL,
                payload bytea, version integer NOT NULL, changed timestamptz NOT NULL DEFAULT now());
            CREATE UNIQUE INDEX IF NOT EXISTS study_state_key ON study_state (hash, type_hash, n0, n1, type, service, coalesce(extension, ''));
            """);
        await tables.ExecuteNonQueryAsync();
        foreach ((string key, string text) in new[] { ("WriteToStorageKey", Write), ("ReadFromStorageKey", Read), ("ClearStorageKey", Clear), ("DeleteStorageKey", Clear) })
        {
            await using NpgsqlCommand query = source.CreateCommand("INSERT INTO OrleansQuery VALUES (@key, @text) ON CONFLICT DO NOTHING");
            query.Parameters.AddWithValue("key", key);
            query.Parameters.AddWithValue("text", text);
            await query.ExecuteNonQueryAsync();
        }
    }
}
