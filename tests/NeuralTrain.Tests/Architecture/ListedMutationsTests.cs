namespace NeuralTrain.Tests.Architecture;

public sealed class ListedMutationsTests
{
    [Fact]
    public void Every_place_that_the_list_of_changes_names_is_in_the_sources_once()
    {
        string[] lines = [.. File.ReadLines(Path.Combine(Repository.Root, "tests", "Mutations", "listed.txt")).Where(line => line.Length > 0 && line[0] != '#')];
        lines.Length.Should().BeGreaterThan(20);
        lines.Where(line => Count(line) != 1).Should().BeEmpty("tests/Mutations could not make these changes");

        static int Count(string line)
        {
            string[] parts = [.. line.Split(" | ").Select(part => part.Trim().Replace("\\n", "\n", StringComparison.Ordinal))];
            return File.ReadAllText(Path.Combine(Repository.Root, "src", "NeuralTrain", parts[0])).Split(parts[1]).Length - 1;
        }
    }
}
