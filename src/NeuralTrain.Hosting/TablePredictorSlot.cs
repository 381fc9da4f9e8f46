using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;

namespace NeuralTrain;

/// <summary>Holds the current <see cref="TablePredictor"/> of a service, which can be replaced while requests run, and reports what it predicts.</summary>
/// <remarks>
/// <para>
/// A request finishes with the predictor it started with. Each call is counted and timed by the meter <c>NeuralTrain</c>, and is an activity of the source of this name.
/// </para>
/// <para>
/// A route handler that takes a slot answers 400 to fields that do not fit the model, with a problem for each by its name (<c>HttpValidationProblemDetails</c>): the slot adds an endpoint filter to its route.
/// </para>
/// <code>
/// app.MapPost("/income", ([FromKeyedServices("income")] TablePredictorSlot slot, JsonObject person) => slot.Predict(person));
/// </code>
/// </remarks>
public sealed partial class TablePredictorSlot : IEndpointParameterMetadataProvider
{
    // Enough to put a request right, and no answer is longer than the request by much.
    private const int MostProblems = 100;

    private const string NoObject = "expects an object of named fields";

    private readonly Lock _swapping = new();
    private volatile TablePredictor _current;

    /// <summary>Starts with a first predictor.</summary>
    /// <param name="predictor">The value of <see cref="Current"/> until the first <see cref="Swap"/>.</param>
    /// <param name="name">The name that telemetry gives it. Default empty.</param>
    public TablePredictorSlot(TablePredictor predictor, string name = "")
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(name);
        (_current, Name) = (predictor, name);
    }

    /// <summary>The name that telemetry gives it.</summary>
    public string Name { get; }

    /// <summary>The current predictor; for any number of threads.</summary>
    public TablePredictor Current => _current;

    /// <summary>Replaces the predictor for all requests that begin from now on.</summary>
    /// <param name="next">The new one. Categories of inputs may be others; columns, kinds, roles, classes and the form of dates must be the same.</param>
    /// <returns>The previous one.</returns>
    /// <exception cref="ArgumentException">The new one has another schema, which the message describes; the current one stays.</exception>
    public TablePredictor Swap(TablePredictor next)
    {
        ArgumentNullException.ThrowIfNull(next);
        lock (_swapping)
        {
            TablePredictor before = _current;
            string[] differences = [.. Differences(before, next)];
            if (differences.Length > 0)
            {
                throw new ArgumentException(
                    $"The model has another schema than the one that requests rely on: {string.Join("; ", differences.Take(10))}. Serve it under a different name, or restart the service with it.");
            }

            _current = next;
            return before;
        }
    }

    /// <summary>Predicts from a JSON object, from a dictionary of names and values, or from the public properties of an object.</summary>
    /// <typeparam name="T">A <see cref="JsonObject"/>, a dictionary, or a class such as a record.</typeparam>
    /// <param name="row">The fields, by name in any order.</param>
    /// <exception cref="TableRowException">A field is unknown, missing, twice, or of another kind; <see cref="TableRowException.Problems"/> names it.</exception>
    /// <exception cref="NotFiniteNumberException">The network overflows: the numbers are far from any it was trained on.</exception>
    public TablePrediction Predict<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(T row)
        where T : class
    {
        using var call = new PredictionCall(Name);
        try
        {
            return call.Answer(row is JsonNode and not JsonObject ? throw new TableRowException(NoObject) : _current.Predict(row));
        }
        catch (Exception problem) when (Refusal.Is(problem))
        {
            call.Refuse();
            throw;
        }
    }

    /// <summary>Predicts an array of JSON objects, all of them with the same predictor.</summary>
    /// <param name="rows">The objects.</param>
    /// <returns>A prediction for each.</returns>
    /// <exception cref="TableRowException">Fields do not fit the model; <see cref="TableRowException.Problems"/> names them with their row, as <c>[3].age</c>.</exception>
    public IReadOnlyList<TablePrediction> Predict(JsonArray rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var call = new PredictionCall(Name);
        TablePredictor predictor = _current;
        var answers = new List<TablePrediction>(rows.Count);
        var problems = new Dictionary<string, string>();
        for (int i = 0; i < rows.Count && problems.Count < MostProblems; i++)
        {
            try
            {
                answers.Add(rows[i] is JsonObject row ? predictor.Predict(row) : throw new TableRowException(NoObject));
            }
            catch (Exception problem) when (Refusal.Is(problem))
            {
                call.Refuse();
                foreach ((string field, string text) in Refusal.Problems(problem, whole: "")) problems.TryAdd(field.Length > 0 ? $"[{i}].{field}" : $"[{i}]", text);
            }
        }

        if (problems.Count > 0) throw new TableRowException(problems);
        foreach (TablePrediction answer in answers) call.Answer(answer);
        return answers;
    }

    /// <summary>Adds the answer 400 to a route whose handler takes a slot.</summary>
    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => Refusal.AddTo(builder);

    private static IEnumerable<string> Differences(TablePredictor before, TablePredictor next)
    {
        Dictionary<string, ColumnSchema> columns = next.Schema.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        IReadOnlyDictionary<string, string> formsBefore = Forms(before), forms = Forms(next);
        foreach (ColumnSchema old in before.Schema.Columns)
        {
            if (!columns.Remove(old.Name, out ColumnSchema? column)) yield return $"column '{Guard.Shorten(old.Name)}' is missing";
            else if (column.Role != old.Role || (column.Kind != old.Kind && old.Role != ColumnRole.Ignored)) yield return $"column {old} is now {column}";
            else if (old.Role == ColumnRole.Input && old.IsOptional && !column.IsOptional) yield return $"column '{Guard.Shorten(old.Name)}' was optional, and now needs a value in every row";
            else if (old.Role == ColumnRole.Target && !column.Categories.SequenceEqual(old.Categories, StringComparer.Ordinal))
            {
                yield return $"the classes of '{Guard.Shorten(old.Name)}' are {Guard.Names(column.Categories)} instead of {Guard.Names(old.Categories)}";
            }
            else if (forms.GetValueOrDefault(old.Name) is string form && formsBefore.GetValueOrDefault(old.Name) is string formBefore && form != formBefore)
            {
                yield return $"column '{Guard.Shorten(old.Name)}' now {form}, and before it {formBefore}";
            }
        }

        foreach (ColumnSchema added in columns.Values) yield return $"column {added} is new";
        string[] targetsBefore = [.. before.Schema.Targets.Select(target => target.Name)], targets = [.. next.Schema.Targets.Select(target => target.Name)];
        if (!targets.SequenceEqual(targetsBefore, StringComparer.Ordinal)) yield return $"the targets are {Guard.Names(targets)} instead of {Guard.Names(targetsBefore)}";
    }

    // How a predictor reads texts, as "expects a date as 'dd/MM/yyyy'": what it says of one that is neither a number, nor a date, nor a flag. Every predictor reads dates of ISO 8601, so all its forms are one.
    private static Dictionary<string, string> Forms(TablePredictor predictor)
    {
        const string Odd = "form 1";
        string[] read = [.. predictor.Schema.Columns.Where(column => column.Role == ColumnRole.Input && column.Kind != ColumnKind.Category).Select(column => column.Name)];
        if (read.Length == 0) return [];
        try
        {
            predictor.Predict(read.Select(name => KeyValuePair.Create<string, object?>(name, Odd)));
            return [];
        }
        catch (TableRowException problem)
        {
            return read.Where(problem.Problems.ContainsKey).ToDictionary(
                name => name, name => IsoForm().Replace(problem.Problems[name].Replace($", received '{Odd}'", "", StringComparison.Ordinal), "'yyyy-MM-dd'"), StringComparer.Ordinal);
        }
    }

    [GeneratedRegex("'yyyy-MM-dd[T H:msFK.]*'")]
    private static partial Regex IsoForm();
}
