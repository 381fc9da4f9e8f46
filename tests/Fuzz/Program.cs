using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using NeuralTrain;

// Damages sound files at random and reads them: bits turned, bytes cut off, and numbers and texts of the JSON parts replaced, doubled and swapped. Each is read, or
// refused by the documented exception; and no file may make its reader allocate more than 16 times its size and 1 MB.
//
//   dotnet run -c Release --project tests/Fuzz -- 1000000 100000 [SEED]     model files, checkpoints
int models = int.Parse(args[0], null), checkpoints = int.Parse(args[1], null);
var random = new Random(args.Length > 2 ? int.Parse(args[2], null) : 1);

(byte[] Model, byte[] Checkpoint)[] sound = [.. Enumerable.Range(0, 3).Select(Sound)];
int failures = 0;
Tiny("Linear", i => new Linear(1, 1, random));
Tiny("PReLU", _ => new PReLU());
Tiny("ReLU", _ => new ReLU());
Tiny("Dropout", _ => new Dropout(0.5, random));
Tiny("BatchNorm", _ => new BatchNorm(1));
Tiny("Residual", _ => new Residual(new Sigmoid()));
Run("model files", models, i => sound[i % sound.Length].Model, (file, _) => ModelFile.Load(file), error => error is InvalidDataException);
Run("checkpoints", checkpoints, i => sound[i % sound.Length].Checkpoint, (file, i) => Create(i % sound.Length).Resume(file), error => error is InvalidDataException or ArgumentException);
Console.WriteLine($"{failures} failures");
return failures == 0 ? 0 : 1;

void Run(string what, int count, Func<int, byte[]> soundFile, Action<Stream, int> read, Func<Exception, bool> isDocumented)
{
    int loaded = 0, refused = 0;
    double worst = 0;
    for (int i = 0; i < count; i++)
    {
        byte[] file = Damage(soundFile(i));
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read(new MemoryStream(file), i);
            loaded++;
        }
        catch (Exception error) when (isDocumented(error))
        {
            refused++;
        }
        catch (Exception error)
        {
            Report($"{what} {i}: {error}", file);
        }

        double part = (GC.GetAllocatedBytesForCurrentThread() - before) / ((16.0 * file.Length) + (1 << 20));
        worst = Math.Max(worst, part);
        if (part > 1) Report($"{what} {i}: {100 * part:0} % of the memory a file of {file.Length} bytes may take", file);
    }

    Console.WriteLine($"{count} {what}: {loaded} read, {refused} refused; at most {100 * worst:0} % of the memory allowed");
}

// What Save writes, Load reads: of all networks, those of many tiny layers take most memory for their size.
void Tiny(string name, Func<int, Layer> create)
{
    foreach (int count in new[] { 10, 100, 1000, 5000 })
    {
        using var file = new MemoryStream();
        ModelFile.Save(file, new Sequential([.. Enumerable.Range(0, count).Select(create)]));
        file.Position = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            ModelFile.Load(file);
            Console.WriteLine($"{count} {name}: read, {100 * (GC.GetAllocatedBytesForCurrentThread() - before) / ((16.0 * file.Length) + (1 << 20)):0} % of the memory allowed");
        }
        catch (Exception error)
        {
            Report($"{count} {name}, saved and not read: {error.Message}", file.ToArray());
        }
    }
}

void Report(string text, byte[] file)
{
    string path = Path.Combine(Path.GetTempPath(), $"fuzz-{++failures}");
    File.WriteAllBytes(path, file);
    Console.WriteLine($"{text}\n  {path}");
}

byte[] Damage(byte[] file)
{
    int headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
    switch (random.Next(4))
    {
        case 0:
            return file[..random.Next(file.Length)];
        case 1:
            byte[] turned = [.. file];
            for (int times = random.Next(1, 4); times > 0; times--) turned[random.Next(2) == 0 ? random.Next(8 + headerLength) : random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
            return turned;
        case 2:
            // The header, with its length put right.
            byte[] header = Encoding.UTF8.GetBytes(DamageText(Encoding.UTF8.GetString(file, 8, headerLength)));
            byte[] length = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            return [.. length, .. header, .. file.AsSpan(8 + headerLength)];
        default:
            // JSON among the tensors, which keeps its length: the state of a checkpoint.
            byte[] changed = [.. file];
            string rest = Encoding.Latin1.GetString(file);
            int start = rest.IndexOf("{\"settings\"", StringComparison.Ordinal);
            Match[] numbers = [.. Regex.Matches(rest[Math.Max(start, 8)..], "[0-9]+").Cast<Match>().Where(match => match.Index < 20_000)];
            for (int times = random.Next(1, 3); times > 0; times--)
            {
                Match number = numbers[random.Next(numbers.Length)];
                for (int k = 0; k < number.Length; k++) changed[Math.Max(start, 8) + number.Index + k] = (byte)"0123456789-.e"[random.Next(13)];
            }

            return changed;
    }
}

string DamageText(string text)
{
    string[] values = ["0", "-1", "1", "2000000000", "9999999999999999999", "1e308", "0.5", "null", "true", "[]", "{}", "\"\"", "\"Sequential\"", "\"Residual\"", "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]"];
    for (int times = random.Next(1, 3); times > 0; times--)
    {
        Match[] tokens = [.. Regex.Matches(text, """\\?"[^"\\]*\\?"|-?[0-9][0-9.e+-]*|[{}\[\]:,]""").Cast<Match>()];
        if (tokens.Length == 0) return text;
        Match token = tokens[random.Next(tokens.Length)], other = tokens[random.Next(tokens.Length)];
        text = random.Next(4) switch
        {
            0 => text.Remove(token.Index, token.Length).Insert(token.Index, values[random.Next(values.Length)]),
            1 => text.Remove(token.Index, token.Length).Insert(token.Index, other.Value),
            2 => text.Remove(token.Index, token.Length),
            _ => text.Insert(token.Index, text[Math.Min(token.Index, other.Index)..Math.Max(token.Index, other.Index)]),
        };
    }

    return text;
}

static Trainer Create(int kind)
{
    var random = new Random(kind);
    Sequential network = kind switch
    {
        0 => new(new Linear(4, 3, random), new BatchNorm(3), new ReLU(), new Dropout(0.5, random), new Linear(3, 2, random)),
        1 => new(new Residual(new Linear(4, 4, random, bias: false), new PReLU()), new Concatenate(new Linear(4, 2, random), new Tanh()), new LayerNorm(6), new Linear(6, 2, random)),
        _ => new(new Maxout(4, 3, random), new APL(3, 2, random), new RReLU(random), new Linear(3, 2, random)),
    };
    return new Trainer(network, new SoftmaxCrossEntropy(), kind == 0 ? new Adam(network) : new Momentum(network))
    {
        Schedule = kind == 1 ? new ReduceOnPlateau() : null, EarlyStopping = new EarlyStopping(), BatchSize = 4,
    };
}

static (byte[] Model, byte[] Checkpoint) Sound(int kind)
{
    Trainer trainer = Create(kind);
    var random = new Random(7);
    var inputs = new Matrix(12, 4);
    foreach (ref float value in inputs.Span) value = random.NextSingle();
    var data = new Dataset(inputs, OneHot.Encode([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], 2), ["a", "b", "c", "d"], classes: ["no", "yes"]);
    trainer.Fit(data, data, epochs: 2);
    using MemoryStream model = new(), checkpoint = new();
    ModelFile.Save(model, trainer.Network, ["no", "yes"], trainer.Loss, data.InputNames);
    trainer.SaveCheckpoint(checkpoint);
    return (model.ToArray(), checkpoint.ToArray());
}
