using System.Text;

namespace NeuralTrain.Tests.Files;

public sealed class HostileFileTests : IDisposable
{
    private const string Good = """{"0.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_sound_file_they_are_broken_from_loads()
    {
        var network = new Sequential(new Linear(1, 1, new Random(1), bias: false));
        Write(RawFile.Of(Good, RawFile.Floats(3)));
        ModelFile.LoadInto(_folder["m"], network);
        network.NamedParameters()[0].Parameter.Value[0, 0].Should().Be(3);
    }

    public static TheoryData<string, string, string> BrokenHeaders { get; } = new()
    {
        { "reversed offsets", """{"0.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[4,0]}}""", "byte 9: *not a range*" },
        { "negative offset", """{"0.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[-4,0]}}""", "byte 65: *whole number of 0 or more, found -4*" },
        { "offsets behind the end", """{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""", "*file ends here, but its tensors take*" },
        { "offsets of 2⁶³", """{"0.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[9223372036854775808,9223372036854775812]}}""", "*found 9223372036854775808*" },
        { "offsets at the end of numbers", """{"0.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[9223372036854775803,9223372036854775807]}}""", "*not a range*" },
        { "a gap at the begin", """{"0.weight":{"dtype":"F32","shape":[],"data_offsets":[0,0]}}""", "*takes 4 bytes*give it 0*" },
        { "data that no tensor uses", """{"0.weight":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", "byte 69: *4 bytes follow that no tensor uses*" },
        { "overlap", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "*'b'*overlap*" },
        { "hole", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "*'b'*leave 1 bytes*" },
        { "one number as offsets", """{"0.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0]}}""", "*two data_offsets*" },
        { "three numbers as offsets", """{"0.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4,4]}}""", "*two data_offsets*" },
        { "no type", """{"0.weight":{"shape":[1,1],"data_offsets":[0,4]}}""", "*must have dtype*" },
        { "NaN as a size", """{"0.weight":{"dtype":"F32","shape":[NaN,1],"data_offsets":[0,4]}}""", "byte 44: *not valid JSON*" },
        { "a fraction as a size", """{"0.weight":{"dtype":"F32","shape":[1.5,1],"data_offsets":[0,4]}}""", "*found 1.5*" },
        { "a size with an exponent", """{"0.weight":{"dtype":"F32","shape":[1e99,1],"data_offsets":[0,4]}}""", "*found 1e99*" },
        { "a text as a size", """{"0.weight":{"dtype":"F32","shape":["1",1],"data_offsets":[0,4]}}""", "*found 1*" },
        { "a negative size", """{"0.weight":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", "*found -1*" },
        { "sizes that overflow to 4 bytes", """{"0.weight":{"dtype":"F32","shape":[4294967296,4294967296,1],"data_offsets":[0,4]}}""", "*more than any file can hold*" },
        { "a size of 2⁶³ − 1", """{"0.weight":{"dtype":"F32","shape":[9223372036854775807,1],"data_offsets":[0,4]}}""", "*more than any file can hold*" },
        { "an unknown type", """{"0.weight":{"dtype":"F33","shape":[1,1],"data_offsets":[0,4]}}""", "*type 'F33'*" },
        { "half a byte", """{"0.weight":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}}""", "*whole byte*" },
        { "a name twice", """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "*second tensor of the name 'a'*" },
        { "a name twice, once escaped", """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"\u0061":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "*second tensor of the name 'a'*" },
        { "a property twice", """{"0.weight":{"dtype":"F32","dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}""", "*dtype twice*" },
        { "metadata that are a list", """{"__metadata__":[]}""", "*an object of texts*" },
        { "a number among the metadata", """{"__metadata__":{"a":1}}""", "*expected a text, found 1*" },
        { "metadata twice", """{"__metadata__":{"a":"1"},"__metadata__":{"a":"1"}}""", "*second __metadata__*" },
        { "a text twice", """{"__metadata__":{"a":"1","a":"1"}}""", "*'a' twice*" },
        { "a tensor that is a number", """{"0.weight":1}""", "*expected an object*" },
        { "half a character", """{"\ud800":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}""", "*not valid JSON*" },
        { "half a character as a type", """{"a":{"dtype":"\udc00","shape":[1,1],"data_offsets":[0,4]}}""", "*not valid JSON*" },
        { "no JSON", "hello", "*begins with '{'*" },
        { "an empty header", "", "*begins with '{'*" },
        { "a list", "[]", "*begins with '{'*" },
        { "half a header", """{"0.weight":{"dtype":"F32","sha""", "*not valid JSON*" },
        { "a second header", Good + Good, "*not valid JSON*" },
        { "deep JSON", "{\"a\":" + new string('[', 1000) + new string(']', 1000) + "}", "*" },
        { "deep JSON in what is skipped", "{\"a\":{\"x\":" + new string('[', 100_000) + "}}", "*not valid JSON*depth*" },
    };

    [Theory]
    [MemberData(nameof(BrokenHeaders))]
    public void A_broken_header_is_refused_by_byte(string what, string header, string message)
    {
        Write(RawFile.Of(header, RawFile.Floats(3)));
        Refusal(what).Should().Match($"*m, byte *").And.Match("*" + message);
        using var alone = new FileStream(_folder["m"], FileMode.Open, FileAccess.Read, FileShare.None);
        alone.Length.Should().BePositive("a file that is refused is closed");
    }

    [Theory]
    [InlineData(1UL << 63, "*9223372036854775808 bytes, more than the 100000000*")]
    [InlineData(ulong.MaxValue, "*18446744073709551615 bytes*")]
    [InlineData(100_000_001UL, "*more than the 100000000*")]
    [InlineData(99_999_999UL, "*99999999 bytes, but only*")]
    [InlineData(70UL, "*70 bytes, but only 67 follow*")]
    public void A_header_longer_than_the_file_or_the_format_is_refused_before_memory_is_asked_for(ulong length, string message)
    {
        Write(RawFile.Of(length, Good, RawFile.Floats(3)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        string refusal = Refusal("length");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
        refusal.Should().Match("*m, byte 0: *").And.Match(message);
    }

    [Fact]
    public void A_header_that_is_not_UTF8_is_refused_by_byte()
    {
        byte[] file = RawFile.Of(Good, RawFile.Floats(3));
        file[8 + 4] = 0xFF;
        Write(file);
        Refusal("UTF-8").Should().Match("*byte 12: *not UTF-8: byte 0xff*");
    }

    [Fact]
    public void An_empty_file_and_a_stub_are_refused()
    {
        foreach (int length in new[] { 0, 1, 7 })
        {
            Write(new byte[length]);
            Refusal("stub").Should().Match($"*byte {length}: *ends here*");
        }
    }

    public static TheoryData<string, string> BrokenDescriptions { get; } = new()
    {
        { """{"kind":"Linear","inputs":1,"outputs":1,"bias":false}""", "*must be a single Sequential*" },
        { """{"kind":"Sequential","layers":[{"kind":"Linear","inputs":30000,"outputs":30000,"bias":false}]}""", "*do not fit*" },
        { """{"kind":"Sequential","layers":[{"kind":"Linear","inputs":2147483647,"outputs":2147483647,"bias":false}]}""", "*is not valid*" },
        { """{"kind":"Sequential","layers":[{"kind":"Linear","inputs":-1,"outputs":1,"bias":false}]}""", "*is not valid*" },
        { """{"kind":"Sequential","layers":[{"kind":"Linear","inputs":1.5,"outputs":1,"bias":false}]}""", "*'inputs' of Linear must be a whole number*found 1.5*" },
        { """{"kind":"Sequential","layers":[{"kind":"BatchNorm","size":1000000000,"scaleAndShift":false,"epsilon":1,"runningAverageRate":0.1}]}""", "*do not fit*" },
        { """{"kind":"Sequential","layers":[{"kind":"LayerNorm","size":2000000000,"scaleAndShift":false,"epsilon":1}]}""", "*1 unexpected in the file*" },
        { """{"kind":"Sequential","layers":[{"kind":"LayerNorm","size":2000000000,"scaleAndShift":true,"epsilon":1}]}""", "*do not fit*" },
        { """{"kind":"Sequential","layers":[{"kind":"Standardization","size":2000000000,"inverse":false}]}""", "*do not fit*" },
        { """{"kind":"Sequential","layers":[{"kind":"PReLU","units":1000000000}]}""", "*do not fit*" },
        { """{"kind":"Sequential","layers":[{"kind":"APL","units":1000000,"hinges":1000000}]}""", "*is not valid*" },
        { """{"kind":"Sequential","layers":[{"kind":"Maxout","inputs":1,"outputs":65536,"pieces":65536,"bias":false}]}""", "*is not valid*" },
        { """{"kind":"Sequential","layers":[{"kind":"Rocket"}]}""", "*kind 'Rocket'*LayerKinds.Register*" },
        { """{"kind":"Sequential","layers":[{"kind":7}]}""", "*expected the kind as the first value*" },
        { """{"kind":"Sequential","layers":[null]}""", "*expected a finite number, a text*" },
        { """{"kind":"Sequential","layers":[]}""", "*at least one layer*" },
        { """{"kind":"Sequential","layers":7}""", "*'layers' of Sequential must be a list*found 7*" },
        { """{"kind":"Sequential"}""", "*at least one layer*" },
        { """{"layers":[]}""", "*expected the kind as the first value*" },
        { """{"kind":"Sequential","layers":[{"kind":"Dropout","probability":2,"direct":false,"seed":"1","drawn":"0"}]}""", "*is not valid*" },
        { """{"kind":"Sequential","layers":[{"kind":"Dropout","probability":1e999,"direct":false,"seed":"1","drawn":"0"}]}""", "*expected a finite number*" },
        { """{"kind":"Sequential","layers":[{"kind":"Dropout","probability":0.5,"direct":false,"seed":"-1","drawn":"0"}]}""", "*'seed'*64 bits*" },
        { """{"kind":"Sequential","layers":[{"kind":"ReLU","isFrozen":"yes"}]}""", "*'isFrozen'*true or false*" },
        { """{"kind":"Sequential","layers":[{"kind":"ReLU","frozen":["weight"]}]}""", "*'weight', which it does not have*" },
        { """{"kind":"Sequential","layers":[{"kind":"ReLU","frozen":[1]}]}""", "*a list of texts*" },
        { """{"kind":"Sequential","kind":"Sequential","layers":[]}""", "*each name once*" },
        { """{"kind":"\ud800","layers":[]}""", "*whole characters*" },
        { """{"kind":"Sequential","layers":[{"kind":"Linear","inputs":1,"outputs":1,"bias":false},{"kind":"Linear","inputs":1,"outputs":1,"bias":false}]}""", "*do not fit*" },
        { """{"kind":"Sequential","layers":[{"kind":"ReLU"}]}""", "*1 unexpected in the file*0.weight [1, 1]*" },
        { "7", "*must be a list of descriptions, found [7]*" },
        { "null", "*expected a finite number, a text*" },
        { "", "*damaged*" },
    };

    [Theory]
    [MemberData(nameof(BrokenDescriptions))]
    public void A_broken_description_is_refused(string description, string message)
    {
        Write(Model(description));
        LoadRefusal().Should().Match("*m, byte *").And.Match(message);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(10_000)]
    public void Containers_in_containers_end_at_a_bound(int depth)
    {
        var text = new StringBuilder();
        for (int i = 0; i < depth; i++)
        {
            text.Append("""{"kind":"Sequential","layers":[""");
        }

        text.Append("""{"kind":"Linear","inputs":1,"outputs":1,"bias":false}""");
        for (int i = 0; i < depth; i++)
        {
            text.Append("]}");
        }

        Write(Model(text.ToString()));
        LoadRefusal().Should().Match(depth < 32 ? "*do not fit*" : "*dep*");
    }

    [Theory]
    [InlineData("\"format\":1", "\"format\":2", "*version 2*reads version 1*")]
    [InlineData("\"format\":1", "\"format\":\"x\"", "*'format' of model must be a whole number*")]
    [InlineData("\"format\":1,", "", "*'format' of model*found nothing*")]
    [InlineData("\"output\":\"Values\",", "", "*'output' of model*found nothing*")]
    [InlineData("\"Values\"", "\"Colours\"", "*'Colours' is not a meaning*")]
    [InlineData("\"Values\"", "\"0\"", "*'0' is not a meaning*")]
    [InlineData("\"classes\":[]", "\"classes\":[1]", "*list of texts*")]
    [InlineData("\"classes\":[]", "\"classes\":[\"a\",\"b\",\"c\"]", "*gives 1 outputs, but there are 3 names*")]
    [InlineData("\"inputs\":[]", "\"inputs\":[\"a\",\"b\"]", "*takes 1 input columns, but there are 2 names*")]
    [InlineData("\"inputs\":[]", "\"inputs\":{", "*damaged*")]
    [InlineData("\"network\":[", "\"network\":[{\"kind\":\"ReLU\"},", "*a single Sequential*")]
    public void A_broken_model_is_refused(string part, string replacement, string message)
    {
        string sound = ModelJson("""{"kind":"Sequential","layers":[{"kind":"Linear","inputs":1,"outputs":1,"bias":false}]}""");
        sound.Should().Contain(part);
        Write(File(sound.Replace(part, replacement, StringComparison.Ordinal)));
        LoadRefusal().Should().Match("*m, byte *").And.Match(message);
    }

    [Fact]
    public void The_sound_model_they_are_broken_from_loads()
    {
        Write(Model("""{"kind":"Sequential","layers":[{"kind":"Linear","inputs":1,"outputs":1,"bias":false}]}"""));
        ModelFile.Load(_folder["m"]).Network.NamedParameters()[0].Parameter.Value[0, 0].Should().Be(3);
    }

    [Fact]
    public void However_many_layers_are_described_memory_and_time_stay_bounded()
    {
        var text = new StringBuilder("""{"kind":"Sequential","layers":[""");
        for (int i = 0; i < 20_000; i++)
        {
            text.Append("""{"kind":"ReLU"},""");
        }

        text.Append("""{"kind":"ReLU"}]}""");
        Write(Model(text.ToString()));
        LoadRefusal().Should().Match("*bytes of memory, more than the * that are allowed*");
        using (FileStream stream = System.IO.File.OpenRead(_folder["m"]))
        {
            FluentActions.Invoking(() => ModelFile.Load(stream, maxMemory: 1L << 30)).Should().Throw<InvalidDataException>().WithMessage("*unexpected in the file*");
        }

        Write(Model(new string('7', (1 << 24) + 1)));
        LoadRefusal().Should().Match("*more than the 16777216 that are allowed*");
    }

    private static byte[] Model(string network) => File(ModelJson(network));

    private static string ModelJson(string network) =>
        """{"kind":"model","format":1,"library":"0.1.0","output":"Values","classes":[],"inputs":[],"network":[""" + network + "]}";

    private static byte[] File(string model)
    {
        string text = model.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return RawFile.Of("{\"__metadata__\":{\"neuraltrain.model\":\"" + text + "\"}," + Good[1..], RawFile.Floats(3));
    }

    private void Write(byte[] file) => System.IO.File.WriteAllBytes(_folder["m"], file);

    private string LoadRefusal()
    {
        Action load = () => ModelFile.Load(_folder["m"]);
        return load.Should().Throw<InvalidDataException>().Which.Message;
    }

    private string Refusal(string what)
    {
        var network = new Sequential(new Linear(1, 1, new Random(1), bias: false));
        float before = network.NamedParameters()[0].Parameter.Value[0, 0];
        Action load = () => ModelFile.LoadInto(_folder["m"], network);
        string message = load.Should().Throw<InvalidDataException>(what).Which.Message;
        network.NamedParameters()[0].Parameter.Value[0, 0].Should().Be(before);
        return message;
    }
}
