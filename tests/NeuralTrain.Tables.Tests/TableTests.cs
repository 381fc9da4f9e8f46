using System.Data;

namespace NeuralTrain.Tests.Tables;

public sealed class TableTests
{
    private enum Size
    {
        Small,
        Large,
    }

    [Fact]
    public void Objects_queries_and_data_tables_give_the_same_columns()
    {
        var rows = new[]
        {
            new Row(1.5, "a", true, new DateTime(2024, 1, 2), Size.Large, 3),
            new Row(2.5, null, false, null, Size.Small, null),
        };
        using var data = new DataTable();
        data.Locale = System.Globalization.CultureInfo.InvariantCulture;
        foreach ((string name, Type type) in (ReadOnlySpan<(string, Type)>)[("X", typeof(decimal)), ("Text", typeof(string)), ("Flag", typeof(bool)), ("Date", typeof(DateTime)), ("Size", typeof(string)), ("Count", typeof(int))]) data.Columns.Add(name, type);
        foreach (Row row in rows) data.Rows.Add((decimal)row.X, row.Text ?? (object)DBNull.Value, row.Flag, row.Date ?? (object)DBNull.Value, row.Size.ToString(), row.Count ?? (object)DBNull.Value);
        using DataTableReader reader = data.CreateDataReader();
        foreach (Table table in (Table[])[Table.From(rows), Table.From(data), Table.From(reader)])
        {
            table.Columns.Select(column => (column.Name, column.Kind)).Should().Equal(
                ("X", ColumnKind.Number), ("Text", ColumnKind.Category), ("Flag", ColumnKind.Flag), ("Date", ColumnKind.Date), ("Size", ColumnKind.Category), ("Count", ColumnKind.Number));
            table.Columns.Select(column => column.Value(0)).Should().Equal(1.5, "a", true, new DateTime(2024, 1, 2), "Large", 3.0);
            table.Columns.Select(column => column.Value(1)).Should().Equal(2.5, null, false, null, "Small", null);
        }

        ((Action)(() => Table.From(new[] { new { A = new object() } }))).Should().Throw<ArgumentException>().WithMessage("*A is a Object, which a column cannot hold*");
        ((Action)(() => Table.From(Array.Empty<Row>()))).Should().Throw<ArgumentException>().WithMessage("*at least one row*");
    }

    [Fact]
    public void A_split_and_folds_keep_the_fraction_of_each_class_and_every_row_once()
    {
        Table table = Table.From(Enumerable.Range(0, 103).Select(i => new { Number = i, Kind = i % 10 == 0 ? "rare" : "usual" }));
        var (train, test) = table.Split(0.8, new Random(1), stratifyBy: "Kind");
        (train.Rows, test.Rows).Should().Be((82, 21));
        Count(test, "rare").Should().BeInRange(2, 3);
        CsvTests.Numbers(train["Number"]).Concat(CsvTests.Numbers(test["Number"])).Order().Should().Equal(Enumerable.Range(0, 103).Select(i => (double)i));
        CsvTests.Numbers(train["Number"]).Should().NotBeInAscendingOrder();
        CsvTests.Numbers(table.Split(0.8, new Random(1), "Kind").Test["Number"]).Should().Equal(CsvTests.Numbers(test["Number"]));
        IReadOnlyList<(Table Train, Table Validation)> folds = table.Folds(5, new Random(2), "Kind");
        folds.SelectMany(fold => CsvTests.Numbers(fold.Validation["Number"])).Order().Should().Equal(Enumerable.Range(0, 103).Select(i => (double)i));
        folds.Should().AllSatisfy(fold => Count(fold.Validation, "rare").Should().BeInRange(2, 3));
        folds.Should().AllSatisfy(fold => (fold.Train.Rows + fold.Validation.Rows).Should().Be(103));

        static int Count(Table part, string kind) => CsvTests.Texts(part["Kind"]).Count(text => text == kind);
    }

    [Fact]
    public void Rows_without_a_value_are_dropped_and_texts_replaced()
    {
        Table table = CsvTests.Read("a,b\n1,x.\n,y\n3,\n");
        table.DropMissing("a").Rows.Should().Be(2);
        table.DropMissing().Rows.Should().Be(1);
        CsvTests.Texts(table.ReplaceText("b", text => text == "y" ? null : text.TrimEnd('.'))["b"]).Should().Equal("x", null, null);
    }

    private sealed record Row(double X, string? Text, bool Flag, DateTime? Date, Size Size, int? Count);
}
