using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuralTrain;

/// <summary>Adds the check of all models to the health checks of an application.</summary>
public static class NeuralTrainHealthChecks
{
    extension(IHealthChecksBuilder checks)
    {
        /// <summary>Adds a check of all models: healthy while each serves its newest file, otherwise it says which file was refused and why.</summary>
        /// <param name="name">The name of the check. Default NeuralTrain.</param>
        /// <param name="failureStatus">What it reports if a file was refused. Default degraded: the model before it is still served.</param>
        /// <param name="tags">For choosing checks by tag.</param>
        public IHealthChecksBuilder AddNeuralTrain(string name = "NeuralTrain", HealthStatus failureStatus = HealthStatus.Degraded, IEnumerable<string>? tags = null)
        {
            ArgumentNullException.ThrowIfNull(checks);
            return checks.AddCheck<ModelHealthCheck>(name, failureStatus, tags ?? []);
        }
    }
}
