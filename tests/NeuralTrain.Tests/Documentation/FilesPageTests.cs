using NeuralTrain.Tests.Files;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The code of docs/files.md, in a folder of its own.</summary>
[Collection(nameof(CurrentFolderTestGroup))]
public sealed class FilesPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Directory.GetCurrentDirectory();

    public FilesPageTests() => Directory.SetCurrentDirectory(_folder.FullName);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Dispose();
    }

    [Fact]
    public void The_model_of_the_page_is_what_the_page_says()
    {
        Sequential network = Network();
        var loss = new SoftmaxCrossEntropy();
        // <snippet model-file>
        ModelFile.Save("flowers.safetensors", network, ["setosa", "versicolor", "virginica"], loss, inputNames: ["petal length", "petal width"]);

        SavedModel model = ModelFile.Load("flowers.safetensors");
        Console.WriteLine(model);
        Matrix scores = model.Network.Predict(new float[,] { { 1.4f, 0.2f } });
        // </snippet>
        model.ToString().Should().Be(MarkdownPages.Output("model-file"));
        scores.Shape.Should().Be("1×3");
    }

    [Fact]
    public void A_model_goes_through_streams_as_on_the_page()
    {
        Sequential network = Network();
        using var blob = new MemoryStream();
        // <snippet model-stream>
        ModelFile.Save(blob, network);

        using Stream resource = Open("flowers.safetensors");
        Predictor predictor = Predictor.Load(resource);
        // </snippet>
        predictor.InputSize.Should().Be(2);

        Stream Open(string name)
        {
            File.WriteAllBytes(name, blob.ToArray());
            return File.OpenRead(name);
        }
    }

    [Fact]
    public void A_file_that_does_not_fit_is_reported_as_on_the_page()
    {
        var network = new Sequential(new Linear(2, 4, new Random(1)), new ReLU(), new Linear(4, 3, new Random(1)));
        const string Header =
            """{"0.weight":{"dtype":"F32","shape":[2,4],"data_offsets":[0,32]},"0.bias":{"dtype":"F32","shape":[4],"data_offsets":[32,48]},"2.slope":{"dtype":"F32","shape":[1],"data_offsets":[48,52]}}""";
        File.WriteAllBytes("trained.safetensors", RawFile.Of(Header.PadRight(200), new byte[52]));
        Action load = () =>
        {
            // <snippet load-into>
            ModelFile.LoadInto("trained.safetensors", network);
            // </snippet>
        };
        string message = load.Should().Throw<InvalidDataException>().Which.Message;
        message.Should().Be(MarkdownPages.Output("load-into"));
    }

    [Fact]
    public void A_file_with_other_names_is_read_as_on_the_page()
    {
        var network = new Sequential(new Linear(2, 1, new Random(1)), new ReLU(), new Linear(1, 1, new Random(1)));
        float head = network.NamedParameters().Single(named => named.Path == "2.weight").Parameter.Value[0, 0];
        const string Header =
            """{"fc1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"fc1.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"fc2.weight":{"dtype":"F32","shape":[9,1],"data_offsets":[12,48]}}""";
        File.WriteAllBytes("encoder.safetensors", RawFile.Of(Header, RawFile.Floats(1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0)));

        // <snippet load-into-renamed>
        ModelFile.LoadInto("encoder.safetensors", network, rename: name => name switch
        {
            "fc1.weight" => "0.weight",
            "fc1.bias" => "0.bias",
            _ => null,
        }, partial: true);
        // </snippet>

        network.NamedParameters().SelectMany(named => named.Parameter.Value.Span.ToArray()).Take(4).Should().Equal(1, 2, 3, head);
    }

    [Fact]
    public void The_run_of_the_page_is_finished_by_running_it_again()
    {
        var data = new Dataset(new float[,] { { 0, 1 }, { 1, 0 }, { 1, 1 } }, new float[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } });
        Run().Epochs.Should().HaveCount(20);
        Run().Epochs.Should().HaveCount(20, "nothing is left to train");

        History Run()
        {
            Sequential network = Network();
            var loss = new SoftmaxCrossEntropy();
            // <snippet checkpoint>
            var trainer = new Trainer(network, loss, new Adam(network)) { Checkpoint = new CheckpointOptions("run.ckpt", every: 1) };
            if (File.Exists("run.ckpt"))
            {
                trainer.Resume("run.ckpt");
            }

            History history = trainer.Fit(data, epochs: 20);
            // </snippet>
            return history;
        }
    }

    private static Sequential Network()
    {
        var random = new Random(1);
        return new Sequential(new Linear(2, 4, random), new BatchNorm(4), new ReLU(), new Dropout(0.5, random), new Linear(4, 3, random));
    }
}
