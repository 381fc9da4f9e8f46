using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace NeuralTrain.Samples;

/// <summary>What <c>POST /train</c> is asked: a setup, and for how many steps to train it.</summary>
internal sealed record TrainRequest(Setup? Setup, int Steps);

/// <summary>What <c>POST /train</c> answers.</summary>
internal sealed record TrainReply(long Steps, double? LossBefore, double? TrainLoss, double? TestLoss, double? TestAccuracy, string[] Findings, string? Stopped);

/// <summary>The page, a session for each that is open, and the same training for programs that want no page.</summary>
internal static class PlaygroundService
{
    public const int MostSessions = 32, MostSteps = 50_000;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(5), Silence = TimeSpan.FromSeconds(15);

    /// <summary>Builds the service; port 0 is any free one.</summary>
    public static WebApplication Build(int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(options => options.Limits.MaxRequestBodySize = 256 * 1024);
        builder.Services.AddProblemDetails().Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.UnmappedMemberHandling = Session.Json.UnmappedMemberHandling);

        // A name that leads here from elsewhere is none of ours. And each training by POST holds a processor for seconds: a few may wait.
        builder.Configuration["AllowedHosts"] = "localhost;127.0.0.1";
        builder.Services.AddRateLimiter(options => options.AddConcurrencyLimiter("train", limit =>
            (limit.PermitLimit, limit.QueueLimit) = (Environment.ProcessorCount, 4 * Environment.ProcessorCount)));
        WebApplication app = builder.Build();
        app.UseRateLimiter().UseStatusCodePages().Use(ExplainProblems).UseWebSockets(new WebSocketOptions { KeepAliveInterval = Silence, KeepAliveTimeout = Silence });

        foreach ((string path, string type) in new[]
            { ("", "text/html"), ("style.css", "text/css"), ("page.js", "text/javascript"), ("drawing.js", "text/javascript"), ("stories.js", "text/javascript") })
        {
            app.MapGet($"/{path}", (HttpContext context) =>
            {
                context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:";
                context.Response.Headers.CacheControl = "no-cache";
                return Results.Stream(typeof(PlaygroundService).Assembly.GetManifestResourceStream(path.Length == 0 ? "index.html" : path)!, $"{type}; charset=utf-8");
            });
        }

        var sessions = new ConcurrentDictionary<string, Session>();
        app.MapGet("/choices", () => Choices.Names);
        app.MapGet("/sessions", () => sessions.Count);
        app.MapGet("/model/{id}", (string id) => sessions.TryGetValue(id, out Session? session)
            ? Results.File(session.Save(), "application/octet-stream", "playground.safetensors") : Results.NotFound());
        app.MapPost("/train", ([FromBody] TrainRequest request, CancellationToken stop) => Train(request, stop)).RequireRateLimiting("train");
        var places = new SemaphoreSlim(MostSessions);
        app.Map("/session/{id:guid}", (string id, HttpContext context) => Serve(id, context, sessions, places, app.Lifetime.ApplicationStopping));
        return app;
    }

    private static async Task Serve(
        string id, HttpContext context, ConcurrentDictionary<string, Session> sessions, SemaphoreSlim places, CancellationToken stop)
    {
        // A page from elsewhere in the same browser has no business here.
        string origin = context.Request.Headers.Origin.ToString();
        bool isOwnPage = origin.Length == 0 || origin == $"http://{context.Request.Host}";
        if (!context.WebSockets.IsWebSocketRequest || !isOwnPage)
        {
            context.Response.StatusCode = isOwnPage ? StatusCodes.Status400BadRequest : StatusCodes.Status403Forbidden;
            return;
        }

        if (!places.Wait(0, CancellationToken.None))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        Session? session = null;
        try
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            session = new Session(socket);
            if (sessions.TryAdd(id, session))
            {
                await session.RunAsync(stop);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or WebSocketException or IOException)
        {
            // The page is gone, or the service ends.
        }
        finally
        {
            places.Release();
            sessions.TryRemove(new(id, session!));
        }
    }

    private static TrainReply Train(TrainRequest request, CancellationToken stop)
    {
        if (request.Steps is < 0 or > MostSteps)
        {
            throw new ArgumentException($"steps must lie in 0 to {MostSteps}, received {request.Steps}.");
        }

        var experiment = new Experiment(request.Setup ?? new Setup());
        string[] findings = [.. experiment.Check().Select(finding => $"{finding}")];
        Frame before = Frame.Of(experiment, withLayers: false);
        experiment.Run(request.Steps, MostTime, stop);
        Frame after = Frame.Of(experiment, withLayers: false);
        return new TrainReply(after.Steps, before.TrainLoss, after.TrainLoss, after.TestLoss, after.TestAccuracy, findings, after.Stopped);
    }

    // What the sender can correct is reported as RFC 9457 describes.
    private static async Task ExplainProblems(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException problem)
        {
            await Results.Problem($"{problem.Message} {problem.InnerException?.Message}", statusCode: problem.StatusCode).ExecuteAsync(context);
        }
        catch (ArgumentException problem)
        {
            await Results.Problem(problem.Message, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
        }
    }
}
