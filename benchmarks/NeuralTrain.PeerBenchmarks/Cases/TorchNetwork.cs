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
        foreach (NamedParameter named in ours.NamedParameters())
        {
            using Tensor values = tensor(named.Parameter.Value.Span.ToArray(), state[named.Path].shape);
            state[named.Path].copy_(values);
        }
    }

    /// <summary>Compares all numbers of the two networks, running statistics included.</summary>
    public static Agreement Compare(Agreement soFar, Layer ours, nn.Module theirs)
    {
        Dictionary<string, Tensor> state = theirs.state_dict();
        foreach (NamedParameter named in ours.NamedParameters())
        {
            soFar = soFar.And(named.Path, named.Parameter.Value.Span, Values(state[named.Path]));
        }

        return soFar;
    }

    /// <summary>A copy of the values of a tensor.</summary>
    public static float[] Values(Tensor tensor)
    {
        using Tensor plain = tensor.detach().contiguous();
        return plain.data<float>().ToArray();
    }
}
