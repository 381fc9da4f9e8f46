namespace NeuralTrain.Tests.Harness;

[Trait("Lecture", "L5.1")]
[Trait("Lecture", "L5.2")]
[Trait("Lecture", "L5.3")]
[Trait("Lecture", "L5.4")]
[Trait("Lecture", "L5.5")]
[Trait("Lecture", "L4.2")]
public sealed class OptimizerContractTests
{
    public static TheoryData<string, string> Table()
    {
        var table = new TheoryData<string, string>();
        foreach (OptimizerCase optimizerCase in OptimizerCases.All)
        {
            foreach (string check in OptimizerContract.Checks.Keys)
            {
                table.Add(optimizerCase.Name, check);
            }
        }

        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Every_optimizer_keeps_every_promise(string optimizer, string promise)
    {
        OptimizerCase optimizerCase = OptimizerCases.All.Single(candidate => candidate.Name == optimizer);
        OptimizerContract.Checks[promise](optimizerCase);
    }

    [Fact]
    public void Every_optimizer_of_the_library_is_in_the_list()
    {
        IEnumerable<Type> all = typeof(Optimizer).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Optimizer)));
        IEnumerable<Type> listed = OptimizerCases.All.Select(optimizerCase => new OptimizerRun(optimizerCase).Optimizer.GetType());
        all.Except(listed).Should().BeEmpty("an optimizer outside the list keeps its promises only by chance");
    }

    [Fact]
    public void Names_in_the_list_are_unique() =>
        OptimizerCases.All.Select(optimizerCase => optimizerCase.Name).Should().OnlyHaveUniqueItems();
}
