using System.Text;
using System.Text.Json;

namespace NeuralTrain.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void Every_kind_of_value_is_read_back_also_from_JSON()
    {
        Settings written = Full();
        foreach (Settings settings in new[] { written, Parse(Json(written)) })
        {
            settings.Kind.Should().Be("Test");
            settings.WholeNumber("whole").Should().Be(-3);
            settings.Number("number").Should().Be(0.1);
            settings.Number("whole").Should().Be(-3);
            settings.Number("two").Should().Be(2);
            settings.Flag("flag").Should().BeTrue();
            settings.Text("text").Should().Be("µ “x”");
            settings.Seed("seed").Should().Be(ulong.MaxValue);
            settings.Numbers("numbers").Should().Equal(1, 0.5);
            settings.Texts("texts").Should().Equal("a", "b");
            settings.Texts("none").Should().BeEmpty();
            settings.Parts("parts").Select(part => part.Kind).Should().Equal("One", "Two");
            settings.Has("text").Should().BeTrue();
            settings.Has("other").Should().BeFalse();
            settings.DifferencesFrom(written).Should().BeEmpty();
            written.DifferencesFrom(settings).Should().BeEmpty();
        }
    }

    [Fact]
    public void What_is_missing_or_of_another_kind_is_named()
    {
        Settings settings = Full();
        Refusal(() => settings.WholeNumber("number")).Should().Be("The setting 'number' of Test must be a whole number of 32 bits, found 0.1. The description is damaged.");
        Refusal(() => settings.Flag("absent")).Should().Contain("found nothing");
        Refusal(() => settings.Number("flag")).Should().Contain("found true");
        Refusal(() => settings.Seed("text")).Should().Contain("64 bits");
        Refusal(() => settings.Parts("texts")).Should().Contain("found [a, b]");

        static string Refusal(Action read) => read.Should().Throw<InvalidDataException>().Which.Message;
    }

    [Fact]
    public void A_long_text_is_shortened_between_characters()
    {
        new Settings(new string('x', 59) + "😀 and more").ToString().Should().Be(new string('x', 59) + "…", "the character has two halves, of which one would fit");
        new Settings(new string('x', 58) + "😀 and more").ToString().Should().Be(new string('x', 58) + "😀…");
        new Settings(new string('x', 58) + "😀").ToString().Should().Be(new string('x', 58) + "😀");
    }

    [Fact]
    public void Settings_nest_32_deep_and_no_deeper()
    {
        var settings = new Settings("Test");
        settings.Set("value", 1);
        for (int depth = 2; depth <= 32; depth++) settings = Around(settings);
        ((Action)(() => Around(settings))).Should().Throw<NotSupportedException>().WithMessage("*at most 32 deep*Nest fewer*");

        static Settings Around(Settings inner)
        {
            var outer = new Settings("Test");
            outer.Set("inner", [inner]);
            return outer;
        }
    }

    [Fact]
    public void A_name_is_used_once_and_numbers_are_finite()
    {
        var settings = new Settings("Test");
        settings.Set("a", 1);
        ((Action)(() => settings.Set("a", 2))).Should().Throw<ArgumentException>().WithMessage("*'a'*taken*");
        ((Action)(() => settings.Set("kind", "x"))).Should().Throw<ArgumentException>().WithMessage("*'kind'*");
        ((Action)(() => settings.Set("b", double.NaN))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => settings.Set("b", [1, double.PositiveInfinity]))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void All_differences_are_listed_with_their_place()
    {
        Settings before = Network(0.9, "LeakyReLU"), now = Network(0.2, "Tanh");
        now.Set("more", true);
        now.DifferencesFrom(before).Should().Equal(
            "0: Dropout probability 0.2, was 0.9", "1: Tanh, was LeakyReLU", "Sequential more true, was nothing");
        Network(0.2, "Tanh").DifferencesFrom(now).Should().Equal("Sequential more nothing, was true");

        static Settings Network(double probability, string activation)
        {
            var dropout = new Settings("Dropout");
            dropout.Set("probability", probability);
            var network = new Settings("Sequential");
            network.Set("layers", [dropout, new Settings(activation)]);
            return network;
        }
    }

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""{}""")]
    [InlineData("""{"a":1,"kind":"X"}""")]
    [InlineData("""{"kind":7}""")]
    [InlineData("""{"kind":" "}""")]
    [InlineData("""{"kind":"X","kind":"Y"}""")]
    [InlineData("""{"kind":"X","a":1,"a":2}""")]
    [InlineData("""{"kind":"X","":1}""")]
    [InlineData("""{"kind":"X","a":null}""")]
    [InlineData("""{"kind":"X","a":1e999}""")]
    [InlineData("""{"kind":"X","a":{"b":1}}""")]
    [InlineData("""{"kind":"X","a":[[1]]}""")]
    [InlineData("""{"kind":"X","a":[1,"b"]}""")]
    [InlineData("""{"kind":"X","a":[true]}""")]
    [InlineData("""{"kind":"X","a":"\ud800"}""")]
    [InlineData("""{"kind":"X","\ud800":1}""")]
    [InlineData("""{"kind":"X","a":1""")]
    public void Damaged_JSON_is_refused(string json) => ((Action)(() => Parse(json))).Should().Throw<JsonException>();

    private static Settings Full()
    {
        var settings = new Settings("Test");
        settings.Set("whole", -3);
        settings.Set("number", 0.1);
        settings.Set("two", 2.0);
        settings.Set("flag", true);
        settings.Set("text", "µ “x”");
        settings.SetSeed("seed", ulong.MaxValue);
        settings.Set("numbers", [1.0, 0.5]);
        settings.Set("texts", ["a", "b"]);
        settings.Set("none", Array.Empty<string>());
        settings.Set("parts", [new Settings("One"), new Settings("Two")]);
        return settings;
    }

    private static string Json(Settings settings)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            SettingsConverter.Write(json, settings);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Settings Parse(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return SettingsConverter.Read(ref reader);
    }
}
