using System.Diagnostics;

namespace NeuralTrain.Tests.Files;

/// <summary>Models from and to streams, and what is no ordinary file.</summary>
public sealed class FileStreamTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_model_goes_through_a_stream_that_stays_open(bool canSeek)
    {
        var network = new Sequential(new Linear(3, 2000, new Random(1)), new ReLU(), new Linear(2000, 2, new Random(2)));
        ModelFile.Save(_folder["m"], network, ["a", "b"]);
        using var stream = new MemoryStream();
        stream.Write("before"u8);
        ModelFile.Save(new OneWayStream(stream), network, ["a", "b"]);
        stream.ToArray()[6..].Should().Equal(File.ReadAllBytes(_folder["m"]));

        SavedModel model = ModelFile.Load(From());
        model.Classes.Should().Equal("a", "b");
        Predictor predictor = Predictor.Load(From());
        var filled = new Sequential(new Linear(3, 2000, new Random(3)), new ReLU(), new Linear(2000, 2, new Random(4)));
        ModelFile.LoadInto(From(), filled);
        var row = new Matrix([1, -2, 3], 1, 3);
        float[] expected = network.Predict(row).Span.ToArray();
        model.Network.Predict(row).Span.ToArray().Should().Equal(expected);
        filled.Predict(row).Span.ToArray().Should().Equal(expected);
        predictor.Predict(row).Span.ToArray().Should().Equal(Predictor.Load(_folder["m"]).Predict(row).Span.ToArray());
        stream.CanRead.Should().BeTrue();

        Stream From()
        {
            stream.Position = 6;
            return canSeek ? stream : new OneWayStream(stream);
        }
    }

    [Fact]
    public void A_stream_that_never_ends_is_refused()
    {
        Action load = () => ModelFile.Load(new OneWayStream(new Endless()), maxMemory: 1 << 20);
        load.Should().Throw<InvalidDataException>().WithMessage("the stream, byte *goes on after 1048576 bytes*");
        ((Action)(() => ModelFile.Load(new FileStream(_folder["w"], FileMode.Create, FileAccess.Write)))).Should().Throw<ArgumentException>().WithMessage("*cannot be read*");
    }

    [Fact]
    public async Task A_stream_that_must_not_be_read_synchronously_is_read_asynchronously_within_the_same_bounds()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        var network = new Sequential(new Linear(3, 2000, new Random(1)), new ReLU(), new Linear(2000, 2, new Random(2)));
        using var stream = new MemoryStream();
        stream.Write("before"u8);
        ModelFile.Save(stream, network, ["a", "b"]);
        var row = new Matrix([1, -2, 3], 1, 3);
        SavedModel model = await ModelFile.LoadAsync(From(), cancellationToken: stop);
        model.Classes.Should().Equal("a", "b");
        model.Network.Predict(row).Span.ToArray().Should().Equal(network.Predict(row).Span.ToArray());
        Predictor predictor = await Predictor.LoadAsync(From(), cancellationToken: stop);
        predictor.Predict(row).Span.ToArray().Should().Equal(new Predictor(network, OutputKind.ClassScores).Predict(row).Span.ToArray());
        stream.CanRead.Should().BeTrue();

        var closed = new MemoryStream();
        closed.Close();
        await ((Func<Task>)(() => ModelFile.LoadAsync(closed, cancellationToken: stop))).Should().ThrowAsync<ArgumentException>().WithMessage("The stream cannot be read*");
        await ((Func<Task>)(() => ModelFile.LoadAsync(From(), maxMemory: 20_000, stop))).Should().ThrowAsync<InvalidDataException>().WithMessage("the stream, byte *goes on after 20000 bytes*");
        await ((Func<Task>)(() => Predictor.LoadAsync(new OneWayStream(new Endless(), isAsynchronous: true), maxMemory: 1 << 20, stop))).Should().ThrowAsync<InvalidDataException>().WithMessage("*goes on*");
        await ((Func<Task>)(() => Predictor.LoadAsync(From(), cancellationToken: new CancellationToken(canceled: true)))).Should().ThrowAsync<OperationCanceledException>();
        await ((Func<Task>)(() => ModelFile.LoadAsync(null!, cancellationToken: stop))).Should().ThrowAsync<ArgumentNullException>();

        OneWayStream From()
        {
            stream.Position = 6;
            return new OneWayStream(stream, isAsynchronous: true);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_pipe_does_not_hang_and_a_folder_is_refused_as_documented()
    {
        if (!OperatingSystem.IsWindows())
        {
            using (var make = Process.Start("mkfifo", _folder["pipe"]))
            {
                await make.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            File.CreateSymbolicLink(_folder["link"], "pipe");
            foreach (string name in (string[])["pipe", "link"])
            {
                (await Record.ExceptionAsync(() => Task.Run(() => Predictor.Load(_folder[name])))).Should().BeOfType<InvalidDataException>();
                (await Record.ExceptionAsync(() => Task.Run(() => ModelFile.LoadInto(_folder[name], new ReLU())))).Should().BeOfType<InvalidDataException>();
            }
        }

        Directory.CreateDirectory(_folder["folder"]);
        FluentActions.Invoking(() => ModelFile.Load(_folder["folder"])).Should().Throw<IOException>().WithMessage("*folder*");
        FluentActions.Invoking(() => ModelFile.Save(_folder["folder"], new Sequential(new ReLU()))).Should().Throw<IOException>().WithMessage("*folder*");
        FluentActions.Invoking(() => ModelFile.Load(_folder["none/m"])).Should().Throw<IOException>();
        FluentActions.Invoking(() => ModelFile.Load(_folder["none"])).Should().Throw<FileNotFoundException>();
    }

    private sealed class Endless : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => count;
    }
}
