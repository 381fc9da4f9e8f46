namespace NeuralTrain.Tests.Tables;

public sealed class SchemaTests
{
    private static readonly string People = "id,age,city,member,since,income\n" + string.Concat(Enumerable.Range(0, 60).Select(i =>
        $"{1000 + i},{(i % 7 == 3 ? "" : (20 + (i * 13 % 41)).ToString(System.Globalization.CultureInfo.InvariantCulture))},{"Berlin Hamburg Ulm".Split(' ')[i * 7 % 3]},{(i % 4 == 1 ? "True" : "false")},20{10 + (i % 12)}-0{1 + (i % 9)}-11,{(i * i % 5 > 1 ? "high" : "low")}\n"));

    [Fact]
    public void Kinds_and_roles_are_inferred_with_reasons()
    {
        TableSchema schema = CsvTests.Read(People).InferSchema("income");
        schema.Columns.Select(column => column.ToString()).Should().Equal(
            "id (number, ignored)", "age (number, input)", "city (category, input)", "member (flag, input)", "since (date, input)", "income (category, target)");
        schema.Columns.Select(column => column.Reason).Should().Equal(
            "counts the rows", "numbers from 20 to 60", "3 different texts", "true and false", "dates as yyyy-MM-dd", "2 different texts");
        schema.Classes.Should().Equal("high", "low");
        schema.ToString().Should().StartWith("column  kind      role     as").And.Contain("income  category  target   probability of low");
    }

    [Fact]
    public void It_is_changed_by_name_and_what_was_chosen_is_settled()
    {
        TableSchema schema = CsvTests.Read(People).InferSchema("income");
        schema.Findings.Select(finding => finding.Code).Should().Equal("NT102");
        schema["id"].AsNumber().Role.Should().Be(ColumnRole.Input);
        schema.Findings.Should().BeEmpty();
        schema["city"].Embed(3).EmbeddingSize.Should().Be(3);
        schema["city"].OneHot().EmbeddingSize.Should().Be(0);
        schema["age"].AsCategory().Categories.Should().HaveCountGreaterThan(20);
        schema["income"].Target(positive: "high");
        schema["income"].AsCategory();
        schema.Classes.Should().Equal("low", "high");
        ((Action)(() => schema["income"].Target(positive: "middle"))).Should().Throw<ArgumentException>().WithMessage("*'middle'*'low'*");
        ((Action)(() => schema["city"].AsNumber())).Should().Throw<InvalidDataException>().WithMessage("Column 'city' is taken for numbers, but row 0 (from 0) has 'Berlin'*");
        ((Action)(() => schema["town"].Ignore())).Should().Throw<ArgumentException>().WithMessage("*no column 'town'*'id', 'age', 'city'*");
    }

    [Theory]
    [InlineData("a,y\n01/02/2024,1\n03/04/2024,2\n", "NT101", "*'01/02/2024' could be a date as dd/MM/yyyy or as MM/dd/yyyy*AsDate(*")]
    [InlineData("a,y\n1,1\n2,2\n1O,3\n", "NT101", "*2 of its 3 different values are numbers, but '1O' in line 4 is not*")]
    [InlineData("a,y\nYes,1\nyes,2\n", "NT101", "*'Yes' and 'yes' differ only in upper and lower case*")]
    [InlineData("a,y\n12 %,1\n13 %,2\n", "NT101", "*'12 %' looks like a number*")]
    [InlineData("a,y\n€5,1\n€6,2\n", "NT101", "*'€5' looks like a number*")]
    [InlineData("a,y\n12:30,1\n12:31,2\n", "NT101", "*'12:30' looks like a date or a time*")]
    public void A_column_that_needs_a_decision_is_refused_until_it_is_made(string text, string code, string message)
    {
        Table table = CsvTests.Read(text, new CsvOptions { HasHeader = true });
        TableSchema schema = table.InferSchema("y");
        schema.Findings.Select(finding => finding.Code).Should().Contain(code);
        ((Action)(() => schema.Encode(table))).Should().Throw<InvalidDataException>().WithMessage("The schema needs a decision first*column 'a'*").WithMessage(message);
        schema["a"].Ignore();
        schema.Findings.Should().NotContain(finding => finding.Code == code);
        schema["a"].Input();
        schema.Findings.Should().Contain(finding => finding.Code == code, "to take it in says nothing of what it is");
        schema["a"].AsCategory();
        schema.Encode(table).InputSize.Should().BeGreaterThan(1);
        TableSchema without = CsvTests.Read(text.Replace(",y", ",y,z", StringComparison.Ordinal).Replace("1\n", "1,5\n", StringComparison.Ordinal).Replace("2\n", "2,7\n", StringComparison.Ordinal).Replace("3\n", "3,6\n", StringComparison.Ordinal), new CsvOptions { HasHeader = true }).InferSchema("y");
        without["a"].Ignore();
        without.Findings.Should().NotContain(finding => finding.Code == "NT101");
    }

