using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Mutations
{
    /// <summary>What classes of tests said of a mutation.</summary>
    /// <param name="Failed">The first test that failed; null if all passed.</param>
    /// <param name="Ended">Whether the process is gone: it crashed or took too long.</param>
    /// <param name="Acted">Whether the changed place was passed.</param>
    /// <param name="Seconds">Time of the processor.</param>
    /// <param name="Seen">The numbers of all places passed, if asked for.</param>
    internal sealed record Verdict(string? Failed, bool Ended, bool Acted, double Seconds, int[] Seen);

    /// <summary>A process of the test program that runs one selection of tests after the other, each with another mutation switched on.</summary>
    internal sealed class TestHost : IDisposable
    {
        private readonly Process _process;
        private bool _isOver;

        /// <param name="folder">A copy of the built test program.</param>
        /// <param name="off">The instruction set to do without; empty for none.</param>
        public TestHost(string folder, string off)
        {
            var start = new ProcessStartInfo("dotnet", ["NeuralTrain.Tests.dll"]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true };
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(TestHost).Assembly.Location;
            start.Environment["DOTNET_TieredPGO"] = "0";
            start.Environment["DOTNET_GCHeapHardLimit"] = "0x100000000";
            if (off.Length > 0) start.Environment[off] = "0";
            _process = Process.Start(start)!;
        }

        /// <summary>Runs classes of tests.</summary>
        /// <param name="number">The mutation that is switched on; 0 for none, −1 to look which places the tests pass.</param>
        /// <param name="classes">Their names.</param>
        /// <param name="limit">How many seconds of the processor they may take; a process that does nothing for half a minute has also failed.</param>
        public Verdict Run(int number, IEnumerable<string> classes, double limit)
        {
            _process.StandardInput.WriteLine($"{number} {string.Join(' ', classes)}");
            _process.StandardInput.Flush();
            Task<string?> answer = _process.StandardOutput.ReadLineAsync();
            double began = Used(), progress = began;
            var idle = Stopwatch.StartNew();
            while (!answer.Wait(100))
            {
                double used = Used();
                if (used > progress + 0.2) (progress, _) = (used, Restart(idle));
                if (used - began <= limit && idle.Elapsed.TotalSeconds < 30) continue;
                Dispose();
                return new Verdict("too long", Ended: true, Acted: true, limit, []);
            }

            if (answer.Result?.Split('\t') is not [string failed, string acted, string seconds, string seen]) return new Verdict("crash", Ended: true, Acted: true, 0, []);
            return new Verdict(failed.Length > 0 ? failed : null, Ended: false, acted == "True", double.Parse(seconds), [.. seen.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]);

            static bool Restart(Stopwatch clock)
            {
                clock.Restart();
                return true;
            }
        }

        /// <summary>Whether threads of a test that failed go on.</summary>
        public bool IsBusy()
        {
            double before = Used();
            Thread.Sleep(300);
            return Used() - before > 0.05;
        }

        public void Dispose()
        {
            if (_isOver) return;
            _isOver = true;
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        private double Used()
        {
            try
            {
                return _process.TotalProcessorTime.TotalSeconds;
            }
            catch (InvalidOperationException)
            {
                return 0;
            }
        }
    }
}

/// <summary>What runs inside the test program before its Main, which it calls again and again (see DOTNET_STARTUP_HOOKS).</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
        using var answers = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        Assembly tests = Assembly.Load("NeuralTrain.Tests"), core = Assembly.Load("NeuralTrain");
        Type? mutants = core.GetType("Mutants");
        FieldInfo? on = mutants?.GetField("On"), acted = mutants?.GetField("Acted");
        var seen = (bool[]?)mutants?.GetField("Seen")!.GetValue(null);
        while (Console.In.ReadLine() is string command)
        {
            string[] parts = command.Split(' ');
            var text = new StringWriter();
            Console.SetOut(text);
            seen?.AsSpan().Clear();
            acted?.SetValue(null, false);
            on?.SetValue(null, int.Parse(parts[0]));
            TimeSpan began = Environment.CpuUsage.TotalTime;
            object? code = tests.EntryPoint!.Invoke(null, [new[] { "-noColor", "-stopOnFail" }.Concat(parts[1..].SelectMany(name => new[] { "-class", name })).ToArray()]);
            double seconds = (Environment.CpuUsage.TotalTime - began).TotalSeconds;
            on?.SetValue(null, 0);
            string failed = code is 0 ? "" : Regex.Match($"{text}", @"NeuralTrain\.Tests\.(\S+).*\[FAIL\]") is { Success: true } match ? match.Groups[1].Value : $"{text}".ReplaceLineEndings(" ").Replace('\t', ' ');
            string places = parts[0] == "-1" ? string.Join(' ', Enumerable.Range(0, seen!.Length).Where(i => seen[i])) : "";
            answers.WriteLine($"{failed}\t{acted?.GetValue(null) ?? true}\t{seconds}\t{places}");
        }

        Environment.Exit(0);
    }
}
