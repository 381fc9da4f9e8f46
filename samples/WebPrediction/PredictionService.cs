namespace NeuralTrain.Samples;

/// <summary>A web service around one model file: predictions by many requests at once, and a newer model while they run.</summary>
internal static class PredictionService
{
    /// <summary>Builds the service; start it with <c>Run</c>.</summary>
    /// <param name="modelFile">The file to serve, and to read again when asked.</param>
    /// <param name="port">Where to listen on this machine; 0 for any free port.</param>
    public static WebApplication Build(string modelFile, int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        WebApplication app = builder.Build();

        // All there is to serving a model: a slot that holds an immutable predictor. Nothing to lock, nothing to dispose.
        var slot = new PredictorSlot(ModelFile.LoadPredictor(modelFile));

        app.MapGet("/", () => slot.Current.ToString());
        app.MapPost("/predict", (float[] features) => Answer(() => slot.Current.Classify(features)));

        // Requests that have begun end with the model they took; those that begin from now on take the new one.
        app.MapPost("/reload", () => Answer(() => slot.Swap(ModelFile.LoadPredictor(modelFile)).ToString()));
        return app;
    }

    // What the sender can put right is told to him; anything else is an error of ours.
    private static IResult Answer<T>(Func<T> answer)
    {
        try
        {
            return Results.Ok(answer());
        }
        catch (Exception problem) when (problem is ArgumentException or NotFiniteNumberException)
        {
            return Results.BadRequest(problem.Message);
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException)
        {
            // The file is missing or damaged: the present model goes on.
            return Results.Conflict(problem.Message);
        }
    }
}
