namespace NeuralTrain.Tests.Harness;

[Trait("Lecture", "L1.1")]
public sealed class LayerContractTests
{
    public static TheoryData<string, string> Table()
    {
        var table = new TheoryData<string, string>();
        foreach (LayerCase layerCase in LayerCases.All)
        {
            foreach (string check in LayerContract.Checks.Keys)
            {
                table.Add(layerCase.Name, check);
            }
        }

        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Every_layer_keeps_every_promise(string layer, string promise)
    {
        LayerCase layerCase = LayerCases.All.Single(candidate => candidate.Name == layer);
        LayerContract.Checks[promise](layerCase);
    }

    [Fact]
    public void Every_layer_of_the_library_is_in_the_list()
    {
        IEnumerable<Type> all = typeof(Layer).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract);
        IEnumerable<Type> listed = LayerCases.All.Select(layerCase => layerCase.Create().GetType());
        all.Except(listed).Should().BeEmpty("a layer outside the list keeps its promises only by chance");
    }

    [Fact]
    public void Names_in_the_list_are_unique() => LayerCases.All.Select(layerCase => layerCase.Name).Should().OnlyHaveUniqueItems();
}
