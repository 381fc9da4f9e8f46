namespace NeuralTrain.Tests.Serving;

public sealed class PredictorFileTests
{
    [Fact]
    public void A_saved_model_predicts_with_the_same_bits_names_and_preprocessing()
    {
        using var folder = new TemporaryFolder();
        string file = folder["wine.safetensors"];
        Matrix inputs = Networks.Inputs(20);
        Sequential trained = Networks.Mixed(3);
        Sequential network = new(Standardization.Fit(inputs), trained);
        string[] classes = ["barolo", "grignolino", "barbera"];
        string[] names = ["a", "b", "c", "d"];
        ModelFile.Save(file, network, classes, new SoftmaxCrossEntropy(), names);

        Predictor loaded = Predictor.Load(file);

        var direct = new Predictor(network, OutputKind.ClassScores, classes, names);
        loaded.Predict(inputs).Span.ToArray().Should().Equal(direct.Predict(inputs).Span.ToArray());
        loaded.Classify(inputs).Should().Equal(direct.Classify(inputs));
        loaded.Classes.Should().Equal(classes);
        loaded.InputNames.Should().Equal(names);
        loaded.OutputKind.Should().Be(OutputKind.ClassScores);
    }

    [Fact]
    public void A_file_whose_network_cannot_serve_is_refused_as_a_file()
    {
        using var folder = new TemporaryFolder();
        string file = folder["any.safetensors"];
        ModelFile.Save(file, new Sequential(new ReLU()));
        FluentActions.Invoking(() => Predictor.Load(file)).Should().Throw<InvalidDataException>().WithMessage($"*{file}*features*");
        FluentActions.Invoking(() => Predictor.Load(folder["none.safetensors"])).Should().Throw<IOException>();
    }
}
