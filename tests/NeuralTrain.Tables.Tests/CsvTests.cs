using System.Text;

namespace NeuralTrain.Tests.Tables;

public sealed class CsvTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a;b;kind\n1,5;2,5;x\n3,5;4,5;y\n")]
    [InlineData("1,5;2,5;x\n3,5;4,5;y\n")]
    [InlineData("a\tb\tkind\n1,5\t2,5\tx\n3,5\t4,5\ty\n")]
    [InlineData("a|b|kind\n1.5|2.5|x\n3.5|4.5|y\n")]
    [InlineData("a , b ,\"kind\"\n\"1.5\", 2.5 ,x\r\n\r\n3.5,4.5,\"y\"")]
    public void Separator_decimal_sign_and_header_are_found(string text)
    {
        Table table = Read(text);
        table.Rows.Should().Be(2);
        Numbers(table.Columns[0]).Should().Equal(1.5, 3.5);
        Numbers(table.Columns[1]).Should().Equal(2.5, 4.5);
        Texts(table.Columns[2]).Should().Equal("x", "y");
        table.Columns[0].Name.Should().Be(text.StartsWith('a') ? "a" : "0");
    }

    [Fact]
    public void What_was_found_is_printed()
    {
        Read("a;b\n1.234,5;x\n2,5;\n").ToString().Should().Be(
            "2 rows of 2 columns from The CSV text (separator ';', decimal point ',', thousands '.', with header, text)\n  a: number\n  b: category, 1 different, 1 missing");
    }

    [Fact]
    public void What_the_options_say_is_not_searched_for()
    {
        Numbers(Read("a\n\"1,234\"\n", new CsvOptions { DecimalPoint = ',' })["a"]).Should().Equal(1.234);
        Numbers(Read("a\n\"1,234\"\n", new CsvOptions { Thousands = ',' })["a"]).Should().Equal(1234);
        Texts(Read("a\n\"1,234\"\n", new CsvOptions { Text = ["a"], HasHeader = true })["a"]).Should().Equal("1,234");
        Texts(Read("a;b,kind\n1;2,x\n3;4,y\n", new CsvOptions { Separator = ',', HasHeader = true })["a;b"]).Should().Equal("1;2", "3;4");
        Read("1,2\n3,4\n", new CsvOptions { ColumnNames = ["x", "y"] }).Columns.Select(column => column.Name).Should().Equal("x", "y");
        Read("1,2\n3,4\n", new CsvOptions { HasHeader = true }).Columns.Select(column => column.Name).Should().Equal("1", "2");
    }

    [Theory]
    [InlineData("a;b,kind\n1;2,x\n3;4,y\n", "*2 ways: with Separator = ',' the first line is [[]a;b] [[]kind]; with Separator = ';' the first line is [[]a] [[]b,kind]. Say which*")]
    [InlineData("a,b\n\"1,234\",x\n\"2,345\",y\n", "*'1,234' can be read as 1234 (set DecimalPoint = '.' and Thousands = ',') or as 1.234 (set DecimalPoint = ',')*")]
    [InlineData("a;b\n1.234;x\n2.345;y\n", "*'1.234' can be read as 1234 (set DecimalPoint = ',' and Thousands = '.') or as 1.234 (set DecimalPoint = '.')*")]
    [InlineData("a;b\n1,5;2\n3.5;2\n", "*'1,5'*decimal comma*'3.5'*decimal point*")]
    [InlineData("a,b\nc,d\n", "*line 1*is a header*HasHeader = true or false*")]
    public void What_can_be_read_in_two_ways_is_refused_with_both(string text, string message) =>
        Refused(text).WithMessage(message.Replace("[[]", "[", StringComparison.Ordinal));

    [Theory]
    [InlineData("", "*is empty*")]
    [InlineData("\n\n", "*is empty*")]
    [InlineData("x,y\n", "*no rows below its header*")]
    [InlineData("x,y\n1,2\n\n3\n", "*line 4: 2 fields were expected*found 1*")]
    [InlineData("x,y\n1,2,3\n", "*line 2: 2 fields were expected*found 3*")]
    [InlineData("x,y\n1,\"2\n3,4\n", "*line 2*never closed*")]
    [InlineData("x,y\n1,2\"\n3,4\n", "*line 2*quote*")]
    [InlineData("x,x,y\n1,2,3\n", "*line 1*'x' occurs twice*")]
    [InlineData("x,,y\n1,2,3\n", "*line 1*column 1 (from 0) has no name*")]
    [InlineData("x,y\n1.50,2\nabc,3\n", "*line 3, column 'x': 'abc' is not a number*MissingMarkers*Text*")]
    public void What_cannot_be_understood_is_refused_and_the_message_says_where(string text, string message) => Refused(text).WithMessage(message);

    [Fact]
    public void Quotes_keep_separators_line_breaks_and_doubled_quotes() =>
        Texts(Read("c,y\n\"a,\nb\",1\n\"say \"\"no\"\"\",2\n")["c"]).Should().Equal("a,\nb", "say \"no\"");

    [Fact]
    public void A_missing_value_is_none_whatever_marks_it()
    {
        Table table = Read("n,c\n1,NA\n?,x\n,x\nNaN,\n2,n/a\n");
        Numbers(table["n"]).Should().Equal(1, double.NaN, double.NaN, double.NaN, 2);
        Texts(table["c"]).Should().Equal(null, "x", "x", null, null);
        (table["n"].MissingCount, table["c"].MissingCount).Should().Be((3, 3));
        Texts(Read("n,c\n1,NA\n2,-\n", new CsvOptions { MissingMarkers = ["-"] })["c"]).Should().Equal("NA", null);
    }

    [Fact]
    public void True_and_false_are_flags_in_any_case_and_dates_are_dates_in_their_form()
    {
        Table table = Read("flag,iso,german,time\nTRUE,2024-02-29,29.02.2024,2024-02-29 12:30\nfalse,,31.12.2024,2024-12-31 00:00\nTrue,2025-01-01,01.01.2025,2025-01-01 23:59\n");
        table.Columns.Select(column => column.Kind).Should().Equal(ColumnKind.Flag, ColumnKind.Date, ColumnKind.Date, ColumnKind.Date);
        table["flag"].Value(0).Should().Be(true);
        table["flag"].Value(1).Should().Be(false);
        table["iso"].Value(0).Should().Be(new DateTime(2024, 2, 29));
        table["iso"].Value(1).Should().BeNull();
        table["german"].Value(1).Should().Be(new DateTime(2024, 12, 31));
        table["time"].Value(2).Should().Be(new DateTime(2025, 1, 1, 23, 59, 0));
    }

    [Fact]
    public void Zeros_in_front_make_a_label_and_a_column_that_mixes_both_keeps_its_texts()
    {
        Texts(Read("zip,n\n01067,1\n10115,2\n")["zip"]).Should().Equal("01067", "10115");
        Texts(Read("x,n\n1.5,1\n20,2\nabc,3\n")["x"]).Should().Equal("1.5", "20", "abc");
        Numbers(Read("x,n\n0.5,1\n.25,2\n-1e2,3\n+4,5\n")["x"]).Should().Equal(0.5, 0.25, -100, 4);
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("123456.789")]
    [InlineData("-0.000123")]
    [InlineData("9007199254740993")]
    [InlineData("1.7976931348623157e308")]
    [InlineData("2.2250738585072014E-308")]
    [InlineData("0.30000000000000004")]
    [InlineData("12345678901234567890123")]
    [InlineData("5e-324")]
    public void Numbers_are_read_as_the_nearest_double(string text) =>
        Numbers(Read($"x,y\n{text},1\n")["x"])[0].Should().Be(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Files_streams_and_texts_packed_or_not_in_any_encoding_give_the_same_table()
    {
        const string text = "größe;art\n1,5;bär\n2,5;kuh\n";
        Encoding latin = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
        byte[][] forms =
        [
            Encoding.UTF8.GetBytes(text), [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)], [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
            [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(text)], latin.GetBytes(text), TemporaryFolder.Pack(Encoding.UTF8.GetBytes(text)), TemporaryFolder.Pack(latin.GetBytes(text)),
        ];
        foreach (byte[] bytes in forms)
        {
            using var slow = new OneByteStream(bytes);
            foreach (Table table in (Table[])[Table.FromCsv(_folder.Write("table.csv", bytes)), Table.FromCsv(new MemoryStream(bytes)), Table.FromCsv(slow)])
            {
                Numbers(table["größe"]).Should().Equal(1.5, 2.5);
                Texts(table["art"]).Should().Equal("bär", "kuh");
            }
        }

        Table.FromCsv(new MemoryStream(latin.GetBytes(text))).ToString().Should().Contain("windows-1252");
        Table.FromCsv(new MemoryStream(TemporaryFolder.Pack(latin.GetBytes(text)))).ToString().Should().Contain("packed with gzip");
    }

    [Fact]
    public void A_damaged_gzip_file_and_bytes_that_stop_being_UTF8_are_refused()
    {
        byte[] packed = TemporaryFolder.Pack(Encoding.UTF8.GetBytes("x,y\n1,2\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i},{i * 7919 % 997}\n"))));
        packed[30] ^= 0xFF;
        ((Action)(() => Table.FromCsv(new MemoryStream(packed)))).Should().Throw<InvalidDataException>();
        byte[] late = [.. Encoding.UTF8.GetBytes("x,y\n" + string.Concat(Enumerable.Repeat("1,abcdefgh\n", 110_000))), (byte)'2', (byte)',', 0xE4, 10];
        ((Action)(() => Table.FromCsv(new MemoryStream(late)))).Should().Throw<InvalidDataException>().WithMessage("*not UTF-8*Encoding*");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_packed_file_that_becomes_more_than_16_times_its_size_and_1_MB_is_read_only_where_that_is_allowed(bool canSeek)
    {
        byte[] packed = TemporaryFolder.Pack(Encoding.UTF8.GetBytes("x,y\n" + string.Concat(Enumerable.Repeat("1,2.5\n", 1_000_000))));
        ((Action)(() => Read(null))).Should().Throw<InvalidDataException>().WithMessage("The CSV stream, packed with gzip in *bytes, has more than the *bytes that are allowed*MaxUnpacked.");
        ((Action)(() => Read(5_999_999))).Should().Throw<InvalidDataException>();
        Read(6_000_004).Rows.Should().Be(1_000_000);
        string path = _folder.Write("t.csv.gz", packed);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ((Action)(() => Table.FromCsv(path))).Should().Throw<InvalidDataException>().WithMessage($"{path}, packed with gzip in {packed.Length} bytes*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(25_000_000, "a fifth of what all of it takes");
        ((Action)(() => StreamedTable.FromCsv(path))).Should().Throw<InvalidDataException>();

        // Only what is packed grows; and a small one may grow to 1 MB.
        Table.FromCsv(new MemoryStream(Encoding.UTF8.GetBytes("x,y\n" + string.Concat(Enumerable.Repeat("1,2.5\n", 300_000))))).Rows.Should().Be(300_000);
        Table.FromCsv(new MemoryStream(TemporaryFolder.Pack(Encoding.UTF8.GetBytes("x,y\n" + string.Concat(Enumerable.Repeat("1,2.5\n", 170_000)))))).Rows.Should().Be(170_000);

        Table Read(long? most)
        {
            using Stream stream = canSeek ? new MemoryStream(packed) : new OneByteStream(packed);
            return Table.FromCsv(stream, new CsvOptions { MaxUnpacked = most });
        }
    }

    [Fact]
    public async Task Asynchronously_the_same_table_is_read_packed_or_not()
    {
        byte[] text = Encoding.UTF8.GetBytes("x,kind\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i}.5,{(i % 3 == 0 ? "a" : "b")}\n")));
        foreach (byte[] bytes in (byte[][])[text, TemporaryFolder.Pack(text)])
        {
            using var stream = new MemoryStream([9, 9, .. bytes]);
            stream.Position = 2;
            Table table = await Table.FromCsvAsync(stream, cancellationToken: TestContext.Current.CancellationToken), expected = Table.FromCsv(new MemoryStream(bytes));
            Numbers(table["x"]).Should().Equal(Numbers(expected["x"]));
            Texts(table["kind"]).Should().Equal(Texts(expected["kind"]));
            stream.CanRead.Should().BeTrue();
        }

        await ((Func<Task>)(() => Table.FromCsvAsync(new MemoryStream(text), cancellationToken: new CancellationToken(canceled: true)))).Should().ThrowAsync<OperationCanceledException>();
        await ((Func<Task>)(() => Table.FromCsvAsync(new MemoryStream([1, 44, 10, 34]), cancellationToken: TestContext.Current.CancellationToken))).Should().ThrowAsync<InvalidDataException>();
    }

    [Fact]
    public void A_huge_field_is_refused_before_it_takes_memory()
    {
        string path = _folder.Write("table.csv", "x,y\n1,2\n1,\"" + new string('z', 20_000_000) + "\n");
        long before = GC.GetAllocatedBytesForCurrentThread();
        ((Action)(() => Table.FromCsv(path))).Should().Throw<InvalidDataException>().WithMessage("*line 3*MaxRowLength*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(15_000_000);
    }

    [Fact]
    public void A_table_of_20000_columns_is_read_and_a_long_name_is_cut_in_messages()
    {
        string header = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"column number {i}"));
        Table table = Read(header + "\n" + string.Concat(Enumerable.Range(0, 3).Select(row => string.Join(',', Enumerable.Range(0, 20_000).Select(i => row * i)) + "\n")));
        table.Columns.Should().HaveCount(20_000);
        Numbers(table["column number 19999"]).Should().Equal(0, 19_999, 39_998);
        ((Action)(() => _ = table["no such column"])).Should().Throw<ArgumentException>().Which.Message.Length.Should().BeLessThan(2000);
        string longName = new('n', 5000);
        Refused($"{longName},y\n1.50,2\nabc,3\n").Which.Message.Length.Should().BeLessThan(1000);
    }

    [Fact]
    public void Reading_allocates_about_what_the_columns_hold()
    {
        const int rows = 100_000;
        string path = _folder.Write("table.csv", "a,b,c,kind\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"{i}.5,{i * 3},0.{i % 97 + 1},{(i % 2 == 0 ? "even" : "odd")}\n")));
        _ = Table.FromCsv(path);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = Table.FromCsv(path);

        // 3 doubles and a code a row; lists grow by doubling and are copied once, and the first megabyte is looked at.
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan((5 * rows * 28) + 3_000_000);
    }

    [Fact]
    public void The_short_way_gives_raw_numbers_one_hot_categories_and_classes()
    {
        Dataset data = Dataset.FromCsv(_folder.Write("f.csv", "length,kind,color\n1.5,rose,red\n2,aster,blue\n,rose,red\n"), target: "kind");
        data.InputNames.Should().Equal("length", "length missing", "color=blue", "color=red");
        data.Inputs.Span.ToArray().Should().Equal(1.5f, 0, 0, 1, 2, 0, 1, 0, 1.75f, 1, 0, 1);
        data.Classes.Should().Equal("aster", "rose");
        data.Labels.ToArray().Should().Equal(1, 0, 1);
        Dataset two = Dataset.FromCsv(_folder.Write("g.csv", "a,b,c\n1,2,3\n4,5,6\n7,8,1\n"), ["c", "a"]);
        two.TargetNames.Should().Equal("a", "c");
        two.Targets.Span.ToArray().Should().Equal(1, 3, 4, 6, 7, 1);
    }

    [Theory]
    [InlineData("p", 5000, "00 rows of 10001 inputs and targets, ")]
    [InlineData("y", 9999, "00 rows of 10002 inputs and targets, ")]
    public void The_short_way_refuses_categories_that_would_fill_the_memory_before_they_do(string widest, int texts, string message)
    {
        IEnumerable<string> lines = widest == "p" ? Enumerable.Range(0, 10_000).Select(i => $"p{i % 5000},q{i * 7 % 5000},{i % 17}.5") : Enumerable.Range(0, 20_000).Select(i => $"p{i % 2},{i % 17}.5,y{i % 9999}");
        string path = _folder.Write("t.csv", string.Join('\n', lines.Prepend("p,q,y")));
        long before = GC.GetAllocatedBytesForCurrentThread();
        ((Action)(() => Dataset.FromCsv(path, "y"))).Should().Throw<InvalidDataException>().WithMessage($"{path} of * bytes would become *{message}*column '{widest}' has {texts} different texts*Embed or Ignore*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(50_000_000);
    }

    internal static Table Read(string text, CsvOptions? options = null) => Table.FromCsv(new StringReader(text), options);

    internal static double[] Numbers(TableColumn column) => [.. Values(column).Select(value => value as double? ?? double.NaN)];

    internal static string?[] Texts(TableColumn column) => [.. Values(column).Cast<string?>()];

    private static IEnumerable<object?> Values(TableColumn column)
    {
        for (int row = 0; ; row++)
        {
            object? value;
            try
            {
                value = column.Value(row);
            }
            catch (ArgumentOutOfRangeException)
            {
                yield break;
            }

            yield return value;
        }
    }

    private static FluentAssertions.Specialized.ExceptionAssertions<InvalidDataException> Refused(string text) =>
        ((Action)(() => Read(text))).Should().Throw<InvalidDataException>();

    // As a network gives it: little at a time, and no way back.
    private sealed class OneByteStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer)
        {
            int next = buffer.IsEmpty ? -1 : ReadByte();
            if (next >= 0) buffer[0] = (byte)next;
            return next < 0 ? 0 : 1;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }
}
