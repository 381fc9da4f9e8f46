namespace NeuralTrain.Tests.Optimizers;

public sealed class NesterovTests
{
    [Fact]
    [Trait("Lecture", "L5.3")]
    public void Nesterovs_own_form_and_the_shifted_one_give_the_same_path()
    {
        const double Rate = 0.05, Momentum = 0.9;
        var layer = new Linear(5, 1, new Random(1), bias: false);
        Span<float> shifted = layer.Weight.Value.Span;
        var optimizer = new Nesterov(layer, Rate, Momentum);

        // Both start at rest, where θ and θ̂ = θ + αv are the same.
        var theta = new double[5];
        var velocity = new double[5];
        for (int i = 0; i < 5; i++)
        {
            theta[i] = shifted[i];
        }

        for (int step = 1; step <= 20; step++)
        {
            for (int i = 0; i < 5; i++)
            {
                layer.Weight.Gradient.Span[i] = (float)Slope(shifted[i], i);

                // v := αv − γ·∇L(θ + αv);  θ := θ + v
                velocity[i] = (Momentum * velocity[i]) - (Rate * Slope(theta[i] + (Momentum * velocity[i]), i));
                theta[i] += velocity[i];
            }

            optimizer.Step();
            for (int i = 0; i < 5; i++)
            {
                ((double)shifted[i]).Should().BeApproximately(theta[i] + (Momentum * velocity[i]), 1e-5, "after step {0}", step);
            }
        }

        // L = Σ ½(i + 1)(θᵢ − 2)² + cos θᵢ: no straight line anywhere.
        static double Slope(double value, int i) => ((i + 1) * (value - 2)) - Math.Sin(value);
    }

    [Fact]
    [Trait("Lecture", "L5.3")]
    public void The_first_step_is_longer_than_that_of_plain_descent_by_the_momentum()
    {
        var layer = new Linear(1, 1, new Random(1), bias: false);
        layer.Weight.Value.Span[0] = 3;
        layer.Weight.Gradient.Span[0] = 2;
        new Nesterov(layer, learningRate: 0.1, momentum: 0.5).Step();
        layer.Weight.Value.Span[0].Should().BeApproximately(3 - (0.1f * (1 + 0.5f) * 2), 1e-6f);
    }
}
