namespace NeuralTrain.Tests.Layers;

[Trait("Lecture", "L1.1")]
public sealed class ContainerTests
{
    [Fact]
    public void A_residual_that_changes_the_width_is_refused_with_both_widths_and_the_remedy()
    {
        Action create = () => _ = new Residual(new Linear(5, 3, new Random(1)), new Sigmoid());
        create.Should().Throw<ArgumentException>().WithMessage("*take 5 columns and give 3*Linear(3, 5)*");
    }

    [Fact]
    public void A_residual_names_its_parameters_by_position()
    {
        var network = new Sequential(new Sigmoid(), new Residual(new Linear(2, 2, new Random(1)), new Sigmoid()));
        network.NamedParameters().Select(named => named.Path).Should().Equal("1.0.weight", "1.0.bias");
    }

    [Fact]
    public void Branches_that_take_different_widths_are_refused_with_both()
    {
        Action create = () => _ = new Concatenate(new Sigmoid(), new Linear(5, 3, new Random(1)), new Linear(4, 3, new Random(1)));
        create.Should().Throw<ArgumentException>().WithMessage("*branch '1', Linear(5 → 3), takes 5*branch '2', Linear(4 → 3), takes 4*");
    }

    [Fact]
    public void A_branch_names_its_parameters_by_position()
    {
        var network = new Concatenate(new Linear(2, 3, new Random(1), bias: false), new Sequential(new Sigmoid(), new Linear(2, 1, new Random(1))));
        network.NamedParameters().Select(named => named.Path).Should().Equal("0.weight", "1.1.weight", "1.1.bias");
        network.OutputSize(2).Should().Be(4);
    }

    [Fact]
    public void A_network_of_any_width_takes_a_batch_as_wide_as_its_last_output()
    {
        var network = new Sequential(new Concatenate(new Identity(), new Identity()));
        network.Forward(new Matrix(2, 3)).Columns.Should().Be(6);
        network.Forward(new Matrix(2, 6)).Columns.Should().Be(12);
    }

    [Fact]
    public void A_layer_that_stands_in_two_places_is_refused_wherever_the_second_is()
    {
        Action<Layer>[] builds =
        [
            layer => _ = new Residual(layer, layer),
            layer => _ = new Concatenate(layer, layer),
            layer => _ = new Sequential(layer, new Residual(layer)),
            layer => _ = new Sequential(new Concatenate(new Sigmoid(), new Sequential(layer)), layer),
        ];
        foreach (Action<Layer> build in builds)
        {
            ((Action)(() => build(new Linear(2, 2, new Random(1))))).Should().Throw<ArgumentException>().WithMessage("*same Linear(2 → 2) object at*");
        }
    }

    [Fact]
    public void Empty_containers_and_missing_layers_are_refused()
    {
        ((Action)(() => _ = new Residual())).Should().Throw<ArgumentException>().WithMessage("Residual needs at least one layer*");
        ((Action)(() => _ = new Concatenate())).Should().Throw<ArgumentException>().WithMessage("Concatenate needs at least one layer*");
        ((Action)(() => _ = new Concatenate(new Sigmoid(), null!))).Should().Throw<ArgumentException>().WithMessage("*null in place of layer '1'*");
    }

    [Fact]
    public void Backward_without_or_with_another_forward_is_refused()
    {
        Matrix x = new(3, 2), y = new(3, 4), other = new(3, 2);
        var concatenate = new Concatenate(new Sigmoid(), new Sigmoid());
        Action backward = () => concatenate.Backward(x, y, new Matrix(3, 4), default);
        backward.Should().Throw<InvalidOperationException>().WithMessage("*Call Forward*");
        concatenate.Forward(other, y);
        backward.Should().Throw<ArgumentException>().WithMessage("*very input*");
        Action residual = () => new Residual(new Sigmoid()).Backward(x, other, new Matrix(3, 2), default);
        residual.Should().Throw<InvalidOperationException>().WithMessage("*Call Forward*");
    }

    [Fact]
    public void Freezing_a_container_freezes_all_below_it()
    {
        var network = new Concatenate(new Residual(new Linear(2, 2, new Random(1))), new BatchNorm(2));
        network.Freeze();
        network.NamedParameters().Should().OnlyContain(named => !named.Parameter.IsTrainable);
        network.Children[1].IsFrozen.Should().BeTrue();
        network.Unfreeze();
        network.NamedParameters().Where(named => named.Parameter.IsTrainable).Select(named => named.Path).Should().Equal(
            "0.0.weight", "0.0.bias", "1.weight", "1.bias");
    }

    [Fact]
    public void An_input_gradient_reaches_through_frozen_branches()
    {
        Matrix x = new float[,] { { 1, 2 }, { 3, 4 } }, upstream = new float[,] { { 1, 1, 1, 1 }, { 1, 1, 1, 1 } };
        var network = new Concatenate(new Linear(2, 2, new Random(1)), new Linear(2, 2, new Random(2)));
        Matrix y = new(2, 4), learning = new(2, 2), frozen = new(2, 2);
        network.Forward(x, y);
        network.Backward(x, y, upstream, learning);
        network.Children[0].Freeze();
        network.Backward(x, y, upstream, frozen);
        frozen.Span.ToArray().Should().Equal(learning.Span.ToArray());
    }

    [Fact]
    public void The_last_linear_layer_of_a_branch_follows_the_activation_behind_the_container()
    {
        Linear inResidual = new(3, 3, new Random(1)), inBranch = new(3, 3, new Random(2));
        _ = new Sequential(new Residual(inResidual), new Wanting());
        _ = new Sequential(new Concatenate(inBranch, new Sigmoid()), new Wanting());
        inResidual.Weight.Initializer.Should().BeSameAs(Wanting.Wish);
        inBranch.Weight.Initializer.Should().BeSameAs(Wanting.Wish);
    }

    [Fact]
    public void A_linear_layer_before_branches_follows_what_they_agree_on()
    {
        Linear agreed = new(3, 3, new Random(1)), torn = new(3, 3, new Random(2));
        _ = new Sequential(agreed, new Concatenate(new Wanting(), new Residual(new Wanting())));
        _ = new Sequential(torn, new Concatenate(new Wanting(), new Sigmoid()));
        agreed.Weight.Initializer.Should().BeSameAs(Wanting.Wish);
        torn.Weight.Initializer.Should().BeSameAs(GlorotUniform.Instance);
    }

    private sealed class Wanting : Layer
    {
        public static readonly Initializer Wish = new Uniform(-0.5, 0.5);

        public override Initializer? PreferredInitializer => Wish;

        public override void Infer(Matrix input, Matrix output) => input.CopyTo(output);

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) =>
            outputGradient.CopyTo(inputGradient);
    }
}
