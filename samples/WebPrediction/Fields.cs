using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace NeuralTrain.Samples;

/// <summary>A field that the model takes, as the page needs it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">Number, Category, Flag or Date.</param>
/// <param name="IsRequired">Whether it needs a value.</param>
/// <param name="Categories">What a category may be.</param>
internal sealed record FieldInfo(string Name, string Kind, bool IsRequired, IReadOnlyList<string> Categories);

/// <summary>What the model takes, from its schema: for the page, and for the OpenAPI document.</summary>
internal static class Fields
{
    /// <summary>The fields, in the order of the table that the model was trained with.</summary>
    public static FieldInfo[] Of(TableSchema schema) =>
        [.. schema.Columns.Where(column => column.Role == ColumnRole.Input).Select(column => new FieldInfo(column.Name, $"{column.Kind}", !column.IsOptional, column.Categories))];

    /// <summary>Writes the fields into the description of an operation: a row, or an array of rows.</summary>
    public static Task Describe(OpenApiOperation operation, TableSchema schema)
    {
        FieldInfo[] fields = Of(schema);
        var row = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = fields.ToDictionary(field => field.Name, IOpenApiSchema (field) => new OpenApiSchema
            {
                Type = field.Kind switch { "Number" => JsonSchemaType.Number, "Flag" => JsonSchemaType.Boolean, _ => JsonSchemaType.String },
                Format = field.Kind == "Date" ? "date" : null,

                // Others are answered too, with the field among the unknown categories: examples, no enumeration.
                Examples = field.Kind == "Category" ? [.. field.Categories.Select(category => JsonValue.Create(category))] : null,
            }),
            Required = fields.Where(field => field.IsRequired).Select(field => field.Name).ToHashSet(),
        };
        operation.Summary = $"Predicts {string.Join(", ", schema.Targets.Select(target => target.Name))} from named fields";
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = new OpenApiSchema { OneOf = [row, new OpenApiSchema { Type = JsonSchemaType.Array, Items = row }] } },
            },
        };
        return Task.CompletedTask;
    }
}
