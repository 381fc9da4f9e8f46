namespace NeuralTrain.Tests.Data;

public sealed class CsvTests : IDisposable
{
    private const string Flowers = "length,kind,width\n1.5,rose,.5\n2,aster,-1e2\n3,rose,7\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_text_target_is_a_class_and_all_other_columns_are_inputs()
    {
        Dataset data = Dataset.FromCsv(File(Flowers), target: "kind");
        data.InputNames.Should().Equal("length", "width");
        data.Inputs.Span.ToArray().Should().Equal(1.5f, 0.5f, 2, -100, 3, 7);
        data.Classes.Should().Equal("aster", "rose");
        data.Labels.ToArray().Should().Equal(1, 0, 1);
        data.TargetNames.Should().BeEmpty();
    }

    [Fact]
    public void A_target_of_numbers_is_predicted_as_a_number_unless_it_is_said_to_be_a_class()
    {
        string path = File("x,y\n1,10\n2,9\n3,10\n");
        Dataset numbers = Dataset.FromCsv(path, target: "y");
        (numbers.Classes.Count, numbers.TargetNames[0], numbers.Targets[1, 0]).Should().Be((0, "y", 9));
        Dataset classes = Dataset.FromCsv(path, target: "y", new CsvOptions { Classification = true });
        classes.Classes.Should().Equal("9", "10");
        classes.Labels.ToArray().Should().Equal(1, 0, 1);
        Dataset.FromCsv(path, target: "y", new CsvOptions { Classes = ["10", "9", "8"] }).Labels.ToArray().Should().Equal(0, 1, 0);
    }