    [Theory]
    [InlineData("1O", 1)]
    [InlineData("12 %", 1)]
    [InlineData("2024-02-30", 2)]
    [InlineData("02/03/2024", 3)]
    public void Numbers_and_dates_that_are_nearly_all_different_and_not_all_readable_need_a_decision_too(string odd, int kind)
    {
        string Value(int i) => kind switch { 1 => $"{i * 7 % 11_003}", 2 => $"{new DateTime(1990, 1, 1).AddDays(i):yyyy-MM-dd}", _ => $"0{1 + (i % 9)}/0{1 + (i / 9 % 9)}/{1900 + (i / 81)}" };
        Table table = CsvTests.Read("a,n,y\n" + string.Concat(Enumerable.Range(0, 11_000).Select(i => $"{(i == 20 ? odd : Value(i))},name {i},{i * i % 101}\n")));
        TableSchema schema = table.InferSchema("y");
        schema.Findings.Select(finding => (finding.Code, finding.Place)).Should().Equal(("NT101", "a"), ("NT102", "n"));
        schema.ToString().Should().Contain("NT101").And.Contain("NT102");
        ((Action)(() => TableModel.Fit(table, schema, new Random(1)))).Should().Throw<InvalidDataException>().WithMessage("The schema needs a decision first*column 'a'*");
        schema.Scaling = NumberScaling.Standard;
        schema["a"].Ignore();
        schema.Findings.Select(finding => finding.Code).Should().Equal("NT102");
    }

