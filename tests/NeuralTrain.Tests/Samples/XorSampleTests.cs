namespace NeuralTrain.Tests.Samples;

[Trait("Lecture", "L1.3")]
public sealed class XorSampleTests
{
    [Fact]
    public void It_agrees_with_the_published_figures_and_says_so()
    {
        (int exitCode, string output, string errors) = SampleProgram.Run("Xor");
        exitCode.Should().Be(0, output + errors);
        output.Should().Contain("Agrees with the published figures: yes, 10 of 10")
            .And.Contain("0.00351012").And.Contain("0.99672209")
            .And.Contain("Any seed of 1 to 100 learns XOR (every output within 0.1 of its target): yes");
        errors.Should().BeEmpty();
    }

    [Fact]
    public void It_starts_from_random_weights_on_request()
    {
        (int exitCode, string output, _) = SampleProgram.Run("Xor", "--seed", "3");
        exitCode.Should().Be(0);
        output.Should().Contain("random weights of seed 3").And.Contain("Learns XOR (every output within 0.1 of its target): yes");
    }

    [Fact]
    public void It_helps()
    {
        (int exitCode, string output, _) = SampleProgram.Run("Xor", "--help");
        exitCode.Should().Be(0);
        output.Should().Contain("--seed").And.Contain("XOR");
    }

    [Theory]
    [InlineData("--sed", "3")]
    [InlineData("--seed", "three")]
    [InlineData("--seed")]
    public void A_wrong_command_line_is_a_clear_error(params string[] arguments)
    {
        (int exitCode, string output, string errors) = SampleProgram.Run("Xor", arguments);
        exitCode.Should().Be(2);
        errors.Should().Contain(arguments[^1]).And.Contain("--help");
        output.Should().BeEmpty();
    }
}
