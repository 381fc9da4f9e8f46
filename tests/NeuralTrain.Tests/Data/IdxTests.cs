namespace NeuralTrain.Tests.Data;

public sealed class IdxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pixels_are_divided_by_255_and_labels_become_one_hot_rows(bool packed)
    {
        Dataset data = Dataset.FromIdx(Images(packed), Labels([2, 0, 9], packed));
        data.Inputs.Shape.Should().Be("3×4");
        data.Inputs.Row(1).ToArray().Should().Equal(51 / 255f, 0, 255 / 255f, 1 / 255f);
        data.Labels.ToArray().Should().Equal(2, 0, 9);
        data.Classes.Should().Equal("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    [Fact]
    public void All_types_of_values_are_read_as_they_are()
    {
        float[] Read(byte type, params byte[] values) => ReadAll(_folder.Write($"t{type}", [0, 0, type, 2, 0, 0, 0, 1, 0, 0, 0, 2, .. values])).Span.ToArray();
        Read(0x08, 200, 1).Should().Equal(200, 1);
        Read(0x09, 200, 1).Should().Equal(-56, 1);
        Read(0x0B, 0xFF, 0xFE, 1, 0).Should().Equal(-2, 256);
        Read(0x0C, 0xFF, 0xFF, 0xFF, 0xFE, 0, 1, 0, 0).Should().Equal(-2, 65536);
        Read(0x0D, 0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0).Should().Equal(1, -2);
        Read(0x0E, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0).Should().Equal(1, -2);
    }

    [Fact]
    public void A_file_that_became_shorter_is_refused_with_the_byte_and_the_item_where_it_ends()
    {
        string path = _folder.Write("short", ImageBytes[..25]);
        using var file = new IdxFile(path, () => UnpackedFile.Plain(path), checkLength: false, maxUnpacked: null);
        float[] item = new float[4];
        file.Read(item);
        file.Read(item);
        file.Invoking(own => own.Read(item)).Should().Throw<InvalidDataException>().WithMessage("*short ends at byte 25, in the middle of item 2 of 3: it was changed*");
    }

    [Theory]
    [InlineData("", "is empty*magic number at bytes 0 to 3*")]
    [InlineData("0000", "ends at byte 2*magic number at bytes 0 to 3*")]
    [InlineData("01000801", "is not an IDX file: at byte 0*found 01 00 08 01*")]
    [InlineData("00000A01", "is not an IDX file*")]
    [InlineData("00000800", "is not an IDX file*")]
    [InlineData("504B0304", "is not an IDX file*")]
    [InlineData("000008030000", "ends at byte 6*sizes of its 3 dimensions at bytes 4 to 15*")]
    [InlineData("0000080100000000", "dimension 0 the size 0 at byte 4*")]
    [InlineData("00000801FFFFFFFF", "dimension 0 the size 4294967295 at byte 4*")]
    [InlineData("00000803000000017FFFFFFF7FFFFFFF", "dimension 1 the size 2147483647 at byte 8*")]
    [InlineData("00000803000000010000000100000000", "dimension 2 the size 0 at byte 12*")]
    [InlineData("000008010000000301", "says that it ends at byte 11, but it ends at byte 9*")]
    [InlineData("0000080100000001010203", "says that it ends at byte 9, but it goes on*")]
    [InlineData("00000801000000010102", "says that it ends at byte 9, but it goes on*")]
    public void A_damaged_file_is_refused_and_the_message_says_where(string hex, string message)
    {
        byte[] content = Convert.FromHexString(hex);
        foreach ((string name, byte[] bytes) in new[] { ("plain", content), ("packed.gz", TemporaryFolder.Pack(content)) })
        {
            string path = _folder.Write(name, bytes);
            ((Action)(() => ReadAll(path))).Should().Throw<InvalidDataException>().WithMessage($"*{name}*{message}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_header_that_claims_more_than_the_file_has_takes_no_memory(bool packed)
    {
        // 2³¹ − 1 items of one byte; and 65536 items of 32767.
        foreach (string hex in new[] { "000008017FFFFFFF0102", "00000803000100000000000100007FFF01" })
        {
            byte[] content = Convert.FromHexString(hex);
            string path = _folder.Write("claims", packed ? TemporaryFolder.Pack(content) : content);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ((Action)(() => ReadAll(path, long.MaxValue))).Should().Throw<InvalidDataException>().WithMessage("*but it ends at byte*");
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000_000);
        }
    }

    [Fact]
    public void A_packed_file_that_becomes_more_than_16_times_its_size_and_1_MB_is_read_only_where_that_is_allowed()
    {
        const int Items = 3_000;
        byte[] images = TemporaryFolder.Pack([0, 0, 8, 2, .. Number(Items), .. Number(1000), .. new byte[1000 * Items]]), labels = TemporaryFolder.Pack([0, 0, 8, 1, .. Number(Items), .. new byte[Items]]);
        string imagesPath = _folder.Write("images.gz", images), labelsPath = _folder.Write("labels.gz", labels);
        long unpacked = 12 + (1000 * Items), most = (16 * images.Length) + (1 << 20);
        unpacked.Should().BeGreaterThan(most);
        string message = $"*{images.Length} bytes claims to have {unpacked} bytes when unpacked, more than the {most} that are allowed*maxUnpacked*";
        foreach (Func<long?, BatchSource> read in (Func<long?, BatchSource>[])[
            limit => Dataset.FromIdx(imagesPath, labelsPath, maxUnpacked: limit),
            limit => Dataset.FromIdx(new MemoryStream(images), new MemoryStream(labels), maxUnpacked: limit),
            limit => StreamedData.FromIdx(imagesPath, labelsPath, maxUnpacked: limit)])
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            FluentActions.Invoking(() => read(null)).Should().Throw<InvalidDataException>().WithMessage(message);
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(most);
            FluentActions.Invoking(() => read(unpacked - 1)).Should().Throw<InvalidDataException>().WithMessage($"*more than the {unpacked - 1} that are allowed*");
            read(unpacked).Count.Should().Be(Items);
        }

        // The same file, not packed, is as large as it says.
        Dataset.FromIdx(_folder.Write("images", [0, 0, 8, 2, .. Number(Items), .. Number(1000), .. new byte[1000 * Items]]), labelsPath, maxUnpacked: 4000).Count.Should().Be(Items);

        static byte[] Number(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused_unless_nothing_of_its_content_is_missing()
    {
        byte[] content = ImageBytes;
        byte[] packed = TemporaryFolder.Pack(content);
        string labels = Labels([1, 2, 3], packed: false);
        for (int length = 0; length < content.Length; length++)
        {
            Load(content[..length]).Should().Throw<InvalidDataException>($"it has {length} bytes").WithMessage("*cut*");
            Stream().Should().Throw<InvalidDataException>($"it has {length} bytes");
        }

        // The end of a gzip file is a checksum, which may be cut off with all the content before it.
        int refused = 0;
        for (int length = 0; length < packed.Length; length++)
        {
            try
            {
                Load(packed[..length])();
                File.ReadAllBytes(_folder["cut"]).Should().HaveCountGreaterThan(packed.Length - 11);
            }
            catch (InvalidDataException problem)
            {
                problem.Message.Should().Contain("cut");
                refused++;
            }
        }

        refused.Should().BeGreaterThan(packed.Length - 11);

        Action Load(byte[] bytes)
        {
            string images = _folder.Write("cut", bytes);
            return () => Dataset.FromIdx(images, labels).Inputs.Row(2).ToArray().Should().Equal(4 / 255f, 5 / 255f, 6 / 255f, 7 / 255f);
        }

        Action Stream() => () => StreamedData.FromIdx(_folder["cut"], labels);
    }

    [Fact]
    public void A_bit_changed_in_a_packed_file_is_noticed()
    {
        byte[] packed = TemporaryFolder.Pack([0, 0, 8, 1, 0, 0, 4, 0, .. Enumerable.Range(0, 1024).Select(i => (byte)(i * 7))]);
        packed[packed.Length / 2] ^= 0x10;
        string path = _folder.Write("changed.gz", packed);
        ((Action)(() => ReadAll(path))).Should().Throw<InvalidDataException>().WithMessage("*changed.gz*");
    }

    [Fact]
    public void Images_and_labels_that_do_not_belong_together_are_refused()
    {
        string images = Images(packed: false), labels = Labels([1, 2], packed: false);
        ((Action)(() => Dataset.FromIdx(images, labels))).Should().Throw<InvalidDataException>().WithMessage("*images has 3 images, but*labels has 2 labels*");
        ((Action)(() => Dataset.FromIdx(labels, images))).Should().Throw<InvalidDataException>().WithMessage("*images come first, the labels second*");
    }

    [Fact]
    public void A_label_out_of_range_is_refused_with_its_byte()
    {
        string images = Images(packed: false), labels = Labels([1, 10, 2], packed: false);
        ((Action)(() => Dataset.FromIdx(images, labels))).Should().Throw<InvalidDataException>().WithMessage("*label 10 at byte 9 (image 1)*numbered 0 to 9*");
        ((Action)(() => Dataset.FromIdx(images, Labels([1, 2, 0], false), ["a", "b"]))).Should().Throw<InvalidDataException>().WithMessage("*label 2 at byte 9*0 to 1*");
        ((Action)(() => Dataset.FromIdx(images, labels, ["a", "a"]))).Should().Throw<ArgumentException>().WithMessage("*'a' again*");
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        ((Action)(() => Dataset.FromIdx(_folder["absent"], _folder["absent"]))).Should().Throw<FileNotFoundException>().WithMessage("*absent*");

    [Fact]
    public void MNIST_is_what_its_makers_say()
    {
        Dataset train = Dataset.FromIdx(RealData.Mnist("train-images-idx3-ubyte.gz"), RealData.Mnist("train-labels-idx1-ubyte.gz"));
        Dataset test = Dataset.FromIdx(RealData.Mnist("t10k-images-idx3-ubyte.gz"), RealData.Mnist("t10k-labels-idx1-ubyte.gz"));
        train.ToString().Should().Be("60000 samples of 784 inputs and 10 classes");
        Counts(train).Should().Equal(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
        Counts(test).Should().Equal(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
        (double mean, double deviation) = Statistics(train);
        (mean, deviation).Should().Be((0.130660, 0.308108));
        Statistics(test).Should().Be((0.132515, 0.310480));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Streams_packed_or_not_that_cannot_seek_or_begin_later_give_the_same_as_files(bool packed)
    {
        byte[] labels = [0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 9];
        byte[] Packed(byte[] content) => packed ? TemporaryFolder.Pack(content) : content;
        using var images = new MemoryStream([1, 2, 3, .. Packed(ImageBytes)]) { Position = 3 };
        var oneWay = new Files.OneWayStream(new MemoryStream(Packed(labels)));
        Dataset data = Dataset.FromIdx(images, oneWay);
        Dataset expected = Dataset.FromIdx(Images(packed), Labels([2, 0, 9], packed));
        data.Inputs.ToArray().Should().BeEquivalentTo(expected.Inputs.ToArray());
        data.Labels.ToArray().Should().Equal(2, 0, 9);
        images.CanRead.Should().BeTrue("the stream belongs to its owner");
    }

    [Fact]
    public void A_damaged_stream_is_refused_by_what_it_holds()
    {
        using var images = new MemoryStream(ImageBytes[..^1]);
        using var labels = new MemoryStream([0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 9]);
        ((Action)(() => Dataset.FromIdx(images, labels))).Should().Throw<InvalidDataException>().WithMessage("The stream of images is damaged*ends at byte 28, but it ends at byte 27*");
        ((Action)(() => Dataset.FromIdx(new MemoryStream(ImageBytes), new MemoryStream([1, 2, 3, 4])))).Should().Throw<InvalidDataException>().WithMessage("The stream of labels is not an IDX file*");
    }

    private static byte[] ImageBytes => [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 2, 3, 51, 0, 255, 1, 4, 5, 6, 7];

    private static int[] Counts(Dataset data)
    {
        int[] counts = new int[10];
        foreach (int label in data.Labels)
        {
            counts[label]++;
        }

        return counts;
    }

    private static (double Mean, double Deviation) Statistics(Dataset data)
    {
        double sum = 0, squares = 0;
        foreach (float value in data.Inputs.Span)
        {
            sum += value;
            squares += (double)value * value;
        }

        double mean = sum / data.Inputs.Span.Length;
        return (Math.Round(mean, 6), Math.Round(Math.Sqrt((squares / data.Inputs.Span.Length) - (mean * mean)), 6));
    }

    private string Images(bool packed) => _folder.Write("images", packed ? TemporaryFolder.Pack(ImageBytes) : ImageBytes);

    private string Labels(byte[] labels, bool packed)
    {
        byte[] content = [0, 0, 8, 1, 0, 0, 0, (byte)labels.Length, .. labels];
        return _folder.Write("labels", packed ? TemporaryFolder.Pack(content) : content);
    }

    private static Matrix ReadAll(string path, long? maxUnpacked = null)
    {
        using var file = new IdxFile(path, () => UnpackedFile.Plain(path), checkLength: true, maxUnpacked);
        var values = new Matrix(file.Count, file.ItemSize);
        for (int row = 0; row < values.Rows; row++)
        {
            file.Read(values.Row(row));
        }

        return values;
    }
}
