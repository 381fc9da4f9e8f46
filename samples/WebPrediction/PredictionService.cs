using Microsoft.AspNetCore.Mvc;

namespace NeuralTrain.Samples;

/// <summary>A web service around one model file: predictions by many requests at once, and a newer model while they run.</summary>
internal static class PredictionService
{
    /// <summary>Builds the service of a file, which is read again when asked; port 0 is any free one.</summary>
    public static WebApplication Build(string modelFile, int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddProblemDetails().Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        WebApplication app = builder.Build();
        app.UseStatusCodePages().Use(ExplainProblems);

        // All there is to serving a model: a slot that holds an immutable predictor. Nothing to lock, nothing to dispose.
        var slot = new PredictorSlot(ModelFile.LoadPredictor(modelFile));
        app.MapGet("/", () => slot.Current.ToString());
        app.MapGet("/health", () => "healthy");
        app.MapPost("/predict", ([FromBody] float[] features) => slot.Current.Classify(features));

        // Requests that have begun end with the model they took; those that begin from now on take the new one.
        app.MapPost("/reload", () => slot.Swap(ModelFile.LoadPredictor(modelFile)).ToString());
        return app;
    }

    // What the sender can correct is reported as RFC 9457 describes; anything else is an error of the service.
    private static async Task ExplainProblems(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException problem)
        {
            string detail = $"{problem.Message} {problem.InnerException?.Message} " +
                "Send the features as a JSON array of numbers, such as [0.5, 0.5].";
            await Results.Problem(detail, statusCode: problem.StatusCode).ExecuteAsync(context);
        }
        catch (Exception problem) when (problem is ArgumentException or NotFiniteNumberException)
        {
            await Results.Problem(problem.Message, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException)
        {
            // The file is missing or damaged: the current model stays in use.
            await Results.Problem(problem.Message, statusCode: StatusCodes.Status409Conflict).ExecuteAsync(context);
        }
    }
}
