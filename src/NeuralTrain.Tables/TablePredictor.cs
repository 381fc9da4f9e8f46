using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NeuralTrain;

/// <summary>A trained table model for use in a service: named fields in; a class with its probability, or numbers in their own units, out.</summary>
/// <remarks>
/// <para>
/// It never changes, and any number of threads may use one at once. Fields are found by name: exactly, or else ignoring case, spaces, underscores and hyphens inside a word, so that
/// <c>NativeCountry</c> is <c>native-country</c>. A field that the model does not know, or that is missing although the training data always had it, is refused by name
/// (<see cref="TableRowException"/>); target, weight and ignored columns may be there. A category that the training data did not have is no error, and neither is a number far from theirs:
/// <see cref="TablePrediction.UnknownCategories"/> and <see cref="TablePrediction.Unfamiliar"/> name their columns.
/// </para>
/// <code>
/// TablePredictor predictor = TablePredictor.Load("income.safetensors");
/// TablePrediction answer = predictor.Predict(new Person { Age = 39, Workclass = "State-gov" });
/// </code>
/// </remarks>
public sealed partial class TablePredictor
{
    // So many fields say what is wrong; a sender of more is not answered with all of them.
    private const int MaxProblems = 100;

    private readonly ColumnEncoder[] _encoders;
    private readonly int[] _places;
    private readonly TableEncoder _rows;
    private readonly ColumnState[] _targets;
    private readonly Predictor _predictor;
    private readonly TableState _state;
    private readonly string[] _classes;

    // The place of a field among the inputs, −1 if it is known but no input.
    private readonly Dictionary<string, int> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _looseFields = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, object> _readers = new();

    internal TablePredictor(TableState state, Sequential network, OutputKind outputKind)
    {
        _state = state;
        Schema = new TableSchema(state.Columns.Select(column => (column, (string?)null)), source: null, state.Scaling, []);
        _encoders = Schema.Encoders(ColumnRole.Input);
        _rows = new TableEncoder(Schema);
        _places = new int[_encoders.Length];
        for (int i = 1; i < _encoders.Length; i++) _places[i] = _places[i - 1] + _encoders[i - 1].Width;
        _targets = [.. Schema.Targets.Select(target => target.State)];
        _classes = [.. Schema.Classes];
        _predictor = new Predictor(network, outputKind);
        int expected = _classes.Length == 2 ? 1 : _classes.Length > 0 ? _classes.Length : state.HasQuantiles ? 3 * _targets.Length : _targets.Length;
        OutputKind expectedKind = _classes.Length switch { 0 => OutputKind.Values, 2 => OutputKind.BinaryScores, _ => OutputKind.ClassScores };
        int inputs = _encoders.Sum(encoder => encoder.Width);
        if (_predictor.InputSize != inputs || _predictor.OutputSize != expected || outputKind != expectedKind)
        {
            throw new InvalidDataException(
                $"The network and the schema do not fit together: the schema gives {inputs} inputs and expects {expected} outputs as {expectedKind}, the network takes {_predictor.InputSize} and gives {_predictor.OutputSize} as {outputKind}.");
        }

        int place = 0;
        foreach (ColumnSchema column in Schema.Columns) _fields.Add(column.Name, column.Role == ColumnRole.Input ? place++ : -1);
        foreach (var group in _fields.GroupBy(pair => Loose(pair.Key), StringComparer.Ordinal).Where(group => group.Key.Length > 0 && group.Count() == 1)) _looseFields.Add(group.Key, group.First().Value);
    }

    /// <summary>The columns, with what the model makes of them; it cannot be changed.</summary>
    public TableSchema Schema { get; }

    /// <summary>The classes, of two the negative first; empty if numbers are predicted.</summary>
    public IReadOnlyList<string> Classes => _classes;

    /// <summary>The number of values a prediction writes into your own memory: the probability of each class, or the number of each target.</summary>
    public int OutputSize => _classes.Length > 0 ? _classes.Length : _targets.Length;

