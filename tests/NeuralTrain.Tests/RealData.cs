namespace NeuralTrain.Tests;

/// <summary>Real data sets, which lie beside the repository and are no part of it: tests that need them skip where they are absent.</summary>
internal static class RealData
{
    public static string Mnist(string file) => Find("mnist", file);

    public static string Table(string file) => Find("tabular", file);

    private static string Find(string folder, string file)
    {
        string path = Path.GetFullPath(Repository.PathOf("..", "shared", "data", folder, file));
        Assert.SkipUnless(File.Exists(path), $"Needs ../shared/data/{folder}/{file} beside the repository, which is not there.");
        return path;
    }
}
