using System.Text.Json.Nodes;

namespace NeuralTrain.Tests.Files;

public sealed class LayerKindsTests
{
    [Fact]
    public void A_layer_of_ones_own_is_saved_and_loaded_once_it_is_registered()
    {
        LayerKinds.Register<Scaled>("LayerKindsTests.Scaled", (layer, settings) => settings.Set("factor", layer.Factor), settings => new Scaled(settings.Number("factor")));
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
    public void Settings_of_every_kind_are_read_as_they_were_written()
    {
        var json = new JsonObject { ["kind"] = "Test" };
        var written = new LayerSettings(json);
        written.Set("whole", 7);
        written.Set("number", 0.1);
        written.Set("tiny", double.Epsilon);
        written.Set("integral", 2.0);
        written.Set("flag", true);
        written.Set("text", "ä\"\\");
        foreach (JsonObject at in new[] { json, JsonNode.Parse(json.ToJsonString())!.AsObject() })
        {
            var read = new LayerSettings(at);
            read.WholeNumber("whole").Should().Be(7);
            read.Number("whole").Should().Be(7);
            read.Number("number").Should().Be(0.1);
            read.Number("tiny").Should().Be(double.Epsilon);
            read.Number("integral").Should().Be(2);
            read.Flag("flag").Should().BeTrue();
            read.Text("text").Should().Be("ä\"\\");
            read.Has("none").Should().BeFalse();
        }
    }

    [Fact]
    public void Settings_that_cannot_be_written_are_refused()
    {
        var settings = new LayerSettings(new JsonObject { ["kind"] = "Test" });
        settings.Set("a", 1);
        foreach (string taken in new[] { "a", "kind", "layers", "frozen", "resting" })
        {
            Action set = () => settings.Set(taken, 1);
            set.Should().Throw<ArgumentException>().WithMessage($"*'{taken}' is there already*");
        }

        foreach (double value in new[] { double.NaN, double.PositiveInfinity })
        {
            Action set = () => settings.Set("b", value);
            set.Should().Throw<ArgumentOutOfRangeException>();
        }

        settings.Has("b").Should().BeFalse();
    }

    [Fact]
    public void Settings_of_another_kind_or_missing_ones_name_setting_and_value()
    {
        var settings = new LayerSettings(JsonNode.Parse("""{"kind":"Test","a":"x","big":3000000000,"half":1.5}""")!.AsObject());
        Action whole = () => settings.WholeNumber("a");
        whole.Should().Throw<InvalidDataException>().WithMessage("*'a' of \"Test\" must be a whole number, found \"x\"*");
        Action big = () => settings.WholeNumber("big");
        big.Should().Throw<InvalidDataException>().WithMessage("*found 3000000000*");
        Action half = () => settings.WholeNumber("half");
        half.Should().Throw<InvalidDataException>();
        Action flag = () => settings.Flag("a");
        flag.Should().Throw<InvalidDataException>().WithMessage("*true or false*");
        Action missing = () => settings.Text("none");
        missing.Should().Throw<InvalidDataException>().WithMessage("*'none'*found nothing*");
    }

    [Fact]
    public void Every_layer_of_the_library_is_on_the_list()
    {
        foreach (Harness.LayerCase layerCase in Harness.LayerCases.All)
        {
            Layer layer = layerCase.Create();
            LayerKinds.Describe(layer)["kind"]!.GetValue<string>().Should().Be(layer.GetType().Name);
        }
    }

    private sealed class Scaled(double factor) : Layer
    {
        public double Factor { get; } = factor;

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
