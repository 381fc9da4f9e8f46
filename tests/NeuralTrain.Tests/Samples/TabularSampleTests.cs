namespace NeuralTrain.Tests.Samples;

public sealed class TabularSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tabular").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_second_run_uses_the_saved_models_and_measures_the_same()
    {
        string first = Run("--quick", "--out", _folder);
        first.Should().Contain("Trains a model, as there is none yet").And.NotContain("of an earlier run");
        File.Exists(Path.Combine(_folder, "plants-seed1.safetensors")).Should().BeTrue();
        string second = Run("--quick", "--out", _folder);
        second.Should().Contain("of an earlier run").And.NotContain("Trains a model");
        Measures(second).Should().HaveCount(6).And.Equal(Measures(first));
    }

    [Fact]
    public void Another_seed_trains_models_of_its_own()
    {
        Run("--quick", "--out", _folder);
        Run("--quick", "--out", _folder, "--seed", "2").Should().Contain("Trains a model, as there is none yet");
    }

    [Fact]
    public void Real_tables_are_learnt_where_they_are_given()
    {
        string folder = Path.GetDirectoryName(RealData.Table("wine.csv"))!;
        Run("--quick", "--out", _folder, "--data", folder).Should().Contain("178 samples of 13 inputs").And.Contain("1030 samples of 8 inputs");
    }

    private static string Run(params string[] arguments)
    {
        (int exitCode, string output, string errors) = SampleProgram.Run("Tabular", arguments);
        exitCode.Should().Be(0, output + errors);
        return output;
    }

    private static string[] Measures(string output) =>
        [.. output.Split('\n').Where(line => line.Contains("linear model  ", StringComparison.Ordinal) || line.Contains("network  ", StringComparison.Ordinal) || line.Contains("The network", StringComparison.Ordinal)).Take(6)];
}