    /// <summary>Predicts from the public properties of an object, or from the fields of a dictionary.</summary>
    /// <typeparam name="T">A class, such as a record or an anonymous type; a dictionary with texts as keys, whatever its values; or a <see cref="JsonObject"/>.</typeparam>
    /// <param name="row">The object.</param>
    /// <exception cref="ArgumentException">The type has no public properties, or one that no column can hold.</exception>
    /// <exception cref="TableRowException">A field is unknown, missing, or of another kind; <see cref="TableRowException.Problems"/> names it.</exception>
    public TablePrediction Predict<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(T row)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(row);
        if (FieldsOf(row) is { } fields) return Predict(fields);
        Func<T, Field>?[] readers = Readers<T>();
        return Predict(i => readers[i] is { } read ? read(row) : Field.Missing);
    }

    /// <summary>Predicts from named values: numbers, texts, flags, dates; null for what is missing.</summary>
    /// <param name="fields">The fields, such as a dictionary.</param>
    /// <exception cref="TableRowException">A field is unknown, missing, twice, or of another kind; <see cref="TableRowException.Problems"/> names it.</exception>
    public TablePrediction Predict(IEnumerable<KeyValuePair<string, object?>> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Field[] row = Named(fields, out Dictionary<string, string>? problems);
        return Predict(i => row[i], problems);
    }

    /// <summary>Predicts from a JSON object: numbers, texts, true and false; null for what is missing.</summary>
    /// <param name="fields">The object, as it came from the sender.</param>
    /// <exception cref="TableRowException">A field is unknown, missing, twice, or of another kind; <see cref="TableRowException.Problems"/> names it.</exception>
    public TablePrediction Predict(JsonObject fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return Predict(FieldsOf(fields)!);
    }

    /// <summary>Predicts all rows of a table.</summary>
    /// <param name="table">A table with the columns of the model, in any order; the target need not be there.</param>
    /// <returns>A prediction for each row.</returns>
    /// <exception cref="InvalidDataException">A column is missing or unknown, or a value does not fit its column; the message names column and row.</exception>
    public IReadOnlyList<TablePrediction> Predict(Table table)
    {
        Schema.CheckColumns(table, needsTargets: false);
        if (table.Rows == 0) return [];
        var found = new List<(int Row, string Column, Novelty Kind)>();
        Matrix outputs = _predictor.Predict(_rows.Inputs(table, novelties: found));
        ILookup<int, (string, Novelty)> byRow = found.ToLookup(one => one.Row, one => (one.Column, one.Kind));
        return [.. Enumerable.Range(0, outputs.Rows).Select(row => Answer(outputs.Row(row), byRow.Contains(row) ? [.. byRow[row]] : []))];
    }

    /// <summary>Predicts from the public properties of an object into your own memory, and allocates nothing once the type is known.</summary>
    /// <typeparam name="T">A class, such as a record; dictionaries and a <see cref="JsonObject"/> allocate.</typeparam>
    /// <param name="row">The object.</param>
    /// <param name="outputs">Receives <see cref="OutputSize"/> numbers: the probability of each class of <see cref="Classes"/>, or the number of each target in its own units.</param>
    /// <exception cref="ArgumentException">The outputs have another length, or the type has no public properties, or one that no column can hold.</exception>
    /// <exception cref="TableRowException">A field is unknown, missing, or of another kind; <see cref="TableRowException.Problems"/> names it.</exception>
    public void Predict<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(T row, Span<float> outputs)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(row);
        if (outputs.Length != OutputSize) throw new ArgumentException($"The outputs must be {OutputSize} numbers, received {outputs.Length}. Pass memory of that size.", nameof(outputs));
        IEnumerable<KeyValuePair<string, object?>>? fields = FieldsOf(row);
        Func<T, Field>?[] readers = fields is null ? Readers<T>() : [];
        float[] rented = ArrayPool<float>.Shared.Rent(_predictor.InputSize + _predictor.OutputSize);
        try
        {
            Span<float> inputs = rented.AsSpan(0, _predictor.InputSize), raw = rented.AsSpan(_predictor.InputSize, _predictor.OutputSize);
            if (fields is not null) EncodeNamed(fields, inputs);
            for (int i = 0; i < readers.Length; i++)
            {
                Field field = readers[i] is { } read ? read(row) : Field.Missing;
                string? problem = _encoders[i].Write(field, inputs.Slice(_places[i], _encoders[i].Width), out _);
                if (problem is not null) throw new TableRowException(new Dictionary<string, string> { [_encoders[i].Name] = problem });
            }

            _predictor.Predict(inputs, raw);
            if (_classes.Length == 2) (outputs[0], outputs[1]) = (1 - raw[0], raw[0]);
            else if (_classes.Length > 0) raw.CopyTo(outputs);
            else for (int i = 0; i < outputs.Length; i++) outputs[i] = (float)Schema.InUnits(_targets[i], raw[i]);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    /// <summary>What it predicts from how many columns.</summary>
    public override string ToString() => FormattableString.Invariant($"TablePredictor({_encoders.Length} columns → {(_classes.Length > 0 ? string.Join(", ", _classes.Take(10).Select(text => Guard.Shorten(text))) : string.Join(", ", _targets.Select(target => Guard.Shorten(target.Name))))})");

    // Without case, spaces, underscores and hyphens between two letters or digits; a sign that stands elsewhere, as in m² and Temp+, tells another quantity.
    private static string Loose(string name) => string.Concat(name.Where((letter, i) => !(char.IsWhiteSpace(letter) || letter == '_'
        || (letter == '-' && i > 0 && i < name.Length - 1 && char.IsLetterOrDigit(name[i - 1]) && char.IsLetterOrDigit(name[i + 1]))))).ToUpperInvariant();

    // The fields of an object that is no typed row but holds values by names; null for a typed row.
    private static IEnumerable<KeyValuePair<string, object?>>? FieldsOf(object row) => row switch
    {
        string => null,
        JsonObject fields => FieldsOf(fields),
        IEnumerable<KeyValuePair<string, object?>> fields => fields,
        IEnumerable<KeyValuePair<string, JsonElement>> fields => fields.Select(field => KeyValuePair.Create(field.Key, (object?)field.Value)),
        IEnumerable<KeyValuePair<string, string?>> fields => fields.Select(field => KeyValuePair.Create(field.Key, (object?)field.Value)),
        IEnumerable<KeyValuePair<string, double>> fields => fields.Select(field => KeyValuePair.Create(field.Key, (object?)field.Value)),
        IDictionary fields => FieldsOf(fields),
        IEnumerable => throw new TableRowException($"A {row.GetType().Name} is a list and no row. Pass one row, as an object or as values by the names of their columns."),
        _ => null,
    };

    private static IEnumerable<KeyValuePair<string, object?>> FieldsOf(IDictionary fields) => fields.Keys.Cast<object>().Select(key => KeyValuePair.Create(
        key as string ?? throw new TableRowException($"The keys of a {fields.GetType().Name} are no texts. Pass the values by the names of their columns."), fields[key]));

    private static KeyValuePair<string, object?>[] FieldsOf(JsonObject fields)
    {
        try
        {
            return [.. fields.Select(field => KeyValuePair.Create(field.Key, (object?)field.Value))];
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException)
        {
            // JSON is read as it is needed: here names that are there twice, or hold halves of letters, come to light.
            throw new TableRowException($"The object cannot be read: {problem.Message}", problem);
        }
    }

    private static Field? Convert(object? value) => value switch
    {
        JsonElement element => OfJson(element),
        JsonValue json when json.TryGetValue(out JsonElement element) => OfJson(element),
        JsonValue json => json.TryGetValue(out object? inside) && Field.Of(inside) is Field field ? field : OfJson(JsonElement.Parse(json.ToJsonString())),
        _ => Field.Of(value),
    };

    private static Field? OfJson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => Field.Missing,
        JsonValueKind.String => Field.OfText(element.GetString()),
        JsonValueKind.True => Field.OfFlag(true),
        JsonValueKind.False => Field.OfFlag(false),
        JsonValueKind.Number => Field.OfDigits(element.GetRawText()),
        _ => null,
    };

    private static void Add(ref Dictionary<string, string>? problems, string name, string problem)
    {
        problems ??= [];
        if (problems.Count < MaxProblems) problems.TryAdd(name, problem);
    }

    private Field[] Named(IEnumerable<KeyValuePair<string, object?>> fields, out Dictionary<string, string>? problems)
    {
        var row = new Field[_encoders.Length];
        bool[] isGiven = new bool[row.Length];
        problems = null;
        foreach ((string? name, object? value) in fields)
        {
            if (name is null) Add(ref problems, "", "is null, which names no column");
            else if (!TryFind(name, out int place)) Add(ref problems, name, "is not a column of the model");
            else if (place < 0) continue;
            else if (isGiven[place]) Add(ref problems, name, "is given twice");
            else if (Read(value, out string? unreadable) is Field field) (row[place], isGiven[place]) = (field, true);
            else Add(ref problems, name, unreadable ?? $"expects a {TableColumn.Word(_encoders[place].State.Kind)}, received something that is neither a number that fits, nor a text, a flag or a date");
        }

        return row;

        // JSON is read as it is needed: halves of letters, and documents that are disposed, come to light here.
        static Field? Read(object? value, out string? problem)
        {
            problem = null;
            try
            {
                return Convert(value);
            }
            catch (Exception unreadable) when (unreadable is InvalidOperationException or ArgumentException or JsonException or NotSupportedException)
            {
                problem = $"cannot be read: {unreadable.Message}";
                return null;
            }
        }
    }

    private TablePrediction Predict(Func<int, Field> fieldOf, Dictionary<string, string>? problems = null)
    {
        float[] inputs = new float[_predictor.InputSize];
        List<(string Column, Novelty Kind)> novelties = Encode(fieldOf, problems, inputs);
        return Answer(_predictor.Predict(inputs), novelties);
    }

    // Apart, so that a typed row needs no function on the heap.
    private void EncodeNamed(IEnumerable<KeyValuePair<string, object?>> fields, Span<float> inputs)
    {
        Field[] named = Named(fields, out Dictionary<string, string>? problems);
        Encode(i => named[i], problems, inputs);
    }

    // What is unlike the training data.
    private List<(string Column, Novelty Kind)> Encode(Func<int, Field> fieldOf, Dictionary<string, string>? problems, Span<float> inputs)
    {
        List<(string, Novelty)> novelties = [];
        for (int i = 0; i < _encoders.Length; i++)
        {
            if (_encoders[i].Write(fieldOf(i), inputs.Slice(_places[i], _encoders[i].Width), out Novelty novelty) is string problem) Add(ref problems, _encoders[i].Name, problem);
            if (novelty != Novelty.None) novelties.Add((_encoders[i].Name, novelty));
        }

        return problems is null ? novelties : throw new TableRowException(problems);
    }

    private TablePrediction Answer(ReadOnlySpan<float> outputs, List<(string Column, Novelty Kind)> novelties)
    {
        string[] unknown = Columns(Novelty.UnknownCategory), unfamiliar = Columns(Novelty.Unfamiliar);
        if (_classes.Length == 0)
        {
            var values = new Dictionary<string, TableValue>(_targets.Length, StringComparer.Ordinal);
            for (int i = 0; i < _targets.Length; i++)
            {
                double value = Schema.InUnits(_targets[i], outputs[i]);

                // How far off a prediction is for a value that no held-out row had, nothing tells.
                bool hasInterval = _state.IntervalLevel > 0 && novelties.Count == 0;
                (double low, double high) = hasInterval ? _state.Interval(outputs, i) : default;
                values.Add(_targets[i].Name, hasInterval ? new TableValue(value, Schema.InUnits(_targets[i], low), Schema.InUnits(_targets[i], high)) : new TableValue(value));
            }

            return new TablePrediction(null, null, null, values, unknown, unfamiliar: unfamiliar);
        }

        var probabilities = new Dictionary<string, double>(_classes.Length, StringComparer.Ordinal);
        int label = 0;
        for (int i = 0; i < _classes.Length; i++)
        {
            double probability = _classes.Length > 2 ? outputs[i] : i == 1 ? outputs[0] : 1 - (double)outputs[0];
            probabilities.Add(_classes[i], probability);
            if (_classes.Length > 2 && outputs[i] > outputs[label]) label = i;
        }

        if (_classes.Length == 2) label = outputs[0] >= _state.Threshold ? 1 : 0;
        double chosen = probabilities[_classes[label]];
        return new TablePrediction(_classes[label], chosen, probabilities, null, unknown, chosen < _state.RejectBelow, unfamiliar);

        string[] Columns(Novelty kind) => novelties.Count == 0 ? [] : [.. novelties.Where(one => one.Kind == kind).Select(one => one.Column)];
    }

    private bool TryFind(string name, out int place) => _fields.TryGetValue(name, out place) || _looseFields.TryGetValue(Loose(name), out place);

    // A function for each input; null where the type has no such property.
    private Func<T, Field>?[] Readers<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>()
        where T : class
    {
        if (_readers.TryGetValue(typeof(T), out object? known)) return (Func<T, Field>?[])known;
        var readers = new Func<T, Field>?[_encoders.Length];
        Dictionary<string, string>? problems = null;
        foreach ((string name, _, Func<T, Field> read) in RowProperties<T>.All)
        {
            if (!TryFind(name, out int place)) Add(ref problems, name, "is not a column of the model");
            else if (place >= 0 && readers[place] is not null) Add(ref problems, name, "is given twice");
            else if (place >= 0) readers[place] = read;
        }

        for (int i = 0; i < readers.Length; i++)
        {
            if (readers[i] is null && _encoders[i].RefusesMissing) Add(ref problems, _encoders[i].Name, $"is no property of {typeof(T).Name}, and the training data had a value in every row");
        }

        if (problems is not null) throw new TableRowException(problems);
        _readers.TryAdd(typeof(T), readers);
        return readers;
    }
}
