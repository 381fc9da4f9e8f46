using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace NeuralTrain;

/// <summary>What the sender can put right, as the answer 400.</summary>
internal static class Refusal
{
    /// <summary>Whether a failure comes from the fields that were sent.</summary>
    public static bool Is(Exception problem) => problem is TableRowException or NotFiniteNumberException;

    /// <summary>What is wrong, by the name of the field.</summary>
    /// <param name="problem">The failure.</param>
    /// <param name="whole">The name for what concerns the row as a whole.</param>
    public static IEnumerable<KeyValuePair<string, string>> Problems(Exception problem, string whole) =>
        problem is TableRowException { Problems: { Count: > 0 } fields } ? fields : [new(whole, problem.Message)];

    /// <summary>Makes a route answer 400, and describe that it does.</summary>
    public static void AddTo(EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(HttpValidationProblemDetails), ["application/problem+json"]));
        builder.FilterFactories.Add((_, next) => async context =>
        {
            try
            {
                return await next(context);
            }
            catch (Exception problem) when (Is(problem))
            {
                return TypedResults.ValidationProblem(
                    Problems(problem, whole: "$").ToDictionary(field => field.Key, field => (string[])[field.Value]), title: "Fields do not suit the model.");
            }
        });
    }
}
