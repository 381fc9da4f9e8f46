namespace NeuralTrain.Samples;

/// <summary>A web service around one model file: predictions from named fields, what the fields are, and a page with a form.</summary>
internal static class PredictionService
{
    private const string Model = "income";

    /// <summary>Builds the service of a file; port 0 is any free one.</summary>
    public static WebApplication Build(string modelFile, int port, TimeSpan pollInterval)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None).AddFilter("NeuralTrain", LogLevel.Information);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddNeuralTrain().AddTablePredictor(Model, options => (options.File, options.ReloadOnChange, options.PollInterval) = (modelFile, true, pollInterval));
        builder.Services.AddHealthChecks().AddNeuralTrain();
        builder.Services.AddProblemDetails().AddOpenApi();
        WebApplication app = builder.Build();
        app.UseExceptionHandler().UseStatusCodePages();

        TablePredictorSlot slot = app.Services.GetRequiredKeyedService<TablePredictorSlot>(Model);
        app.MapTablePredictor("/predict", Model).AddOpenApiOperationTransformer((operation, _, _) => Fields.Describe(operation, slot.Current.Schema));
        app.MapGet("/fields", () => Fields.Of(slot.Current.Schema));
        app.MapHealthChecks("/health");
        app.MapOpenApi();
        foreach ((string path, string file, string type) in new[] { ("/", "index.html", "text/html"), ("/style.css", "style.css", "text/css"), ("/page.js", "page.js", "text/javascript") })
        {
            app.MapGet(path, (HttpContext context) =>
            {
                context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:";
                return Results.Stream(typeof(PredictionService).Assembly.GetManifestResourceStream(file)!, $"{type}; charset=utf-8");
            }).ExcludeFromDescription();
        }

        return app;
    }
}
