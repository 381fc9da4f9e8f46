using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace NeuralTrain;

/// <summary>Errors that the sender can correct, as the answer 400.</summary>
internal static class Refusal
{
    /// <summary>Whether a failure comes from the fields that were sent.</summary>
    public static bool Is(Exception problem) => problem is TableRowException or NotFiniteNumberException;

    /// <summary>Whether it comes from the numbers that were sent to a <see cref="Predictor"/>: there are too few or too many, one is not finite, or a layer refuses one, as an <see cref="Embedding"/> does what is no category.</summary>
    public static bool IsOfNumbers(Exception problem) => Is(problem) || (problem is ArgumentException { ParamName: "features" or "inputs" or "input" } && problem.Source == typeof(Predictor).Assembly.GetName().Name);

    /// <summary>What is wrong, by the name of the field.</summary>
    /// <param name="problem">The failure.</param>
    /// <param name="whole">The name for what concerns the row as a whole.</param>
    public static IEnumerable<KeyValuePair<string, string>> Problems(Exception problem, string whole) =>
        problem is TableRowException { Problems: { Count: > 0 } fields } ? fields : [new(whole, problem.Message)];

    /// <summary>The answer.</summary>
    public static ValidationProblem Answer(Exception problem) => TypedResults.ValidationProblem(
        Problems(problem, whole: "$").ToDictionary(field => field.Key, field => (string[])[field.Value]), title: "Fields do not fit the model.");

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
                return Answer(problem);
            }
        });
    }
}

/// <summary>Makes routes answer 400 whose handlers take a <see cref="PredictorSlot"/>.</summary>
/// <remarks>A <see cref="TablePredictorSlot"/> adds a filter to its own routes; a slot of the core knows nothing of routes, so they are replaced when they are matched.</remarks>
internal sealed class RefusalPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    private readonly ConditionalWeakTable<Endpoint, Endpoint> _refusing = [];

    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(TakesSlot);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (int i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && TakesSlot(candidates[i].Endpoint)) candidates.ReplaceEndpoint(i, _refusing.GetValue(candidates[i].Endpoint, Refusing), candidates[i].Values);
        }

        return Task.CompletedTask;
    }

    private static bool TakesSlot(Endpoint endpoint) =>
        endpoint is RouteEndpoint { RequestDelegate: not null } && endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters().Any(TakesSlot) == true;

    // By itself, or as a part of what [AsParameters] puts together.
    private static bool TakesSlot(ParameterInfo parameter) => parameter.ParameterType == typeof(PredictorSlot)
        || (parameter.IsDefined(typeof(AsParametersAttribute)) && parameter.ParameterType.GetProperties().Any(property => property.PropertyType == typeof(PredictorSlot)));

    private static Endpoint Refusing(Endpoint endpoint)
    {
        var route = (RouteEndpoint)endpoint;
        return new RouteEndpoint(Handle, route.RoutePattern, route.Order, route.Metadata, route.DisplayName);

        async Task Handle(HttpContext context)
        {
            try
            {
                await route.RequestDelegate!(context);
            }
            catch (Exception problem) when (Refusal.IsOfNumbers(problem) && !context.Response.HasStarted)
            {
                await Refusal.Answer(problem).ExecuteAsync(context);
            }
        }
    }
}
