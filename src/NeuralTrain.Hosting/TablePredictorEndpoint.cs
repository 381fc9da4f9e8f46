using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace NeuralTrain;

/// <summary>Maps a table model to a route.</summary>
public static class TablePredictorEndpoint
{
    extension(IEndpointRouteBuilder endpoints)
    {
        /// <summary>Maps POST of a JSON object of named fields to its prediction, and of an array of them to theirs.</summary>
        /// <remarks>
        /// Whatever is sent, the answer is 200 with a <see cref="TablePrediction"/> or a list of them, or a problem as RFC 9457 has it: 400 with an error for each field by its name, as <c>age</c>
        /// or <c>[3].age</c>, 413 for more than is allowed, 415 for what is not JSON.
        /// </remarks>
        /// <param name="pattern">The route.</param>
        /// <param name="name">The name that <see cref="NeuralTrainBuilder.AddTablePredictor(string, string, bool)"/> gave the model.</param>
        /// <param name="maxRows">The maximum number of rows of a request. Default 1000.</param>
        /// <param name="maxBytes">The maximum number of bytes of a request, where the server keeps such limits, as Kestrel does. Default 1 MB.</param>
        /// <exception cref="InvalidOperationException">There is no model of this name, or its file cannot be loaded.</exception>
        public RouteHandlerBuilder MapTablePredictor([StringSyntax("Route")] string pattern, string name, int maxRows = 1000, long maxBytes = 1 << 20)
        {
            ArgumentNullException.ThrowIfNull(endpoints);
            ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
            ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
            TablePredictorSlot slot = endpoints.ServiceProvider.GetKeyedService<TablePredictorSlot>(name) ?? throw new InvalidOperationException(
                $"There is no table model '{name}'. Add it first: builder.Services.AddNeuralTrain().AddTablePredictor(\"{name}\", \"….safetensors\").");
            Delegate answer = (HttpRequest request) => Answer(request, slot, maxRows);

            // Routing answers what a route does not accept by itself, without a body: so a second one accepts the rest, and says what to send.
            RouteHandlerBuilder rest = endpoints.MapPost(pattern, answer).ExcludeFromDescription();
            var route = new RouteHandlerBuilder([endpoints.MapPost(pattern, answer).Accepts<JsonObject>("application/json"), rest]);
            route.WithMetadata(new RequestSizeLimitAttribute(maxBytes)).Produces<TablePrediction>()
                .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
            ((IEndpointConventionBuilder)route).Add(Refusal.AddTo);
            rest.Finally(endpoint =>
            {
                // A name belongs to one route.
                foreach (object own in endpoint.Metadata.Where(own => own is IEndpointNameMetadata or IRouteNameMetadata).ToArray()) endpoint.Metadata.Remove(own);
            });
            return route;
        }
    }

    private static async Task<IResult> Answer(HttpRequest request, TablePredictorSlot slot, int maxRows)
    {
        if (!request.HasJsonContentType()) return Problem(StatusCodes.Status415UnsupportedMediaType, "The fields must be sent as JSON, with Content-Type: application/json.");
        JsonNode? body;
        try
        {
            body = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
        }
        catch (JsonException problem)
        {
            return Problem(StatusCodes.Status400BadRequest, $"The body is not JSON. {problem.Message}");
        }
        catch (IOException problem)
        {
            // The server says so if the body is longer than allowed, ends early, or is not sent as HTTP has it.
            return Problem((problem as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest, problem.Message);
        }

        return body switch
        {
            JsonObject row => TypedResults.Ok(slot.Predict(row)),
            JsonArray rows when rows.Count > maxRows => Problem(StatusCodes.Status413PayloadTooLarge, $"A request may have {maxRows} rows, received {rows.Count}. Send them in parts."),
            JsonArray rows => TypedResults.Ok(slot.Predict(rows)),
            _ => Problem(StatusCodes.Status400BadRequest, "The body must be an object of named fields, or an array of such objects."),
        };
    }

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(detail, statusCode: status);
}
