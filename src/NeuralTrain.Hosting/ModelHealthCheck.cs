using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuralTrain;

/// <summary>Healthy while every model serves the newest version of its file.</summary>
internal sealed class ModelHealthCheck(IEnumerable<ServedModel> models) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        (string Name, string? Problem)[] found = [.. models.Select(model => (model.Name, model.Problem))];
        string text = string.Join(" ", found.Where(model => model.Problem is not null).Select(model => $"Model '{model.Name}' serves an earlier file: {model.Problem}"));
        var data = found.ToDictionary(model => model.Name, object (model) => model.Problem ?? "serves its newest file");
        return Task.FromResult(new HealthCheckResult(text.Length == 0 ? HealthStatus.Healthy : context.Registration.FailureStatus, text.Length == 0 ? null : text, null, data));
    }
}
