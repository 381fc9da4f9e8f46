using System.Buffers.Binary;
using System.Data;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;

namespace NeuralTrain;

/// <summary>Keeps checkpoints in a PostgreSQL database, so that machines need no shared folder: <c>new PostgresCheckpointStore(NpgsqlDataSource.Create(connection), "flowers")</c>.</summary>
/// <remarks>
/// <para>
/// A file is some rows of the table <c>neuraltrain_checkpoints</c>, which is created when it is missing: parts of 1 MB, each with a checksum that is compared when it is read. Neither
/// side has more than one of them in memory. A file is replaced in one transaction: at any moment there is the old one or the new one, and what a killed writer began is gone.
/// </para>
/// <para>A stream of <see cref="Open"/> shows the file as it was when it was opened, and holds a connection until it is closed.</para>
/// </remarks>
/// <param name="source">The database: a data source of Npgsql. The caller disposes of it.</param>
/// <param name="folder">What tells these files from those of others in the same database, such as the name of the study.</param>
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
        Do($"'{name}' cannot be written to the database", "The old one, if there was one, is still there.", connection =>
        {
            using DbTransaction transaction = connection.BeginTransaction();
            using (DbCommand remove = Command(connection, Remove, name)) remove.ExecuteNonQuery();
            using (var parts = new Parts(this, connection, name))
            {
                write(parts);
                parts.End();
            }

            transaction.Commit();
            return true;
        });
    }

    /// <inheritdoc/>
    public Stream? Open(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Do($"'{name}' cannot be read from the database", "Repeat it when the database is back.", connection =>
        {
            // One view of the file for all of its parts.
            DbTransaction transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
            var file = new OpenFile(this, connection, transaction, name);
            return file.Exists ? file : null;
        }, keepsOpen: true);
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

    private T Do<T>(string problem, string remedy, Func<DbConnection, T> act, bool keepsOpen = false)
    {
        DbConnection? connection = null;
        T? done = default;
        try
        {
            connection = _source.OpenConnection();
            if (!_exists) EnsureTable(connection);

            return done = act(connection);
        }
        catch (DbException cause)
        {
            throw new IOException($"{problem}: {cause.Message}. {remedy}", cause);
        }
        finally
        {
            if (!keepsOpen || done is null) connection?.Dispose();
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

    // Collects what is written, and sends it part by part.
    private sealed class Parts(PostgresCheckpointStore store, DbConnection connection, string name) : Stream
    {
        private readonly byte[] _part = new byte[PartLength];
        private int _filled, _sent;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => ((long)_sent * PartLength) + _filled;

        public override long Position
        {
            get => Length;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (buffer.Length > 0)
            {
                // The last part may be full, and is sent at the end.
                if (_filled == PartLength) Send();
                int taken = Math.Min(buffer.Length, PartLength - _filled);
                buffer[..taken].CopyTo(_part.AsSpan(_filled));
                _filled += taken;
                buffer = buffer[taken..];
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        /// <summary>Sends the last part, and writes how long the file is.</summary>
        public void End()
        {
            long length = Length;
            Send();
            using DbCommand finish = store.Command(connection, "UPDATE neuraltrain_checkpoints SET length = @length WHERE folder = @folder AND name = @name AND part = 0", name, ("length", length));
            finish.ExecuteNonQuery();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private void Send()
        {
            byte[] data = _part[.._filled];
            using DbCommand insert = store.Command(connection, "INSERT INTO neuraltrain_checkpoints VALUES (@folder, @name, @part, 0, @data, @sum)", name,
                ("part", _sent), ("data", data), ("sum", store.Sum(name, _sent, data)));
            insert.ExecuteNonQuery();
            _sent++;
            _filled = 0;
        }
    }

    // Fetches the part that is asked for.
    private sealed class OpenFile : Stream
    {
        private readonly PostgresCheckpointStore _store;
        private readonly DbConnection _connection;
        private readonly DbTransaction _transaction;
        private readonly string _name;
        private readonly long _length;
        private byte[] _data = [];
        private int _part = -1;
        private long _position;

        public OpenFile(PostgresCheckpointStore store, DbConnection connection, DbTransaction transaction, string name)
        {
            (_store, _connection, _transaction, _name) = (store, connection, transaction, name);
            using DbCommand find = store.Command(connection, "SELECT count(*), coalesce(max(length), 0) FROM neuraltrain_checkpoints WHERE folder = @folder AND name = @name", name);
            using DbDataReader row = find.ExecuteReader();
            row.Read();
            (long parts, _length) = (row.GetInt64(0), row.GetInt64(1));
            Exists = parts > 0;
            long expected = Math.Max((_length + PartLength - 1) / PartLength, 1);
            if (Exists && parts != expected) throw new InvalidDataException($"'{name}' is damaged in the database: it has {parts} parts, but {_length} bytes are {expected}. Restore the table, or remove the file.");
        }

        public bool Exists { get; }

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => _length;

        public override long Position
        {
            get => _position;
            set => _position = value >= 0 ? value : throw new IOException("The position is before the beginning of the file.");
        }

        public override int Read(Span<byte> buffer)
        {
            if (_position >= _length || buffer.Length == 0) return 0;
            int part = (int)(_position / PartLength), start = (int)(_position % PartLength);
            if (part != _part) Fetch(part);
            int count = Math.Min(buffer.Length, _data.Length - start);
            _data.AsSpan(start, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => Position = offset + (origin == SeekOrigin.Begin ? 0 : origin == SeekOrigin.End ? _length : _position);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _transaction.Dispose();
                _connection.Dispose();
            }

            base.Dispose(disposing);
        }

        private void Fetch(int part)
        {
            try
            {
                using DbCommand select = _store.Command(_connection, "SELECT data, sum FROM neuraltrain_checkpoints WHERE folder = @folder AND name = @name AND part = @part", _name, ("part", part));
                using DbDataReader row = select.ExecuteReader();
                byte[] data = row.Read() ? row.GetFieldValue<byte[]>(0) : [];
                if (data.Length != Math.Min(PartLength, _length - ((long)part * PartLength)) || !row.GetFieldValue<byte[]>(1).AsSpan().SequenceEqual(_store.Sum(_name, part, data)))
                {
                    throw new InvalidDataException($"'{_name}' is damaged in the database: part {part} is not what was written. Restore the table, or remove the file.");
                }

                (_data, _part) = (data, part);
            }
            catch (DbException cause)
            {
                throw new IOException($"'{_name}' cannot be read from the database: {cause.Message}. Repeat it when the database is back.", cause);
            }
        }
    }
}
