namespace NeuralTrain.Tests.Harness;

public sealed class LossContractTests
{
    public static TheoryData<string, string> Table()
    {
        var table = new TheoryData<string, string>();
        foreach (LossCase lossCase in LossCases.All)
        {
            foreach (string check in LossContract.Checks.Keys)
            {
                table.Add(lossCase.Name, check);
            }
        }

        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Every_loss_keeps_every_promise(string loss, string promise) =>
        LossContract.Checks[promise](LossCases.All.Single(candidate => candidate.Name == loss));

    [Fact]
    public void Every_loss_of_the_library_is_in_the_list()
    {
        IEnumerable<Type> all = typeof(Loss).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Loss)) && !type.IsAbstract);
        IEnumerable<Type> listed = LossCases.All.Select(lossCase => lossCase.Create().GetType());
        all.Except(listed).Should().BeEmpty("a loss outside the list keeps its promises only by chance");
    }

    [Fact]
    public void Names_in_the_list_are_unique() => LossCases.All.Select(lossCase => lossCase.Name).Should().OnlyHaveUniqueItems();
}
