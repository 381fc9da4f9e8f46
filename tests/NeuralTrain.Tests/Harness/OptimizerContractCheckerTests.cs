namespace NeuralTrain.Tests.Harness;

public sealed class OptimizerContractCheckerTests
{
    public static TheoryData<string> AdamFaults => [.. BreakableOptimizer.AdamFaults.Keys];

    public static TheoryData<string> MomentumFaults => [.. BreakableOptimizer.MomentumFaults.Keys];

    public static TheoryData<string> Promises => [.. OptimizerContract.Checks.Keys];

    [Theory]
    [MemberData(nameof(AdamFaults))]
    public void A_broken_Adam_is_rejected(string fault)
    {
        Action check = () => OptimizerContract.Checks[BreakableOptimizer.AdamFaults[fault]](BreakableOptimizer.Case(fault, hasMomentum: false));
        check.Should().Throw<ContractViolationException>();
    }

    [Theory]
    [MemberData(nameof(MomentumFaults))]
    public void A_broken_momentum_is_rejected(string fault)
    {
        Action check = () => OptimizerContract.Checks[BreakableOptimizer.MomentumFaults[fault]](BreakableOptimizer.Case(fault, hasMomentum: true));
        check.Should().Throw<ContractViolationException>();
    }

    [Theory]
    [MemberData(nameof(Promises))]
    public void The_sound_optimizers_they_are_broken_from_pass(string promise)
    {
        OptimizerContract.Checks[promise](BreakableOptimizer.Case("none", hasMomentum: false));
        OptimizerContract.Checks[promise](BreakableOptimizer.Case("none", hasMomentum: true));
    }

    [Fact]
    public void Every_check_has_a_fault_that_it_must_see() =>
        OptimizerContract.Checks.Keys.Except(BreakableOptimizer.AdamFaults.Values).Should().BeEmpty();
}
