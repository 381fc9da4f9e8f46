namespace NeuralTrain.Tests.Harness;

public sealed class LayerContractCheckerTests
{
    public static TheoryData<string> Faults => [.. BreakableLayer.Faults.Keys];

    public static TheoryData<string> Promises => [.. LayerContract.Checks.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_broken_layer_is_rejected(string fault)
    {
        Action check = () => LayerContract.Checks[BreakableLayer.Faults[fault]](BreakableLayer.Case(fault));
        check.Should().Throw<ContractViolationException>();
    }

    [Theory]
    [MemberData(nameof(Promises))]
    public void The_sound_layer_they_are_broken_from_passes(string promise) =>
        LayerContract.Checks[promise](BreakableLayer.Case("none"));

    [Fact]
    public void Every_check_has_a_fault_that_it_must_see() =>
        LayerContract.Checks.Keys.Except(BreakableLayer.Faults.Values).Should().BeEmpty();
}
