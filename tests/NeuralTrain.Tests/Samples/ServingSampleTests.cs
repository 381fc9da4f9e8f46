namespace NeuralTrain.Tests.Samples;

public sealed class ServingSampleTests
{
    [Fact]
    public void The_web_service_answers_refuses_and_swaps_its_model_under_load()
    {
        using var folder = new TemporaryFolder();
        (int exitCode, string output, string errors) = SampleProgram.Run("WebPrediction", "--quick", "--out", folder.FullName);
        exitCode.Should().Be(0, output + errors);
        output.Should().Contain("A wrong field is refused by its name: yes").And.Contain("A newer model is served, and what is none is not: yes").And.Contain("7 of 7 expectations came out");
    }

    [Fact]
    public void The_playground_serves_its_page_trains_and_refuses_giants()
    {
        using var folder = new TemporaryFolder();
        (int exitCode, string output, string errors) = SampleProgram.Run("Playground", "--quick", "--out", folder.FullName);
        exitCode.Should().Be(0, output + errors);
        output.Should().Contain("refused with 400: yes").And.Contain("4 of 4 expectations came out");
    }

    [Fact]
    public void The_layer_of_ones_own_is_checked_trained_saved_and_loaded()
    {
        using var folder = new TemporaryFolder();
        (int exitCode, string output, string errors) = SampleProgram.Run("CustomLayer", "--quick", "--out", folder.FullName);
        exitCode.Should().Be(0, output + errors);
        output.Should().Contain("predicts the same to the bit: yes").And.Contain("4 of 4 expectations came out");
    }

    [Theory]
    [InlineData("WebPrediction", "--model")]
    [InlineData("CustomLayer", "--seed")]
    [InlineData("Playground", "--port")]
    public void They_help(string sample, string option)
    {
        (int exitCode, string output, _) = SampleProgram.Run(sample, "--help");
        exitCode.Should().Be(0);
        output.Should().Contain("--quick").And.Contain(option);
    }

    [Theory]
    [InlineData("--port", "70000")]
    [InlineData("--port", "http")]
    [InlineData("--model", "nowhere.safetensors")]
    [InlineData("--modle", "x")]
    public void A_wrong_command_line_of_the_service_is_a_clear_error(params string[] arguments)
    {
        (int exitCode, _, string errors) = SampleProgram.Run("WebPrediction", arguments);
        exitCode.Should().Be(2);
        errors.Should().Contain("--help").And.ContainAny(arguments);
    }
}
