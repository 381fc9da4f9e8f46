using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Layers;

/// <summary>Putting layers together changes nothing that exists, and a layer is part of one network only.</summary>
public sealed class CompositionTests
{
    private static Linear Plain(int seed = 1) => new(3, 3, new Random(seed));

    [Fact]
    public void Weights_that_were_looked_at_are_not_drawn_again()
    {
        Linear linear = Plain();
        float[] seen = linear.Weight.Value.Span.ToArray();

        var network = new Sequential(linear, new ReLU());
        _ = new Sequential(network, new SELU());

        linear.Weight.Value.Span.ToArray().Should().Equal(seen);
        linear.Weight.Initializer.Should().BeSameAs(GlorotUniform.Instance);
    }

    [Fact]
    public void Weights_that_nobody_looked_at_follow_the_activation_that_an_outer_container_brings()
    {
        Linear linear = Plain();
        _ = new Sequential(new Sequential(linear), new ReLU());
        linear.Weight.Initializer.Should().BeSameAs(HeNormal.Instance);

        Linear chosen = new(3, 3, new Random(1), weightInitializer: HeNormal.Instance);
        linear.Weight.Value.Span.ToArray().Should().Equal(chosen.Weight.Value.Span.ToArray(), "each layer draws from its own seed, whenever it does");
    }

    [Fact]
    public void Biases_are_the_same_whether_they_are_looked_at_before_the_weights_or_after()
    {
        Linear first = new(3, 4, new Random(1), biasInitializer: new Uniform(1, 2)), second = new(3, 4, new Random(1), biasInitializer: new Uniform(1, 2));
        float[] biases = first.Bias!.Value.Span.ToArray(), weights = first.Weight.Value.Span.ToArray();

        second.Weight.Value.Span.ToArray().Should().Equal(weights);
        second.Bias!.Value.Span.ToArray().Should().Equal(biases).And.OnlyContain(bias => bias >= 1);
    }

    [Fact]
    public void Weights_first_looked_at_by_many_threads_are_drawn_once()
    {
        for (int repeat = 0; repeat < 20; repeat++)
        {
            var linear = new Linear(64, 64, new Random(1));
            var matrices = new Matrix[4];
            Thread[] threads = [.. Enumerable.Range(0, matrices.Length).Select(t => new Thread(() => matrices[t] = t % 2 == 0 ? linear.Weight.Value : linear.Bias!.Value))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            (matrices[0] == matrices[2]).Should().BeTrue("both see the same memory");
            matrices[0].Span.ToArray().Should().Equal(new Linear(64, 64, new Random(1)).Weight.Value.Span.ToArray());
        }
    }

    [Fact]
    public void A_layer_of_another_network_is_refused_wherever_it_is()
    {
        foreach (Func<Layer, Layer> build in new Func<Layer, Layer>[]
        {
            layer => new Sequential(layer), layer => new Residual(layer), layer => new Concatenate(layer), layer => new Sequential(new Gated(layer, new Sigmoid())),
        })
        {
            Linear taken = Plain();
            Layer first = build(taken);
            foreach (Func<Layer> second in new Func<Layer>[]
            {
                () => new Sequential(taken), () => new Residual(taken), () => new Concatenate(new Sigmoid(), taken), () => new Sequential(new Gated(new Sigmoid(), taken)),
            })
            {
                second.Should().Throw<ArgumentException>().WithMessage("*Linear(3 → 3)*part of another network*Clone()*");
            }

            _ = new Sequential(first);
            ((Action)(() => _ = new Residual(first))).Should().Throw<ArgumentException>().WithMessage("*part of another network*");
            _ = new Sequential(taken.Clone(), first.Clone());
        }
    }

    [Fact]
    public void A_constructor_that_throws_takes_no_layer()
    {
        Linear linear = Plain();
        foreach (Action build in new Action[]
        {
            () => _ = new Sequential(linear, new Linear(4, 4, new Random(2))),
            () => _ = new Sequential(linear, linear),
            () => _ = new Residual(linear, new Linear(3, 4, new Random(2))),
            () => _ = new Concatenate(linear, new Linear(4, 4, new Random(2))),
            () => _ = new Sequential(new Gated(linear, new Sigmoid()), new Linear(4, 4, new Random(2))),
        })
        {
            build.Should().Throw<ArgumentException>();
        }

        _ = new Sequential(linear, new ReLU());
        linear.Weight.Initializer.Should().BeSameAs(HeNormal.Instance, "no refused container told it anything");
    }

    [Fact]
    public void A_custom_container_hands_on_what_the_activation_after_it_prefers_and_says_what_its_layers_prefer()
    {
        Linear before = Plain(), inside = Plain(2);
        _ = new Sequential(before, new Gated(new Sequential(new SELU(), inside), new SELU()), new ReLU());

        before.Weight.Initializer.Should().BeSameAs(LeCunNormal.Instance);
        inside.Weight.Initializer.Should().BeSameAs(HeNormal.Instance);
    }

    [Fact]
    public void Custom_weights_are_drawn_like_those_of_the_library()
    {
        var custom = new Scale();
        _ = new Sequential(custom, new ReLU());

        custom.Parameters[0].Initializer.Should().BeSameAs(HeNormal.Instance);
        custom.Parameters[0].Value.Span.ToArray().Should().Equal(new Linear(4, 3, new Random(1), weightInitializer: HeNormal.Instance).Weight.Value.Span.ToArray());
    }

    private sealed class Scale : Layer
    {
        public override IReadOnlyList<Parameter> Parameters { get; } = [Parameter.Drawn("weight", 3, 4, new Random(1))];

        public override void Infer(Matrix input, Matrix output) => input.CopyTo(output);

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => outputGradient.CopyTo(inputGradient);
    }
}