    [Fact]
    public void What_was_found_about_columns_and_not_settled_is_told_with_the_model()
    {
        Table table = CsvTests.Read("n,x,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"name {i},{i * 7 % 31},{i * i % 101}\n")));
        TableSchema schema = table.InferSchema("y");
        var quick = new TableFitOptions { Hidden = [4], Epochs = 1 };
        TableModel.Fit(table, schema, new Random(1), quick).Explain().Should().Contain("NT102").And.Contain("'n' has 40 different texts in 40 rows, which looks like names, and is ignored");
        schema["n"].Ignore();
        TableModel.Fit(table, schema, new Random(1), quick).Explain().Should().NotContain("NT102");
    }

    [Theory]
    [InlineData("gaps", "rises with the rows")]
    [InlineData("nearly", "rises with the rows")]
    [InlineData("missing", "rises with the rows")]
    [InlineData("shuffled", "numbers the rows")]
    [InlineData("counted", "counts the rows")]
    [InlineData("fractions", null)]
    [InlineData("spread", null)]
    [InlineData("repeated", null)]
    public void Whole_numbers_given_to_rows_one_by_one_are_no_input(string kind, string? reason)
    {
        string Value(int i) => kind switch
        {
            "gaps" => $"{1000 + (7 * i) + (i % 3)}",
            "nearly" => $"{1000 + (7 * (i - (i % 20 == 7 ? 1 : 0)))}",
            "missing" => i % 9 == 4 ? "" : $"{1000 + (7 * i)}",
            "shuffled" => $"{1000 + (3 * (i * 101 % 300) / 2)}",
            "counted" => $"{7 + i}",
            "fractions" => $"{1000 + i}.5",
            "spread" => $"{i * 7919 % 100_003}",
            _ => $"{1000 + (i / 2)}",
        };
        Table table = CsvTests.Read("a,x,y\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{Value(i)},{i * 7 % 31},{i * i % 101}\n")));
        TableSchema schema = table.InferSchema("y");
        schema["a"].Role.Should().Be(reason is null ? ColumnRole.Input : ColumnRole.Ignored);
        schema.Findings.Count(finding => finding.Code == "NT102" && finding.Message == $"column 'a' {reason}, as identifiers do, and is ignored").Should().Be(reason is null ? 0 : 1);
        schema["a"].AsNumber().Role.Should().Be(ColumnRole.Input);
        schema.Findings.Should().NotContain(finding => finding.Code == "NT102");
    }

    [Fact]
    public void A_date_in_a_chosen_form_is_read_in_it()
    {
        Table table = CsvTests.Read("d,x,y\n01/02/2024,1,1\n03/04/2024,5,2\n");
        TableSchema schema = table.InferSchema("y");
        schema["d"].AsDate("dd/MM/yyyy");
        schema.Scaling = NumberScaling.None;
        schema.Encode(table).Inputs[0, 0].Should().Be((float)(new DateTime(2024, 2, 1) - DateTime.UnixEpoch).TotalDays);
    }

    [Fact]
    public void Suspicious_columns_become_findings()
    {
        string text = "name,same,grade,copy,twice,y\n" + string.Concat(Enumerable.Range(0, 250).Select(i => $"n{i}x,7,{1 + (i * 11 % 4)},{i * i % 101},{2 * (i * i % 101) + 3},{i * i % 101}\n"));
        TableSchema schema = CsvTests.Read(text).InferSchema("y");
        schema.Findings.Select(finding => (finding.Code, finding.Place)).Should().BeEquivalentTo([
            ("NT102", "name"), ("NT103", "same"), ("NT106", "grade"), ("NT105", "copy"), ("NT105", "twice")]);
        schema["name"].Role.Should().Be(ColumnRole.Ignored);
        schema["same"].Role.Should().Be(ColumnRole.Ignored);
        CsvTests.Read("x,y\n1,1\n2,3\n5,2\n").InferSchema("y").Findings.Select(finding => finding.Code).Should().Equal("NT104");
    }

    [Fact]
    public void Columns_are_found_by_name_in_any_order_and_others_are_refused_by_name()
    {
        Table table = CsvTests.Read("a,b,y\n1,red,1\n2,blue,2\n4,red,3\n");
        TableSchema schema = table.InferSchema("y");
        schema.Encode(CsvTests.Read("y,b,a\n1,red,1\n2,blue,2\n4,red,3\n")).Inputs.Span.ToArray().Should().NotEqual(schema.Encode(table).Targets.Span.ToArray());
        Action Encode(string text) => () => schema.Encode(CsvTests.Read(text, new CsvOptions { HasHeader = true }));
        Encode("a,c,y\n1,2,3\n").Should().Throw<InvalidDataException>().WithMessage("*lacks 'b'*has 'c', which the schema does not know*");
        Encode("a,b,y\nx,red,3\n").Should().Throw<InvalidDataException>().WithMessage("Column 'a', row 0 (from 0), expects a number, received 'x'.");
        Encode("a,b,y\n1,red,3\n,red,3\n").Should().Throw<InvalidDataException>().WithMessage("Column 'a', row 1 (from 0), has no value, and the training data had one in every row.");
        Encode("a,b,y\n1,red,\n").Should().Throw<InvalidDataException>().WithMessage("Target 'y', row 0 (from 0), has no value*DropMissing*");
        TableSchema classes = CsvTests.Read("a,y\n1,cat\n2,dog\n").InferSchema("y");
        ((Action)(() => classes.Encode(CsvTests.Read("a,y\n1,cow\n")))).Should().Throw<InvalidDataException>().WithMessage("*is 'cow', which is none of the classes 'cat', 'dog'*");
    }

    [Fact]
    public void A_schema_without_target_or_input_and_odd_targets_are_refused()
    {
        Table table = CsvTests.Read("a,b,y\n1,red,1\n2,blue,2\n4,red,3\n");
        ((Action)(() => table.InferSchema([]).Encode(table))).Should().Throw<InvalidOperationException>().WithMessage("*no target*");
        ((Action)(() => table.InferSchema(["a", "b"]).Encode(table))).Should().Throw<InvalidOperationException>().WithMessage("*'b' is a category*");
        TableSchema none = table.InferSchema("y");
        none["a"].Ignore();
        none["b"].Ignore();
        ((Action)(() => none.Encode(table))).Should().Throw<InvalidOperationException>().WithMessage("*no input*");
        ((Action)(() => CsvTests.Read("a,y\n1,x\n2,x\n").InferSchema("y"))).Should().Throw<InvalidDataException>().WithMessage("*'y' is a target, but all rows are of the class 'x'*");
    }
}
