using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;

namespace NeuralTrain;

/// <summary>Keeps checkpoints in a PostgreSQL database, so that machines need no shared folder: <c>new PostgresCheckpointStore(NpgsqlDataSource.Create(connection), "flowers")</c>.</summary>
/// <remarks>
/// A file is some rows of the table <c>neuraltrain_checkpoints</c>, which is created when it is missing: parts of 1 MB, each with a checksum that is compared when it is read. A file is replaced in
/// one transaction: at any moment there is the old one or the new one, and what a killed writer began is gone. Whoever writes or reads a file has it in memory as a whole; it has 2 GB at most.
/// </remarks>
/// <param name="source">The database: a data source of Npgsql. The caller disposes of it.</param>
/// <param name="folder">A name that distinguishes these files from others in the same database, such as the name of the study.</param>
public sealed class PostgresCheckpointStore(DbDataSource source, string folder) : ICheckpointStore
{
    // So small that a row is sent and checked in an instant, and so large that there are few.
    private const int PartLength = 1 << 20;

    private const string Create = """
        SELECT pg_advisory_xact_lock(6287321);
        CREATE TABLE IF NOT EXISTS neuraltrain_checkpoints (
            folder text NOT NULL, name text NOT NULL, part integer NOT NULL, length bigint NOT NULL, data bytea NOT NULL, sum bytea NOT NULL, PRIMARY KEY (folder, name, part));
        """;

    // Two writers of one file come one after the other.
    private const string Remove = "SELECT pg_advisory_xact_lock(hashtextextended(@folder || '/' || @name, 0)); DELETE FROM neuraltrain_checkpoints WHERE folder = @folder AND name = @name";

    private readonly DbDataSource _source = source ?? throw new ArgumentNullException(nameof(source));
    private readonly string _folder = string.IsNullOrWhiteSpace(folder) ? throw new ArgumentException("The files need a folder, such as the name of the study.", nameof(folder)) : folder;
    private volatile bool _exists;

    /// <inheritdoc/>
    public void Write(string name, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(write);
        using var file = new MemoryStream();
        write(file);
        Do($"'{name}' cannot be written to the database", "The old one, if there was one, is still there.", connection =>
        {
            using DbTransaction transaction = connection.BeginTransaction();
            using (DbCommand remove = Command(connection, Remove, name)) remove.ExecuteNonQuery();
            for (int part = 0; part < PartsOf(file.Length); part++)
            {
                int start = part * PartLength;
                byte[] data = file.GetBuffer()[start..(int)Math.Min(start + (long)PartLength, file.Length)];
                using DbCommand insert = Command(connection, "INSERT INTO neuraltrain_checkpoints VALUES (@folder, @name, @part, @length, @data, @sum)", name,
                    ("part", part), ("length", file.Length), ("data", data), ("sum", Sum(name, part, data)));
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
            return true;
        });
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public Stream? Open(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Do($"'{name}' cannot be read from the database", "Repeat it when the database is back.", connection =>
        {
            using DbCommand select = Command(connection, "SELECT length, data, sum FROM neuraltrain_checkpoints WHERE folder = @folder AND name = @name ORDER BY part", name);
            using DbDataReader rows = select.ExecuteReader();
            long length = 0;
            List<(byte[] Data, byte[] Sum)> parts = [];
            while (rows.Read())
            {
                length = rows.GetInt64(0);
                parts.Add((rows.GetFieldValue<byte[]>(1), rows.GetFieldValue<byte[]>(2)));
            }

            return parts.Count == 0 ? null : Joined(name, length, parts);
        });
    }

    /// <inheritdoc/>
    public void Delete(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Do($"'{name}' cannot be removed from the database", "It is still there.", connection =>
        {
            using DbTransaction transaction = connection.BeginTransaction();
            using (DbCommand remove = Command(connection, Remove, name)) remove.ExecuteNonQuery();
            transaction.Commit();
            return true;
        });
    }

    // An empty file is a part too.
    private static long PartsOf(long length) => Math.Max((length + PartLength - 1) / PartLength, 1);

    private MemoryStream Joined(string name, long length, List<(byte[] Data, byte[] Sum)> parts)
    {
        if (parts.Count != PartsOf(length)) throw new InvalidDataException($"'{name}' is damaged in the database: it has {parts.Count} parts, but {length} bytes are {PartsOf(length)}. Restore the table, or remove the file.");
        var file = new MemoryStream();
        for (int part = 0; part < parts.Count; part++)
        {
            (byte[] data, byte[] sum) = parts[part];
            if (!sum.AsSpan().SequenceEqual(Sum(name, part, data))) throw new InvalidDataException($"'{name}' is damaged in the database: part {part} is not what was written. Restore the table, or remove the file.");
            file.Write(data);
        }

        file.Position = 0;
        return file;
    }

    private T Do<T>(string problem, string remedy, Func<DbConnection, T> act)
    {
        try
        {
            using DbConnection connection = _source.OpenConnection();
            if (!_exists) EnsureTable(connection);
            return act(connection);
        }
        catch (DbException cause)
        {
            throw new IOException($"{problem}: {cause.Message}. {remedy}", cause);
        }
    }

    private void EnsureTable(DbConnection connection)
    {
        // Who may only read asks for no more.
        using DbCommand find = Command(connection, "SELECT to_regclass('neuraltrain_checkpoints') IS NOT NULL", "");
        if (find.ExecuteScalar() is not true)
        {
            using DbTransaction transaction = connection.BeginTransaction();
            using (DbCommand create = Command(connection, Create, "")) create.ExecuteNonQuery();
            transaction.Commit();
        }

        _exists = true;
    }

    private DbCommand Command(DbConnection connection, string text, string name, params ReadOnlySpan<(string Name, object Value)> more)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandText = text;
        foreach ((string parameter, object value) in (ReadOnlySpan<(string, object)>)[("folder", _folder), ("name", name), .. more])
        {
            if (!text.Contains($"@{parameter}", StringComparison.Ordinal)) continue;
            DbParameter added = command.CreateParameter();
            (added.ParameterName, added.Value) = (parameter, value);
            command.Parameters.Add(added);
        }

        return command;
    }

    // Of everything that says where the part belongs, so that one in the wrong place is found too.
    private byte[] Sum(string name, int part, ReadOnlySpan<byte> data)
    {
        byte[] number = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(number, part);
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sum.AppendData(Encoding.UTF8.GetBytes($"{_folder}/{name}/"));
        sum.AppendData(number);
        sum.AppendData(data);
        return sum.GetHashAndReset();
    }
}
