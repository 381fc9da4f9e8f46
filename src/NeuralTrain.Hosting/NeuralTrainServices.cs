using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace NeuralTrain;

/// <summary>Adds models to the services of an application.</summary>
public static class NeuralTrainServices
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds what models need; the result adds the models themselves.</summary>
        public NeuralTrainBuilder AddNeuralTrain()
        {
            ArgumentNullException.ThrowIfNull(services);
            services.AddLogging().AddOptions();
            services.AddHostedService<ModelReloader>();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, RefusalPolicy>());
            return new NeuralTrainBuilder(services);
        }
    }
}
