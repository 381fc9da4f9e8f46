namespace NeuralTrain.Tests.Harness;

/// <summary>The layers of the folder Activations.</summary>
public static partial class LayerCases
{
    private static LayerCase[] Activations =>
    [
        new("Sigmoid", () => new Sigmoid(), 5, References.Elementwise(References.Sigmoid)),
    ];
}
