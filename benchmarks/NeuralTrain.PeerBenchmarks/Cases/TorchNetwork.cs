using static TorchSharp.torch;

namespace NeuralTrain.PeerBenchmarks;

/// <summary>The layers of a plan in TorchSharp, and the way of the weights from ours to theirs.</summary>
internal static class TorchNetwork
{
    /// <summary>Builds the layers, in the order and with the names of ours.</summary>
    public static TorchSharp.Modules.Sequential Build(NetworkPlan plan)
    {
        var layers = new List<nn.Module<Tensor, Tensor>>();
        for (int i = 0; i < plan.Sizes.Length - 1; i++)
        {
            bool isLast = i == plan.Sizes.Length - 2;
            layers.Add(nn.Linear(plan.Sizes[i], plan.Sizes[i + 1], plan.HasBias(i)));
            if (plan.IsLectureXor)
            {
                layers.Add(nn.Sigmoid());
            }
            else if (!isLast)
            {
                if (plan.BatchNorm)
                {
                    layers.Add(nn.BatchNorm1d(plan.Sizes[i + 1]));
                }

                layers.Add(nn.ReLU());
                if (plan.Dropout > 0)
                {
                    layers.Add(nn.Dropout(plan.Dropout));
                }
            }
        }

        return nn.Sequential(layers.ToArray());
    }

    /// <summary>Gives their network the numbers of ours, by name.</summary>
    public static void CopyFrom(Layer ours, nn.Module theirs)
    {
        using IDisposable noGradients = no_grad();
        Dictionary<string, Tensor> state = theirs.state_dict();
        foreach ((string Path, Parameter Parameter) named in ours.NamedParameters())
        {
            using Tensor values = tensor(named.Parameter.Value.Span.ToArray(), state[named.Path].shape);
            state[named.Path].copy_(values);
        }
    }

    /// <summary>Compares all numbers of the two networks, running statistics included.</summary>
    public static Agreement Compare(Agreement soFar, Layer ours, nn.Module theirs)
    {
        Dictionary<string, Tensor> state = theirs.state_dict();
        foreach ((string Path, Parameter Parameter) named in ours.NamedParameters())
        {
            soFar = soFar.And(named.Path, named.Parameter.Value.Span, Values(state[named.Path]));
        }

        return soFar;
    }

    /// <summary>
    /// Compares all gradients, each with the largest of its array as the unit: next to 1 they are so small that any two
    /// would agree. Theirs are <paramref name="factor"/> times ours.
    /// </summary>
    public static Agreement CompareGradients(Agreement soFar, Layer ours, nn.Module theirs, float factor)
    {
        foreach ((string path, Parameter parameter, Tensor gradient) in Gradients(ours, theirs))
        {
            float[] their = Array.ConvertAll(Values(gradient), value => value / factor);
            float unit = Math.Max(their.Max(Math.Abs), 1e-30f);
            float[] our = Array.ConvertAll(parameter.Gradient.Span.ToArray(), value => value / unit);
            soFar = soFar.And("gradient of " + path, our, Array.ConvertAll(their, value => value / unit));
        }

        return soFar;
    }

    /// <summary>Gives their network the gradients of ours, times <paramref name="factor"/>.</summary>
    public static void CopyGradients(Layer ours, nn.Module theirs, float factor)
    {
        using IDisposable noGradients = no_grad();
        foreach ((_, Parameter parameter, Tensor gradient) in Gradients(ours, theirs))
        {
            using Tensor values = tensor(Array.ConvertAll(parameter.Gradient.Span.ToArray(), value => value * factor), gradient.shape);
            gradient.copy_(values);
        }
    }

    private static IEnumerable<(string Path, Parameter Ours, Tensor Theirs)> Gradients(Layer ours, nn.Module theirs)
    {
        Dictionary<string, Tensor> gradients = theirs.named_parameters().ToDictionary(
            named => named.name, named => named.parameter.grad ?? throw new InvalidOperationException($"{named.name} has no gradient."));
        return ours.NamedParameters().Where(named => !named.Parameter.IsStatistic)
            .Select(named => (named.Path, named.Parameter, gradients[named.Path]));
    }

    /// <summary>A copy of the values of a tensor.</summary>
    public static float[] Values(Tensor tensor)
    {
        using Tensor plain = tensor.detach().contiguous();
        return plain.data<float>().ToArray();
    }
}
