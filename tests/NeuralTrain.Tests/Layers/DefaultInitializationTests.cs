namespace NeuralTrain.Tests.Layers;

public sealed class DefaultInitializationTests
{
    [Fact]
    public void By_default_weights_are_drawn_from_what_the_activation_behind_prefers()
    {
        var linear = new Linear(3, 4, new Random(1));
        _ = new Sequential(linear, new Neutral(), new Prefers());
        linear.Weight.Initializer.Should().BeSameAs(Prefers.Preferred);
        linear.Weight.Value.Span.ToArray().Should().OnlyContain(value => value >= 5 && value < 6);
    }

    [Fact]
    public void The_activation_may_stand_in_a_container_further_out_or_further_in()
    {
        var inner = new Linear(3, 4, new Random(1));
        _ = new Sequential(new Sequential(inner, new Neutral()), new Prefers());
        inner.Weight.Initializer.Should().BeSameAs(Prefers.Preferred);

        var outer = new Linear(3, 4, new Random(1));
        _ = new Sequential(outer, new Sequential(new Neutral(), new Prefers()));
        outer.Weight.Initializer.Should().BeSameAs(Prefers.Preferred);

        var shielded = new Linear(3, 4, new Random(1));
        _ = new Sequential(new Sequential(shielded, new Sigmoid()), new Prefers());
        shielded.Weight.Initializer.Should().BeOfType<GlorotUniform>();

        var branch = new Linear(3, 4, new Random(1));
        _ = new Concatenate(new Identity(), new Pipe(branch, new Prefers()));
        branch.Weight.Initializer.Should().BeSameAs(Prefers.Preferred, "the container around a custom one tells its layers");
    }

    [Fact]
    public void Weights_that_somebody_chose_set_or_trained_are_left_alone()
    {
        var chosen = new Linear(3, 4, new Random(1), weightInitializer: new Uniform(1, 2));
        _ = new Sequential(chosen, new Prefers());
        chosen.Weight.Value.Span.ToArray().Should().OnlyContain(value => value >= 1 && value < 2);

        var set = new Linear(3, 4, new Random(1));
        set.Weight.Value[2, 1] = 0.5f;
        float[] before = set.Weight.Value.Span.ToArray();
        _ = new Sequential(set, new Prefers());
        set.Weight.Value.Span.ToArray().Should().Equal(before);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_however_they_were_composed()
    {
        var first = new Linear(3, 4, new Random(1));
        _ = new Sequential(first, new Prefers());
        var second = new Linear(3, 4, new Random(1), weightInitializer: Prefers.Preferred);
        first.Weight.Value.Span.ToArray().Should().Equal(second.Weight.Value.Span.ToArray());
    }

    private sealed class Prefers : Layer
    {
        public static readonly Initializer Preferred = new Uniform(5, 6);

        public override Initializer? PreferredInitializer => Preferred;

        public override void Infer(Matrix input, Matrix output) => input.CopyTo(output);

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
        {
        }
    }

    private sealed class Neutral : Layer
    {
        public override void Infer(Matrix input, Matrix output) => input.CopyTo(output);

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
        {
        }
    }
    private sealed class Pipe(Layer first, Layer second) : Layer
    {
        public override IReadOnlyList<Layer> Children => [first, second];

        public override Wiring Wiring => Wiring.Chain;

        public override void Infer(Matrix input, Matrix output) => throw new NotSupportedException();

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => throw new NotSupportedException();
    }
}
