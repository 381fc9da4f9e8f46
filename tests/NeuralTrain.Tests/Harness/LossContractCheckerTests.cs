namespace NeuralTrain.Tests.Harness;

public sealed class LossContractCheckerTests
{
    public static TheoryData<string> Faults => [.. BreakableLoss.Faults.Keys];

    public static TheoryData<string> Promises => [.. LossContract.Checks.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_broken_loss_is_rejected(string fault)
    {
        Action check = () => LossContract.Checks[BreakableLoss.Faults[fault]](BreakableLoss.Case(fault));
        check.Should().Throw<ContractViolationException>();
    }

    [Theory]
    [MemberData(nameof(Promises))]
    public void The_sound_loss_they_are_broken_from_passes(string promise) =>
        LossContract.Checks[promise](BreakableLoss.Case("none"));

    [Fact]
    public void Every_check_has_a_fault_that_it_must_see() =>
        LossContract.Checks.Keys.Except(BreakableLoss.Faults.Values).Should().BeEmpty();
}
