using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace NeuralTrain.Tests.Files;

public sealed class ReplacedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void File_and_folder_are_flushed_the_file_before_it_gets_its_name_and_the_folder_after()
    {
        if (OperatingSystem.IsWindows()) return;
        _folder.Write("m", "old");
        var flushed = new List<string>();
        ReplacedFile.Write(_folder["m"], stream => stream.Write("new"u8), handle => flushed.Add($"{(Length(handle) == 3 ? "file" : "folder")}, then the name has {File.ReadAllText(_folder["m"])}"));
        flushed.Should().Equal("file, then the name has old", "folder, then the name has new");
        ReplacedFile.Write(_folder["m"], stream => stream.Write("by the system"u8));
        File.ReadAllText(_folder["m"]).Should().Be("by the system");

        static long Length(SafeFileHandle handle)
        {
            try
            {
                return RandomAccess.GetLength(handle);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                return -1;
            }
        }
    }

    [Fact]
    public void Whatever_fails_the_old_file_stays_and_no_part_is_left()
    {
        _folder.Write("m", "old");
        Action write = () => ReplacedFile.Write(_folder["m"], stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException("failed");
        });
        write.Should().Throw<InvalidOperationException>();
        ((Action)(() => ReplacedFile.Write(_folder["m"], stream => { }, _ => throw new IOException("no disk")))).Should().Throw<IOException>();
        _folder.Files.Should().Equal("m");
        File.ReadAllText(_folder["m"]).Should().Be("old");
    }

    [Fact]
    public void A_part_has_a_name_that_cannot_be_guessed_and_differs_each_time()
    {
        var parts = new List<string>();
        for (int i = 0; i < 3; i++)
        {
            ReplacedFile.Write(_folder["m"], _ => parts.AddRange(_folder.Files.Where(file => file != "m")));
        }

        parts.Should().HaveCount(3).And.OnlyHaveUniqueItems().And.OnlyContain(part => part.StartsWith("m.", StringComparison.Ordinal) && part.EndsWith(".part", StringComparison.Ordinal) && part.Length > 40);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.UserRead)]
    [UnsupportedOSPlatform("windows")]
    public void A_replaced_file_keeps_its_permissions_and_its_part_has_them_from_the_first_byte(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(_folder.Write("m", "old"), mode);
        ReplacedFile.Write(_folder["m"], _ => new DirectoryInfo(_folder.FullName).GetFiles("*.part").Should().OnlyContain(part => part.UnixFileMode == mode));
        File.GetUnixFileMode(_folder["m"]).Should().Be(mode);
    }

    [Fact]
    public void A_link_stays_a_link_and_what_it_points_to_is_replaced()
    {
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(_folder["deep"]);
        File.WriteAllText(_folder["deep/target"], "old");
        File.CreateSymbolicLink(_folder["middle"], "deep/target");
        File.CreateSymbolicLink(_folder["link"], "middle");
        ReplacedFile.Write(_folder["link"], stream => stream.Write("new"u8));
        new FileInfo(_folder["link"]).LinkTarget.Should().Be("middle");
        File.ReadAllText(_folder["deep/target"]).Should().Be("new");
        Directory.GetFiles(_folder["deep"]).Should().ContainSingle();
    }

    [Fact]
    public void A_link_at_the_place_where_a_part_used_to_be_is_not_followed()
    {
        if (OperatingSystem.IsWindows()) return;
        _folder.Write("victim", "untouched");
        File.CreateSymbolicLink(_folder["m.tmp"], _folder["victim"]);
        ReplacedFile.Write(_folder["m"], stream => stream.Write("new"u8));
        File.ReadAllText(_folder["victim"]).Should().Be("untouched");
        new FileInfo(_folder["m"]).LinkTarget.Should().BeNull();
    }

    [Fact]
    public void Parts_of_dead_processes_and_old_ones_are_removed_and_nothing_else()
    {
        string? own = null;
        ReplacedFile.Write(_folder["m"], _ => own = _folder.Files.Single(file => file.EndsWith(".part", StringComparison.Ordinal)));
        string[] pieces = own!.Split('.', '-');
        string machine = pieces[1], random = pieces[3];
        string dead = $"m.{machine}-2147483646-{random}.part", alive = $"m.{machine}-{Environment.ProcessId}-{random}.part", old = $"m.{machine}-{Environment.ProcessId}-{new string('a', 32)}.part";
        string elsewhere = $"m.00000000-2147483646-{random}.part", other = $"n.{machine}-2147483646-{random}.part", foreign = "m.mine.part", similar = $"m.{machine}-2147483646-{random[1..]}g.part";
        foreach (string name in (string[])[dead, alive, old, elsewhere, other, foreign, similar])
        {
            _folder.Write(name, "part");
        }

        File.SetLastWriteTimeUtc(_folder[old], DateTime.UtcNow.AddHours(-2));
        File.SetLastWriteTimeUtc(_folder[foreign], DateTime.UtcNow.AddHours(-2));
        ReplacedFile.Write(_folder["m"], _ => { });
        _folder.Files.Should().BeEquivalentTo(["m", alive, elsewhere, other, foreign, similar]);
    }

    [Fact]
    public void Many_writers_at_once_leave_one_whole_file()
    {
        Parallel.For(0, 64, i => ReplacedFile.Write(_folder["m"], stream => stream.Write(Enumerable.Repeat((byte)i, 10_000).ToArray())));
        byte[] last = File.ReadAllBytes(_folder["m"]);
        last.Should().HaveCount(10_000).And.OnlyContain(value => value == last[0]);
        _folder.Files.Should().Equal("m");
    }
}
