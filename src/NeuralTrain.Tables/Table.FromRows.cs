using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace NeuralTrain;

/// <content>Tables from objects and queries.</content>
public sealed partial class Table
{
    /// <summary>A table of objects: a column for each public property that holds a number, a text, a flag, a date or an enumeration.</summary>
    /// <typeparam name="T">A class, such as a record. An anonymous type will do.</typeparam>
    /// <param name="rows">The objects, one for each row.</param>
    /// <exception cref="ArgumentException">There are none, one is null, or a property holds something else.</exception>
    public static Table From<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(IEnumerable<T> rows)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(rows);
        (string Name, FieldKind Kind, Func<T, Field> Read)[] properties = RowProperties<T>.All;
        var values = properties.Select(property => new FieldList(property.Name, property.Kind)).ToArray();
        int count = 0;
        foreach (T row in rows)
        {
            if (row is null) throw new ArgumentException($"Row {count} (from 0) is null.", nameof(rows));
            for (int i = 0; i < values.Length; i++) values[i].Add(properties[i].Read(row), count);
            count++;
        }

        return count > 0 ? new Table([.. values.Select(list => list.Build())], count, $"{typeof(T).Name} objects")
            : throw new ArgumentException($"A table needs at least one row, received no {typeof(T).Name}.", nameof(rows));
    }

    /// <summary>A table of the rows of a query: <c>Table.From(command.ExecuteReader())</c>. The reader stays open, at the end of its result.</summary>
    /// <param name="reader">The reader, before its first row.</param>
    /// <exception cref="ArgumentException">There are no rows, or a column holds something other than numbers, texts, flags, dates and unique identifiers.</exception>
    public static Table From(DbDataReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var values = Enumerable.Range(0, reader.FieldCount).Select(i => new FieldList(reader.GetName(i), null)).ToArray();
        int count = 0;
        for (; reader.Read(); count++)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i].Add(Field.Of(reader.GetValue(i)) ?? throw new ArgumentException($"Column '{Guard.Shorten(reader.GetName(i))}' holds {reader.GetFieldType(i)?.Name}, which a table cannot hold. Leave it out of the query, or turn it into a number or a text.", nameof(reader)), count);
            }
        }

        return count > 0 ? new Table([.. values.Select(list => list.Build())], count, "a query") : throw new ArgumentException("The query gave no rows; at least one was expected.", nameof(reader));
    }

    /// <summary>A table of the rows of a <see cref="DataTable"/>.</summary>
    /// <param name="table">The table.</param>
    /// <inheritdoc cref="From(DbDataReader)" path="/exception"/>
    public static Table From(DataTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        using DataTableReader reader = table.CreateDataReader();
        return From(reader);
    }

    // The values of one column, which are all of one kind.
    private sealed class FieldList(string name, FieldKind? known)
    {
        private readonly List<double> _numbers = [];
        private readonly List<string?> _texts = [];
        private FieldKind? _kind = known;

        public void Add(Field field, int row)
        {
            if (field.Kind != FieldKind.Missing && _kind is null)
            {
                _kind = field.Kind;
                if (_kind == FieldKind.Text) _texts.AddRange(new string?[_numbers.Count]);
            }

            if (field.Kind != FieldKind.Missing && field.Kind != _kind) throw new ArgumentException($"Column '{name}' holds {_kind} and, in row {row} (from 0), {field.Kind}. All values of a column are of one kind.");
            if (_kind == FieldKind.Text) _texts.Add(field.Text);
            else _numbers.Add(field.Kind == FieldKind.Missing ? double.NaN : field.Number);
        }

        public TableColumn Build()
        {
            if (_kind != FieldKind.Text) return new TableColumn(name, _kind switch { FieldKind.Flag => ColumnKind.Flag, FieldKind.Date => ColumnKind.Date, _ => ColumnKind.Number }, [.. _numbers]);
            var places = new Dictionary<string, int>(StringComparer.Ordinal);
            int[] codes = new int[_texts.Count];
            for (int i = 0; i < codes.Length; i++)
            {
                codes[i] = -1;
                if (_texts[i] is string text && !places.TryGetValue(text, out codes[i])) places.Add(text, codes[i] = places.Count);
            }

            return new TableColumn(name, codes, [.. places.Keys]);
        }
    }
}
