namespace NeuralTrain.Tests.Files;

/// <summary>A small sound file, damaged in every place: it loads with finite numbers, or it is refused, and nothing else happens.</summary>
public sealed class FileFuzzTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cut_off_at_any_byte_it_is_refused()
    {
        byte[] file = Small();
        for (int length = 0; length < file.Length; length++)
        {
            File.WriteAllBytes(_folder["m"], file[..length]);
            Action load = () => ModelFile.Load(_folder["m"]);
            load.Should().Throw<InvalidDataException>($"{length} of {file.Length} bytes are there").WithMessage("*m, byte *");
        }
    }

    [Fact]
    public void With_any_byte_changed_it_loads_finite_numbers_or_is_refused()
    {
        byte[] file = Small();
        int refused = 0;
        int loaded = 0;
        for (int place = 0; place < file.Length; place++)
        {
            foreach (byte mask in new byte[] { 0x01, 0x20, 0x80, 0xFF })
            {
                byte[] damaged = [.. file];
                damaged[place] ^= mask;
                File.WriteAllBytes(_folder["m"], damaged);
                try
                {
                    RequireFinite(ModelFile.Load(_folder["m"]).Network);
                    loaded++;
                }
                catch (InvalidDataException)
                {
                    refused++;
                }
            }
        }

        // Weights, texts and white space may change without anybody's notice; the structure may not.
        refused.Should().BeGreaterThan(loaded);
        loaded.Should().BePositive();
    }

    [Fact]
    public void With_pieces_taken_out_doubled_and_swapped_it_loads_finite_numbers_or_is_refused()
    {
        byte[] file = Small();
        var random = new Random(5);
        for (int round = 0; round < 3000; round++)
        {
            var damaged = new List<byte>(file);
            for (int times = random.Next(1, 4); times > 0; times--)
            {
                int start = random.Next(damaged.Count);
                byte[] piece = [.. damaged.GetRange(start, Math.Min(damaged.Count - start, random.Next(1, 20)))];
                damaged.InsertRange(random.Next(damaged.Count), piece);
                if (random.Next(2) == 0)
                {
                    damaged.RemoveRange(start, Math.Min(damaged.Count - start, piece.Length));
                }
            }

            // A length that fits now and then, so that the damage behind it is met too.
            if (random.Next(2) == 0)
            {
                BitConverter.TryWriteBytes(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(damaged), (ulong)(damaged.Count - 8 - (file.Length - 8 - (int)BitConverter.ToUInt64(file))));
            }

            File.WriteAllBytes(_folder["m"], [.. damaged]);
            try
            {
                RequireFinite(ModelFile.Load(_folder["m"]).Network);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    private static void RequireFinite(Sequential network)
    {
        foreach ((string path, Parameter parameter) in network.NamedParameters())
        {
            parameter.Value.Span.ToArray().Should().OnlyContain(value => float.IsFinite(value), path);
        }
    }

    private byte[] Small()
    {
        var random = new Random(1);
        ModelFile.Save(
            _folder["small"],
            new Sequential(new Linear(2, 3, random), new BatchNorm(3), new Dropout(0.5, random), new Residual(new Linear(3, 3, random, bias: false), new PReLU()), new Linear(3, 2, random)),
            ["a", "ü"], new SoftmaxCrossEntropy(), ["x", "y"]);
        return File.ReadAllBytes(_folder["small"]);
    }
}
