using Spectre.Console;

namespace NeuralTrain.Samples;

/// <summary>Prints the lecture's XOR beside the published figures.</summary>
internal static class Report
{
    /// <summary>Prints the tables and the verdict.</summary>
    public static void Print(SampleRun sample, List<double> errors, Matrix outputs, Matrix targets, TimeSpan time)
    {
        bool random = sample.GivenSeed is not null;
        Console.WriteLine(random
            ? $"XOR as in the lecture (L1.3), but from random weights of seed {sample.Seed}: the published figures are no measure here."
            : "XOR as in the lecture (L1.3), from the published weights.");
        Table progress = NewTable("iteration", "published error", "our error", random);
        int agreeing = 0;
        for (int i = 0; i < errors.Count; i++)
        {
            bool agrees = Published.ErrorAgrees(Published.Errors[i], errors[i]);
            AddRow(progress, $"{i * 10_000}", Published.Errors[i], errors[i], agrees, random);
            agreeing += agrees ? 1 : 0;
        }

        Table final = NewTable("inputs → target", "published output", "our output", random);
        string[] cases = ["0 0 1 → 0", "0 1 1 → 1", "1 0 1 → 1", "1 1 1 → 0"];
        bool learnt = true;
        for (int row = 0; row < outputs.Rows; row++)
        {
            bool agrees = Published.OutputAgrees(Published.Outputs[row], outputs[row, 0]);
            AddRow(final, cases[row], Published.Outputs[row], outputs[row, 0], agrees, random);
            agreeing += agrees ? 1 : 0;
            learnt &= Math.Abs(outputs[row, 0] - targets[row, 0]) < 0.1;
        }

        AnsiConsole.Write(progress);
        AnsiConsole.Write(final);
        Console.WriteLine($"60 000 iterations took {time.TotalSeconds:0.000} s ({time.TotalMicroseconds / 60_000:0.00} µs each).");
        if (random)
        {
            sample.Claim("Learns XOR (every output within 0.1 of its target)", learnt, figure: null);
            return;
        }

        int count = errors.Count + outputs.Rows;
        sample.Claim("Agrees with the published figures", agreeing == count,
            $"{agreeing} of {count} (errors to 4 significant digits, outputs to 4 decimals: the limit of float32 weights)");
    }

    private static void AddRow(Table table, string what, double published, double ours, bool agrees, bool random)
    {
        string[] cells = random
            ? [what, $"{ours:0.00000000}"]
            : [what, $"{published:0.00000000}", $"{ours:0.00000000}", agrees ? "yes" : "no"];
        table.AddRow(cells);
    }

    private static Table NewTable(string what, string published, string ours, bool random)
    {
        string[] columns = random ? [what, ours] : [what, published, ours, "agrees"];
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        return table;
    }
}
