using System.Reflection;
using System.Text.RegularExpressions;
using NeuralTrain.Tests.Architecture;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The map names files, folders and types: each must exist, and the folders must be in the order that is proved.</summary>
public sealed partial class ArchitecturePageTests
{
    private const BindingFlags AnyMember = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs", "architecture.md"));

    [Fact]
    public void Every_type_file_and_folder_that_the_map_names_exists()
    {
        HashSet<string> types = [.. new[] { "src", "tests" }.SelectMany(Repository.SourceFiles).SelectMany(file => SourceRules.TopLevelTypes(File.ReadAllText(file)).Select(type => type.Name))];
        string[] names = [.. Name().Matches(Page).Select(match => match.Groups["name"].Value).Distinct()];
        names.Length.Should().BeGreaterThan(60);
        names.Where(name => !types.Contains(name) && !IsFile(name) && !IsMember(name)).Should().BeEmpty();
    }

    [Fact]
    public void The_map_lists_the_folders_in_the_order_that_is_proved() =>
        FolderRow().Matches(Page).Select(match => match.Groups["name"].Value).Should().Equal(FolderOrderTests.Order.Where(folder => folder.Length > 0));

    private static bool IsFile(string name) =>
        new[] { "", "src", Path.Combine("src", "NeuralTrain"), Path.Combine("src", "NeuralTrain", "Kernels", "Lanes") }.Select(folder => Repository.PathOf(folder, name))
            .Any(path => File.Exists(path) || Directory.Exists(path));

    // A member of a public type, such as Children, or a word of its documentation such as Forward.
    private static bool IsMember(string name) => new[] { typeof(Layer), typeof(NetworkDiagnostics) }.SelectMany(type => type.Assembly.GetExportedTypes())
        .Any(type => type.GetMember(name.Split('.')[^1], AnyMember).Length > 0);

    [GeneratedRegex(@"`(?<name>[^`\s]+?)(\(.*?\))?`")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\| `(?<name>\w+)/` \|", RegexOptions.Multiline)]
    private static partial Regex FolderRow();
}
