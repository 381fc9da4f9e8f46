using System.Diagnostics;
using NeuralTrain.Tests.Plots;

namespace NeuralTrain.Tests.Samples;

/// <summary>What all samples have in common. They run once, not again with instruction sets switched off: they show, and other tests measure.</summary>
public sealed class SampleTests
{
    public static TheoryData<string, string[]> Samples => new()
    {
        { "Xor", ["xor-loss.png", "xor-surface.png"] },
        { "Initialization", ["initialization-histograms.png", "initialization-curves.png"] },
        { "Activations", ["activations.png", "fading-gradients.png"] },
        { "Optimizers", ["optimizers-valley.png", "optimizers-saddle.png"] },
        { "BatchNormalization", ["batch-normalization.png"] },
        { "SelfNormalizing", ["self-normalizing.png"] },
        { "Mnist", ["mnist-loss.png", "mnist-confusion.png"] },
        { "Tabular", ["plants-loss.png", "mixtures-loss.png", "judged-classes.png", "judged-numbers.png"] },
        { "LearningRate", ["learning-rate-finder.png", "learning-rate-curves.png", "learning-rate-schedules.png"] },
        { "Regularization", ["regularization-boundaries.png", "regularization-ensemble.png", "regularization-dropout.png"] },
        { "Practice", ["practice-stopping.png", "practice-search.png"] },
    };

    public static TheoryData<string> Names => [.. Samples.Select(row => row.Data.Item1)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_quick_run_comes_out_and_draws_its_pictures(string sample, string[] pictures)
    {
        OnlyOnce();
        string folder = Directory.CreateTempSubdirectory("sample").FullName;
        try
        {
            (int exitCode, string output, string errors) = SampleProgram.Run(sample, "--quick", "--out", folder);
            exitCode.Should().Be(0, output + errors);
            errors.Should().BeEmpty();
            output.Should().Contain("Quick run").And.Contain(": yes").And.MatchRegex(@"(\d+) of \1 expectations came out");
            Directory.EnumerateFiles(folder, "*.png").Select(Path.GetFileName).Should().BeEquivalentTo(pictures);
            foreach (string picture in pictures)
            {
                string path = Path.Combine(folder, picture);
                (int width, int height) = PictureHeader.SizeOf(path);
                width.Should().BeInRange(600, 800, "pages show it at 800");
                height.Should().BeInRange(400, 900);
                PictureHeader.Ink(path).Should().BeGreaterThan(width * height / 50, "something is drawn");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_quick_run_from_another_seed_comes_out_too(string sample)
    {
        OnlyOnce();
        using var folder = new TemporaryFolder();
        (int exitCode, string output, string errors) = SampleProgram.Run(sample, "--quick", "--seed", "2", "--out", folder.FullName);
        exitCode.Should().Be(0, output + errors);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Help_names_the_options_the_duration_and_the_exit_codes(string sample)
    {
        OnlyOnce();
        (int exitCode, string output, _) = SampleProgram.Run(sample, "--help");
        exitCode.Should().Be(0);
        output.Should().ContainAll("--seed", "--quick", "--out", "on two cores", "Exit code: 0");
    }

    [Fact]
    public void What_only_a_full_run_can_tell_is_left_open_by_a_quick_one()
    {
        OnlyOnce();
        using var folder = new TemporaryFolder();
        (_, string output, _) = SampleProgram.Run("BatchNormalization", "--quick", "--out", folder.FullName);
        output.Should().Contain("not judged, a quick run is too short").And.Contain("1 of 1 expectations came out; 4 more need the full run");
    }

    [Fact]
    public void Transfer_alone_runs_its_set_ups_and_leaves_the_verdicts_to_the_full_run()
    {
        OnlyOnce();
        using var folder = new TemporaryFolder();
        (int exitCode, string output, string errors) = SampleProgram.Run("Practice", "--transfer", "--quick", "--out", folder.FullName);
        exitCode.Should().Be(0, output + errors);
        output.Should().ContainAll("3 draws", "five digits to the other five", "Transfer helps: ten digits to the same under noise: not judged");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_option_ends_with_2(string sample)
    {
        OnlyOnce();
        (int exitCode, string output, string errors) = SampleProgram.Run(sample, "--quik");
        exitCode.Should().Be(2);
        errors.Should().Contain("--quik").And.Contain("--help");
        output.Should().BeEmpty();
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("one")]
    public void A_seed_that_is_none_ends_with_2(string seed)
    {
        OnlyOnce();
        (int exitCode, string output, string errors) = SampleProgram.Run("Activations", "--seed", seed);
        exitCode.Should().Be(2);
        errors.Should().Contain("--seed").And.Contain("--help");
        output.Should().BeEmpty();
    }

    [Fact]
    public void A_folder_for_data_that_is_missing_or_empty_ends_with_2()
    {
        OnlyOnce();
        SampleProgram.Run("BatchNormalization", "--data", "/no/such/folder").ExitCode.Should().Be(2);
        DirectoryInfo empty = Directory.CreateTempSubdirectory("empty");
        (int exitCode, _, string errors) = SampleProgram.Run("BatchNormalization", "--quick", "--data", empty.FullName);
        empty.Delete();
        exitCode.Should().Be(2);
        errors.Should().Contain("train-images-idx3-ubyte").And.Contain("Leave it out");
    }

    [Theory]
    [InlineData("SelfNormalizing", "Data:", 130)]
    [InlineData("Mnist", "Data:", 130)]
    [InlineData("Regularization", "L4.4:", 130)]
    [InlineData("WebPrediction", "Health:", 0, "--port", "0")]      // a service is meant to end so
    public void Ctrl_C_ends_a_full_run_cleanly(string sample, string moment, int exitCode, params string[] arguments)
    {
        OnlyOnce();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no way to press Ctrl-C for another program on Windows.");
        Assert.SkipWhen(IgnoresInterrupts(), "This run was started in the background, where shells switch Ctrl-C off for it and all it starts.");
        using var folder = new TemporaryFolder();
        using Process process = SampleProgram.Start(sample, ["--out", folder.FullName, .. arguments]);
        while (process.StandardOutput.ReadLine() is string line && !line.StartsWith(moment, StringComparison.Ordinal))
        {
        }

        Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        string rest = process.StandardOutput.ReadToEnd(), errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(exitCode, rest + errors);
        if (exitCode == 130) rest.Should().Contain("Stopped by Ctrl-C.");
        rest.Should().NotContain("expectations came out");
        errors.Should().BeEmpty();
    }

    [Fact]
    public void Every_sample_is_in_this_list()
    {
        IEnumerable<string?> folders = Directory.EnumerateFiles(Repository.PathOf("samples"), "*.csproj", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension).Where(name => name != "Shared");

        // These draw nothing and have tests of their own; Cluster is run by those of its package.
        folders.Should().BeEquivalentTo([.. Samples.Select(row => row.Data.Item1), "CustomLayer", "WebPrediction", "Playground", "Cluster"]);
    }

    // SigIgn is a mask of ignored signals in hexadecimal; SIGINT is number 2, and so the second bit.
    private static bool IgnoresInterrupts() =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is string mask
        && (Convert.ToUInt64(mask["SigIgn:".Length..].Trim(), 16) & 2) != 0;

    private static void OnlyOnce()
    {
        string? off = new[] { "DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic" }
            .FirstOrDefault(variable => Environment.GetEnvironmentVariable(variable) == "0");
        Assert.SkipWhen(off is not null, $"Samples run once, with what the machine has; this run has {off}=0.");
    }
}