    [Fact]
    public void Several_targets_are_numbers_in_the_order_asked_for()
    {
        Dataset data = Dataset.FromCsv(File("a,b,c\n1,2,3\n4,5,6\n"), target: ["c", 0]);
        data.Targets.Span.ToArray().Should().Equal(3, 1, 6, 4);
        data.TargetNames.Should().Equal("c", "a");
        data.InputNames.Should().Equal("b");
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n", "a", null, 2)]
    [InlineData("a,b\n1,2\n3,4\n", null, null, 2)]
    [InlineData("1,2\n3,4\n5,x\n", null, null, 3)]
    [InlineData("a,b\nc,d\n", null, false, 2)]
    [InlineData("a,b\nc,d\nc,e\n", null, true, 2)]
    public void A_header_is_asked_for_by_name_or_seen_by_its_lack_of_numbers_or_said(string text, string? name, bool? hasHeader, int rows)
    {
        var options = new CsvOptions { HasHeader = hasHeader, Classification = hasHeader is null ? null : true, Inputs = name is null ? 0 : "b" };
        Dataset data = Dataset.FromCsv(File(text.Replace("5,x", "5,6", StringComparison.Ordinal)), target: name is null ? 1 : name, options);
        data.Inputs.Rows.Should().Be(rows);
    }

    [Fact]
    public void A_table_of_texts_alone_does_not_tell_whether_it_has_a_header() =>
        Refused("a,b\nc,d\n", 1).WithMessage("*line 1 is a header*HasHeader = true or false*");

    [Fact]
    public void Columns_are_counted_from_both_ends_named_by_hand_and_left_out()
    {
        var options = new CsvOptions { ColumnNames = ["id", "x", "z", "y"], Ignore = "id" };
        Dataset data = Dataset.FromCsv(File("1,2,3,4\n5,6,7,8\n"), target: ^1, options);
        data.InputNames.Should().Equal("x", "z");
        data.Targets.Span.ToArray().Should().Equal(4, 8);
        Dataset.FromCsv(File("1,2,3,4\n5,6,7,8\n"), target: 0, new CsvOptions { Inputs = [3, 1] }).Inputs.Span.ToArray().Should().Equal(4, 2, 8, 6);
    }

    [Fact]
    public void Texts_become_one_input_for_each_category_and_numbers_where_said()
    {
        string path = File("color,size,y\nred,1,0\nblue,2,1\nred,1,2\n");
        Dataset data = Dataset.FromCsv(path, target: "y", new CsvOptions { Categorical = "size" });
        data.InputNames.Should().Equal("color=blue", "color=red", "size=1", "size=2");
        data.Inputs.Row(0).ToArray().Should().Equal(0, 1, 1, 0);
        data.Inputs.Row(1).ToArray().Should().Equal(1, 0, 0, 1);
    }

    [Fact]
    public void A_missing_value_is_refused_or_the_row_left_out_or_filled_in()
    {
        const string text = "n,c,y\n1,a,1\n?,a,2\n4,,3\n7,b,4\n";
        Refused(text, "y").WithMessage("*line 3, column 'n'*missing ('?')*DropRow*Fill*");
        Dataset.FromCsv(File(text), "y", new CsvOptions { Missing = MissingValues.DropRow }).Inputs.Span.ToArray().Should().Equal(1, 1, 0, 7, 0, 1);
        Dataset filled = Dataset.FromCsv(File(text), "y", new CsvOptions { Missing = MissingValues.Fill });
        filled.Inputs.Span.ToArray().Should().Equal(1, 1, 0, 4, 1, 0, 4, 1, 0, 7, 0, 1);
        Refused("n,y\n1,\n2,3\n", "y", new CsvOptions { Missing = MissingValues.Fill }).WithMessage("*line 2, column 'y'*target*cannot be filled*");
        Dataset.FromCsv(File("n,y\nNA,1\n2,3\n4,5\n"), "y", new CsvOptions { MissingMarkers = ["NA"], Missing = MissingValues.DropRow }).Inputs.Rows.Should().Be(2);
    }

    [Theory]
    [InlineData("\uFEFFx,y\n1,2\n")]
    [InlineData("x,y\r\n\r\n1,2\r\n\r\n")]
    [InlineData("\"x\",\"y\"\n\"1\",\"2\"")]
    [InlineData("x , y\n 1,  2 \n")]
    public void Byte_order_marks_line_ends_quotes_and_spaces_are_no_part_of_a_value(string text)
    {
        Dataset data = Dataset.FromCsv(File(text), target: "y");
        (data.InputNames[0], data.Inputs[0, 0], data.Targets[0, 0]).Should().Be(("x", 1, 2));
    }

    [Fact]
    public void Quotes_keep_separators_line_breaks_and_doubled_quotes()
    {
        Dataset data = Dataset.FromCsv(File("c,y\n\"a,\nb\",1\n\"say \"\"no\"\"\",2\n"), target: "y");
        data.InputNames.Should().Equal("c=a,\nb", "c=say \"no\"");
    }

    [Fact]
    public void Other_separators_and_decimal_points_are_understood() =>
        Dataset.FromCsv(File("x;y\n1,5;2\n"), "y", new CsvOptions { Separator = ';', DecimalPoint = ',' }).Inputs[0, 0].Should().Be(1.5f);

    [Theory]
    [InlineData("a;b;kind\n1,5;2,5;x\n3,5;4,5;y\n", "*every line has the same number of ';' (2)*Separator = ';'*DecimalPoint = ','*Separator = ','*")]
    [InlineData("1,5;2,5;x\n3,5;4,5;y\n", "*';'*Separator = ';'*")]
    [InlineData("a\tb\tkind\n1\t2\tx\n3\t4\ty\n", "*'\\t'*Separator = '\\t'*")]
    [InlineData("a,kind\n\"1,234\",x\n\"2,345\",y\n", "*line 2, column 'a': '1,234' looks like a number*DecimalPoint*Categorical*")]
    [InlineData("a,kind\n1,x\n\"1,234\",y\n", "*line 3, column 'a': '1,234' looks like a number*DecimalPoint*")]
    [InlineData("a,kind\n12 %,x\n13 %,y\n", "*'12 %' looks like a number*per cent*")]
    [InlineData("a,kind\n€5,x\n€6,y\n", "*'€5' looks like a number*currencies*")]
    [InlineData("a,kind\n2024-05-01,x\n2024-05-02,y\n", "*'2024-05-01' looks like a date*Ignore*Categorical*")]
    [InlineData("a,kind\n1/2/2024 12:30,x\n2/2/2024 12:30,y\n", "*looks like a date*")]
    [InlineData("a,kind\n12:30,x\n12:31,y\n", "*looks like a date or a time*")]
    [InlineData("a,kind\nTRUE,x\nfalse,y\n", "*column 'a': '*' is a truth value*1 and 0*Categorical*")]
    [InlineData("a,kind\nYes,x\nyes,y\n", "*column 'a': 'Yes' and 'yes' differ only in upper and lower case*Categorical*")]
    [InlineData("a,kind\n1,x\n2,X\n", "*column 'kind': 'x' and 'X' differ only in upper and lower case*CleanLabel*")]
    [InlineData("a,kind\n1,\"1,5\"\n2,\"2,5\"\n", "*column 'kind': '1,5' looks like a number*DecimalPoint*Classification = true*")]
    [InlineData("a,kind\n1,2024-05-01\n2,2024-05-02\n", "*column 'kind': '2024-05-01' looks like a date*Classification = true*")]
    public void What_could_be_a_number_a_date_or_another_separator_is_refused_and_the_message_names_what_settles_it(string text, string message) =>
        Refused(text, text[0] == 'a' ? "kind" : ^1).WithMessage(message);

    [Fact]
    public void What_looks_ambiguous_is_read_as_the_options_say()
    {
        Dataset.FromCsv(File("a;b,kind\n1;2,x\n3;4,y\n"), "kind", new CsvOptions { Separator = ',', Categorical = 0 }).InputNames.Should().Equal("a;b=1;2", "a;b=3;4");
        Dataset.FromCsv(File("a,kind\n\"1,5\",x\n\"2,5\",y\n"), "kind", new CsvOptions { DecimalPoint = ',' }).Inputs[1, 0].Should().Be(2.5f);
        Dataset.FromCsv(File("a,kind\nTRUE,x\nfalse,y\n"), "kind", new CsvOptions { Categorical = "a" }).InputNames.Should().Equal("a=TRUE", "a=false");
        Dataset.FromCsv(File("a,kind\n1,true\n2,false\n"), "kind").Classes.Should().Equal("false", "true");
        Dataset.FromCsv(File("a,kind\n1,x\n2,X\n3,y\n"), "kind", new CsvOptions { CleanLabel = label => label.ToUpperInvariant() }).Classes.Should().Equal("X", "Y");
    }

    [Theory]
    [InlineData("10-20")]
    [InlineData("A1")]
    [InlineData("1st")]
    [InlineData("<=50K")]
    [InlineData("12th")]
    [InlineData("Some-college")]
    public void Names_with_digits_are_categories(string text) =>
        Dataset.FromCsv(File($"a,kind\n{text},x\nother,y\n"), "kind", new CsvOptions { HasHeader = true }).InputNames.Should().Contain($"a={text}");

    [Fact]
    public void A_packed_file_is_unpacked_on_the_way()
    {
        string path = _folder.Write("packed", TemporaryFolder.Pack(System.Text.Encoding.UTF8.GetBytes(Flowers)));
        Dataset.FromCsv(path, "kind").Inputs.Rows.Should().Be(3);
    }

    [Theory]
    [InlineData("", "*is empty*")]
    [InlineData("\n\n", "*is empty*")]
    [InlineData("x,y\n", "*no rows below its header*")]
    [InlineData("x,y\n1,2\n\n3\n", "*line 4: 2 fields were expected*found 1*")]
    [InlineData("x,y\n1,2,3\n", "*line 2: 2 fields were expected*found 3*")]
    [InlineData("x,y\n1,2\n\"a\nb\",3\n", "*line 3, column 'x': 'a\nb' is not a number*")]
    [InlineData("x,y\n1,2\n1O,3\n", "*line 3, column 'x': '1O' is not a number*Categorical*")]
    [InlineData("x,y\nNaN,2\n1,3\n", "*line 2, column 'x': 'NaN' is not a number*")]
    [InlineData("x,y\n1e39,2\n1,3\n", "*line 2, column 'x': '1e39' is not a number*")]
    [InlineData("x,y\n1,2\n3,z\n", "*line 3, column 'y': 'z' is not a number*Classification = true*")]
    [InlineData("x,y\n1,a\n2,a\n", "*'y' has the single class 'a'*")]
    [InlineData("x,y\n1,\"2\n3,4\n", "*line 2*never closed*")]
    [InlineData("x,y\n1,2\"\n3,4\n", "*line 2*quote*")]
    [InlineData("x,x,y\n1,2,3\n", "*line 1*'x' occurs twice*")]
    [InlineData("x,y\n?,1\n?,2\n", "*line 2*missing*")]
    public void What_cannot_be_understood_is_refused_and_the_message_says_where(string text, string message) =>
        Refused(text, "y").WithMessage("*table.csv*").WithMessage(message);

    [Fact]
    public void A_huge_field_is_refused_before_it_takes_memory()
    {
        string path = File("x,y\n1,\"" + new string('z', 20_000_000) + "\n");
        long before = GC.GetAllocatedBytesForCurrentThread();
        ((Action)(() => Dataset.FromCsv(path, "y"))).Should().Throw<InvalidDataException>().WithMessage("*line 2*MaxRowLength*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000_000);
    }

    [Fact]
    public void Text_that_is_no_UTF8_is_refused()
    {
        string path = _folder.Write("latin.csv", [(byte)'x', (byte)',', (byte)'y', 10, 0xE9, (byte)',', (byte)'1', 10]);
        ((Action)(() => Dataset.FromCsv(path, "y"))).Should().Throw<InvalidDataException>().WithMessage("*latin.csv is not UTF-8*");
    }

    [Fact]
    public void Names_and_numbers_of_things_are_no_categories()
    {
        string text = "id,y\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"n{i},{i}\n"));
        Refused(text, "y").WithMessage("*'id' has more than 256 different texts*Ignore*MaxCategories*");
        Refused(text, "id").WithMessage("*'id' has more than 256 classes*");
        Dataset.FromCsv(File(text), "y", new CsvOptions { MaxCategories = 300 }).InputSize.Should().Be(300);
    }

    [Fact]
    public void A_column_that_is_not_there_or_asked_for_twice_is_refused()
    {
        string path = File(Flowers);
        ((Action)(() => Dataset.FromCsv(path, "color"))).Should().Throw<ArgumentException>().WithMessage("*no column 'color'*'length', 'kind', 'width'*");
        ((Action)(() => Dataset.FromCsv(path, 3))).Should().Throw<ArgumentException>().WithMessage("*no column 3*");
        ((Action)(() => Dataset.FromCsv(path, "kind", new CsvOptions { Inputs = ["kind", "width"] }))).Should().Throw<ArgumentException>().WithMessage("*asked for twice*");
        ((Action)(() => Dataset.FromCsv(path, []))).Should().Throw<ArgumentException>().WithMessage("*At least one target*");
        ((Action)(() => Dataset.FromCsv(path, ["kind", "width"]))).Should().Throw<InvalidDataException>().WithMessage("*'rose' is not a number*");
    }

    [Fact]
    public void A_test_file_gets_the_columns_categories_and_classes_of_the_training_file()
    {
        var schema = CsvSchema.Fit(File("c,n,y\nred,1,cat\nblue,?,dog\nred,3,dog\n"), "y", new CsvOptions { Missing = MissingValues.Fill });
        Dataset test = Dataset.FromCsv(_folder.Write("test.csv", "extra,y,n,c\n9,dog,?,blue\n9,dog,5,?\n"), schema);
        test.InputNames.Should().Equal("c=blue", "c=red", "n");
        test.Inputs.Span.ToArray().Should().Equal(1, 0, 2, 0, 1, 5);
        test.Classes.Should().Equal("cat", "dog");
        test.Labels.ToArray().Should().Equal(1, 1);
        schema.InputColumns.Should().Equal("c", "n");
        schema.Row("red", "4").Should().Equal(0, 1, 4);
        schema.Row("", "?").Should().Equal(0, 1, 2);
    }

    [Fact]
    public void What_the_training_file_did_not_have_is_refused_by_line()
    {
        string train = File("c,n,y\nred,1,cat\nblue,2,dog\n");
        var schema = CsvSchema.Fit(train, "y");
        Action Load(string text, CsvSchema with) => () => Dataset.FromCsv(_folder.Write("test.csv", text), with);
        Load("c,n,y\nred,1,cat\nred,1,cow\n", schema).Should().Throw<InvalidDataException>().WithMessage("*test.csv, line 3, column 'y': the label 'cow'*'cat', 'dog'*");
        Load("c,n,y\ngreen,1,cat\n", schema).Should().Throw<InvalidDataException>().WithMessage("*line 2, column 'c': 'green' is none of the 2 categories*");
        Load("c,n,y\nred,one,cat\n", schema).Should().Throw<InvalidDataException>().WithMessage("*line 2, column 'n': 'one' is not a number*");
        Load("c,y\nred,cat\n", schema).Should().Throw<InvalidDataException>().WithMessage("*no column 'n' in its header*");
        Load("c,n,y\n", schema).Should().Throw<InvalidDataException>().WithMessage("*no rows*");
        schema.Invoking(s => s.Row("red")).Should().Throw<ArgumentException>().WithMessage("2 values were expected (c, n), received 1*");
        schema.Invoking(s => s.Row("red", "?")).Should().Throw<ArgumentException>().WithMessage("Column 'n': the value is missing*");
        schema.Invoking(s => s.Row("green", "1")).Should().Throw<ArgumentException>().WithMessage("Column 'c': 'green'*");

        var tolerant = CsvSchema.Fit(train, "y", new CsvOptions { IgnoreUnknownCategories = true });
        tolerant.Row("green", "1").Should().Equal(0, 0, 1);
        Refused("x,y\n1,a\n2,b\n", "y", new CsvOptions { Classes = ["a", "c"] }).WithMessage("*line 3, column 'y': the label 'b'*");
    }

    [Theory]
    [InlineData("iris.csv", 150, 4, "50,50,50", false)]
    [InlineData("wine.csv", 178, 13, "59,71,48", true)]
    [InlineData("banknote_authentication.csv", 1372, 4, "762,610", true)]
    [InlineData("sonar.csv", 208, 60, "111,97", false)]
    public void The_classical_classifications_load(string file, int rows, int inputs, string counts, bool numbers)
    {
        Dataset data = Dataset.FromCsv(RealData.Table(file), target: ^1, numbers ? new CsvOptions { Classification = true } : null);
        (data.Inputs.Rows, data.InputSize, Counts(data)).Should().Be((rows, inputs, counts));
    }

    [Theory]
    [InlineData("winequality-red.csv", 1599, 11, 5)]
    [InlineData("concrete.csv", 1030, 8, 79.99f)]
    [InlineData("yacht.csv", 308, 6, 0.11f)]
    public void The_classical_regressions_load(string file, int rows, int inputs, float first)
    {
        Dataset data = Dataset.FromCsv(RealData.Table(file), target: ^1);
        (data.Inputs.Rows, data.InputSize, data.Targets[0, 0], data.Classes.Count).Should().Be((rows, inputs, first, 0));
    }

    [Fact]
    public void The_energy_table_has_two_targets()
    {
        Dataset data = Dataset.FromCsv(RealData.Table("energy.csv"), target: ["Y1", "Y2"]);
        (data.Inputs.Rows, data.InputSize, data.Targets[0, 0], data.Targets[0, 1]).Should().Be((768, 8, 15.55f, 21.33f));
    }

    [Fact]
    public void The_adult_tables_load_with_categories_missing_values_and_the_full_stop_of_the_test_file()
    {
        string train = RealData.Table("adult-train.csv.gz"), test = RealData.Table("adult-test.csv.gz");
        ((Action)(() => Dataset.FromCsv(train, ^1))).Should().Throw<InvalidDataException>().WithMessage("*line 15, column 13: the value is missing ('?')*");
        var options = new CsvOptions { Missing = MissingValues.Fill };
        ((Action)(() => Dataset.FromCsv(test, CsvSchema.Fit(train, ^1, options))))
            .Should().Throw<InvalidDataException>().WithMessage("*adult-test.csv.gz, line 1, column 14: the label '<=50K.'*'<=50K', '>50K'*CleanLabel*");

        var schema = CsvSchema.Fit(train, ^1, options with { CleanLabel = label => label.TrimEnd('.') });
        Dataset trained = Dataset.FromCsv(train, schema), tested = Dataset.FromCsv(test, schema);
        (trained.Inputs.Rows, Counts(trained)).Should().Be((32561, "24720,7841"));
        (tested.Inputs.Rows, Counts(tested)).Should().Be((16281, "12435,3846"));

        // 6 columns of numbers; 8, 16, 7, 14, 6, 5, 2 and 41 categories.
        (trained.InputSize, tested.InputSize).Should().Be((105, 105));
    }

    private static string Counts(Dataset data)
    {
        int[] counts = new int[data.TargetSize];
        foreach (int label in data.Labels)
        {
            counts[label]++;
        }

        return string.Join(',', counts);
    }

    [Fact]
    public void A_row_of_a_service_without_a_value_is_refused_by_name()
    {
        var schema = CsvSchema.Fit(File(Flowers), "kind");
        schema.Invoking(own => own.Row("1", null!)).Should().Throw<ArgumentException>().WithMessage("*'width'*null*");
    }

    [Theory]
    [InlineData("\uFEFF\"x\",\"y, and z\"\r\n\"1\",2\r\n3,\"4\"\r\n\r\n")]
    [InlineData("x,\"y, and z\"\n1,2\n3,4")]
    [InlineData("x ,  \"y, and z\"\n 1, 2 \n3,4 \n")]
    public void Marks_quotes_and_line_ends_do_not_change_what_is_read(string text)
    {
        Dataset data = Dataset.FromCsv(File(text), "y, and z");
        data.InputNames.Should().Equal("x");
        data.Inputs.Span.ToArray().Should().Equal(1, 3);
        data.Targets.Span.ToArray().Should().Equal(2, 4);
    }

    private string File(string text) => _folder.Write("table.csv", text);

    private FluentAssertions.Specialized.ExceptionAssertions<InvalidDataException> Refused(string text, CsvColumns target, CsvOptions? options = null)
    {
        string path = File(text);
        return ((Action)(() => Dataset.FromCsv(path, target, options))).Should().Throw<InvalidDataException>();
    }
}
