namespace NeuralTrain.Tests.Files;

public sealed class LayerKindsTests
{
    [Fact]
    public void A_custom_layer_is_saved_and_loaded_once_it_is_registered()
    {
        LayerKinds.Register("LayerKindsTests.Scaled", settings => new Scaled(settings.Number("factor")));
        using var folder = new TemporaryFolder();
        var network = new Sequential(new Linear(2, 2, new Random(1)), new Scaled(0.1));
        ModelFile.Save(folder["m"], network);
        Sequential loaded = ModelFile.Load(folder["m"]).Network;
        ((Scaled)loaded.Children[1]).Factor.Should().Be(0.1);
        ((Scaled)network.Clone().Children[1]).Factor.Should().Be(0.1);

        Action again = () => LayerKinds.Register("LayerKindsTests.Other", () => new Scaled(1));
        again.Should().Throw<ArgumentException>().WithMessage("*on the list*already*");
        Action name = () => LayerKinds.Register("Linear", () => new Second());
        name.Should().Throw<ArgumentException>().WithMessage("*'Linear' (Second)*");
    }

    [Fact]
    public void Every_layer_of_the_library_is_on_the_list()
    {
        foreach (Harness.LayerCase layerCase in Harness.LayerCases.All.Where(layerCase => layerCase.Create().GetType().Assembly == typeof(Layer).Assembly))
        {
            Layer layer = layerCase.Create();
            LayerKinds.Describe(layer, withState: true).Kind.Should().Be(layer.GetType().Name);
        }
    }

    private sealed class Scaled(double factor) : Layer
    {
        public double Factor { get; } = factor;

        protected override void Describe(Settings settings) => settings.Set("factor", Factor);

        public override void Infer(Matrix input, Matrix output)
        {
            for (int i = 0; i < input.Span.Length; i++)
            {
                output.Span[i] = (float)Factor * input.Span[i];
            }
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => outputGradient.CopyTo(inputGradient);
    }

    private sealed class Second : Layer
    {
        public override void Infer(Matrix input, Matrix output) => input.CopyTo(output);

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => outputGradient.CopyTo(inputGradient);
    }
}
