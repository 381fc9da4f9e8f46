using Npgsql;

namespace NeuralTrain.Tests.Orleans;

/// <summary>Checkpoints in PostgreSQL: whole or not at all, whatever happens to the writer, the disk or the table.</summary>
public sealed class PostgresCheckpointStoreTests(PostgresCheckpointStoreTests.OneServer shared) : IAsyncLifetime, IClassFixture<PostgresCheckpointStoreTests.OneServer>
{
    private const int MB = 1 << 20;
    private PostgresServer? _server;
    private NpgsqlDataSource? _source;
    private PostgresCheckpointStore _store = null!;

    public ValueTask InitializeAsync()
    {
        Use(shared.Server);
        Do("DROP TABLE IF EXISTS neuraltrain_checkpoints");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null) await _source.DisposeAsync();
    }

    [Fact]
    public void A_file_is_read_as_it_was_written_whatever_its_length_and_replaced_as_a_whole()
    {
        _store.Open("none").Should().BeNull();
        _store.Delete("none");
        foreach (int length in new[] { 0, 1, MB - 1, MB, MB + 1, (3 * MB) + 7, 5 })
        {
            byte[] bytes = Bytes(length);
            _store.Write("a.ckpt", stream =>
            {
                for (int i = 0; i < length; i += 700_001) stream.Write(bytes.AsSpan(i, Math.Min(700_001, length - i)));
            });
            Read("a.ckpt").Should().Equal(bytes);
            Count().Should().Be(Math.Max(1, (length + MB - 1) / MB), "the parts of the old one are gone");
        }

        new PostgresCheckpointStore(_source!, "another").Open("a.ckpt").Should().BeNull("it is of another study");
        _store.Delete("a.ckpt");
        _store.Open("a.ckpt").Should().BeNull();
        Count().Should().Be(0);
    }

    [Fact]
    public void A_reader_sees_the_file_it_has_opened_and_may_go_back_in_it()
    {
        byte[] old = Bytes(2 * MB), fresh = Bytes(3 * MB);
        _store.Write("a", stream => stream.Write(old));
        using Stream reader = _store.Open("a")!;
        reader.Length.Should().Be(2 * MB);
        reader.ReadByte().Should().Be(old[0]);
        _store.Write("a", stream => stream.Write(fresh));
        reader.Seek(-1, SeekOrigin.End);
        reader.ReadByte().Should().Be(old[^1]);
        reader.ReadByte().Should().Be(-1);
        reader.Position = MB + 5;
        reader.ReadByte().Should().Be(old[MB + 5]);
        Read("a").Should().Equal(fresh);
    }

    [Fact]
    public void A_writer_that_fails_or_dies_leaves_the_old_file_and_nothing_else()
    {
        byte[] old = Bytes(MB + 3);
        _store.Write("a", stream => stream.Write(old));
        _store.Invoking(store => store.Write("a", stream =>
        {
            stream.Write(Bytes(2 * MB));
            throw new NotFiniteNumberException("A weight is NaN.");
        })).Should().Throw<NotFiniteNumberException>();
        Read("a").Should().Equal(old);

        // The server ends the connection of a writer, as when its process is killed: it has removed the old file and waits for the table.
        using (NpgsqlConnection other = _source!.OpenConnection())
        {
            using NpgsqlTransaction transaction = other.BeginTransaction();
            using var take = new NpgsqlCommand("SELECT count(*) FROM neuraltrain_checkpoints; LOCK neuraltrain_checkpoints IN SHARE ROW EXCLUSIVE MODE", other);
            take.ExecuteNonQuery();
            Task writer = Task.Run(() => _store.Write("a", stream => stream.Write(Bytes(2 * MB))), TestContext.Current.CancellationToken);
            while ((long)Scalar("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")! == 0) Thread.Sleep(5);
            Do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
            writer.Invoking(one => one.GetAwaiter().GetResult()).Should().Throw<IOException>().WithMessage("'a' cannot be written to the database: *The old one, if there was one, is still there.");
        }

        NpgsqlConnection.ClearAllPools();
        Read("a").Should().Equal(old);
        Count().Should().Be(2);
    }

    [Fact]
    public void Two_writers_of_one_file_leave_one_of_the_two()
    {
        byte[][] files = [.. Enumerable.Range(0, 4).Select(i => Bytes((i * MB) + i))];
        Parallel.For(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => new PostgresCheckpointStore(_source!, "race").Write("a", stream => stream.Write(files[i % 4])));
        using var copy = new MemoryStream();
        using (Stream found = new PostgresCheckpointStore(_source!, "race").Open("a")!) found.CopyTo(copy);
        files.Should().Contain(file => file.SequenceEqual(copy.ToArray()));
    }

    [Fact]
    public void A_database_that_refuses_to_write_is_said_and_nothing_is_lost()
    {
        byte[] old = Bytes(MB + 3);
        _store.Write("a", stream => stream.Write(old));
        Use(_server!, ";Options=-c default_transaction_read_only=on");
        _store.Invoking(store => store.Write("a", stream => stream.Write([1]))).Should().Throw<IOException>().WithMessage("'a' cannot be written to the database: *read-only transaction*still there.");
        _store.Invoking(store => store.Delete("a")).Should().Throw<IOException>().WithMessage("'a' cannot be removed from the database: *It is still there.");
        Read("a").Should().Equal(old);
        PostgresCheckpointStore gone = new(NpgsqlDataSource.Create("Host=/nowhere;Username=test"), "study");
        gone.Invoking(store => store.Open("a")).Should().Throw<IOException>().WithMessage("'a' cannot be read from the database: *");
    }

    [Fact]
    public async Task A_full_disk_is_said_and_the_trial_goes_on_when_there_is_room()
    {
        await using PostgresServer server = Installed(PostgresServer.Start(megabytesOfFile: 24));
        Use(server);
        byte[] old = Bytes(4 * MB);
        _store.Write("a", stream => stream.Write(old));
        _store.Invoking(store => store.Write("b", stream =>
        {
            for (int i = 0; i < 40; i++) stream.Write(Bytes(MB));
        })).Should().Throw<IOException>().WithMessage("'b' cannot be written to the database: *could not extend file*still there.");
        Read("a").Should().Equal(old);
        _store.Open("b").Should().BeNull();
        var trial = new Trial(new TrialLease(0, 1, 1), new NoHost(), new StudyOptions { CheckpointInterval = TimeSpan.Zero }, _store, CancellationToken.None);
        var network = new Sequential(new Linear(2000, 2000, new Random(1)));
        var trainer = new Trainer(network, new MeanSquaredError(), new Adam(network));
        trainer.Fit(new Dataset(new Matrix(2, 2000), new Matrix(2, 2000)), epochs: 1);
        trial.Resume(trainer);
        trial.Invoking(one => one.ShouldStop(1, 0.5)).Should().Throw<StudyStorageException>().WithMessage("'trial-0.ckpt' cannot be written: *Make room*");
        Do("VACUUM neuraltrain_checkpoints");
        _store.Write("b", stream => stream.Write(old));
        Read("b").Should().Equal(old);
    }

    [Theory]
    [InlineData("UPDATE neuraltrain_checkpoints SET data = set_byte(data, 17, get_byte(data, 17) # 1) WHERE part = 1", "part 1 is not what was written")]
    [InlineData("DELETE FROM neuraltrain_checkpoints WHERE part = 1", "it has 2 parts, but 2097161 bytes are 3")]
    [InlineData("UPDATE neuraltrain_checkpoints SET length = 1000000", "it has 3 parts, but 1000000 bytes are 1")]
    [InlineData("UPDATE neuraltrain_checkpoints SET data = substring(data from 2) WHERE part = 2", "part 2 is not what was written")]
    [InlineData("UPDATE neuraltrain_checkpoints a SET data = b.data, sum = b.sum FROM neuraltrain_checkpoints b WHERE a.part = 0 AND b.part = 1", "part 0 is not what was written")]
    public void A_table_that_is_damaged_is_found_when_it_is_read(string damage, string message)
    {
        _store.Write("a", stream => stream.Write(Bytes((2 * MB) + 9)));
        Do(damage);
        this.Invoking(test => test.Read("a")).Should().Throw<InvalidDataException>().WithMessage($"'a' is damaged in the database: {message}*");
    }

    [Fact]
    public void A_trial_resumes_from_it_with_the_same_bits()
    {
        StudyPlan plan = ProductTrial.Plan("x", 1);
        var first = new Trial(new TrialLease(0, 1, 5), new NoHost(stopAt: 3), plan.Options, _store, CancellationToken.None);
        new ProductTrial(0).Run(first);
        Trainer resumed = new ProductTrial(0).Run(new Trial(new TrialLease(0, 2, 5), new NoHost(), plan.Options, _store, CancellationToken.None));
        Trainer whole = new ProductTrial(0).Run(new Trial(new TrialLease(0, 1, 5), new NoHost(), plan.Options, null, CancellationToken.None));
        WeightsFile.Of(resumed.Network).Should().Equal(WeightsFile.Of(whole.Network));
    }

    private void Use(PostgresServer server, string options = "")
    {
        _source?.Dispose();
        _server = server;
        _source = NpgsqlDataSource.Create(server.Connection + options);
        _store = new PostgresCheckpointStore(_source, "study");
    }

    private static PostgresServer Installed(PostgresServer? server)
    {
        Assert.SkipWhen(server is null, PostgresServer.Missing);
        return server!;
    }

    private static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private byte[] Read(string name)
    {
        using Stream stream = _store.Open(name)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private long Count() => (long)Scalar("SELECT count(*) FROM neuraltrain_checkpoints")!;

    private object? Scalar(string text)
    {
        using var connection = new NpgsqlConnection(_server!.Connection + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(text, connection);
        return command.ExecuteScalar();
    }

    private void Do(string text) => Scalar(text);

    /// <summary>One server for all tests of the class; where there is none, each of them skips.</summary>
    public sealed class OneServer : IAsyncDisposable
    {
        private PostgresServer? _server;

        internal PostgresServer Server => _server ??= Installed(PostgresServer.Start());

        public async ValueTask DisposeAsync()
        {
            if (_server is not null) await _server.DisposeAsync();
        }
    }

    private sealed class NoHost(int stopAt = int.MaxValue) : ITrialHost
    {
        public Direction Direction => Direction.Minimize;

        public double Suggest(TrialLease lease, string name, SearchRange range) => range.Low;

        public bool ShouldStop(TrialLease lease, int epoch, double value) => epoch >= stopAt;
    }
}
