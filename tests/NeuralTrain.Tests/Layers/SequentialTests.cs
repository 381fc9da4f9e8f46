namespace NeuralTrain.Tests.Layers;

[Trait("Lecture", "L1.1")]
public sealed class SequentialTests
{
    private readonly Random _random = new(1);

    [Fact]
    public void A_layer_is_taken_by_its_place_from_either_end()
    {
        Layer first = new Linear(2, 3, new Random(1)), last = new Sigmoid();
        var network = new Sequential(first, new ReLU(), last);
        (network[0], network[^1], network[2]).Should().Be((first, last, last));
        foreach (Index place in new[] { 3, ^4 }) ((Func<Layer>)(() => network[place])).Should().Throw<ArgumentOutOfRangeException>().WithMessage($"The layers of this network are 0 to 2, received {place}*");
        ((Action)(() => _ = new Sequential())).Should().Throw<ArgumentException>().WithMessage("Sequential needs at least one layer*new Sequential([.. layers])*");
    }

    [Fact]
    public void Parameters_are_named_by_position_as_in_PyTorch()
    {
        var network = new Sequential(
            new Linear(3, 4, _random), new Sigmoid(), new Sequential(new Linear(4, 2, _random), new Sigmoid()), new Linear(2, 1, _random, bias: false));
        network.NamedParameters().Select(named => named.Path)
            .Should().Equal("0.weight", "0.bias", "2.0.weight", "2.0.bias", "3.weight");
        network.ToString().Should().Be(
            "Sequential(Linear(3 → 4), Sigmoid, Sequential(Linear(4 → 2), Sigmoid), Linear(2 → 1, no bias))");
    }

    [Fact]
    public void Predict_Infer_and_Forward_of_one_batch_agree()
    {
        Sequential network = Network();
        Matrix input = Batch(5, 3);
        var output = new Matrix(5, 2);
        network.Infer(input, output);
        network.Predict(input).Span.ToArray().Should().Equal(output.Span.ToArray());
        network.Forward(input).Span.ToArray().Should().Equal(output.Span.ToArray());
    }

    [Fact]
    public void The_convenient_forms_give_the_gradients_of_the_full_ones()
    {
        Sequential convenient = Network(), full = Network();
        Matrix input = Batch(5, 3), gradient = Batch(5, 2);
        convenient.Forward(input);
        convenient.Backward(gradient);
        var output = new Matrix(5, 2);
        full.Forward(input, output);
        full.Backward(input, output, gradient, new Matrix(5, 3));
        foreach (((string Path, Parameter Parameter) one, (string Path, Parameter Parameter) other) in convenient.NamedParameters().Zip(full.NamedParameters()))
        {
            one.Parameter.Gradient.Span.ToArray().Should().Equal(other.Parameter.Gradient.Span.ToArray());
        }
    }

    [Fact]
    public void The_width_is_that_of_the_first_sized_layer_if_those_before_it_leave_widths_alone()
    {
        new Sequential(new Sigmoid(), new Linear(3, 4, _random)).InputSize.Should().Be(3);
        new Sequential(new Sigmoid()).InputSize.Should().BeNull();
        new Sequential(new Twice(), new Linear(6, 4, _random)).InputSize.Should().BeNull();
        new Sequential(new Twice(), new Linear(6, 4, _random)).OutputSize(3).Should().Be(4);
        new Sequential(new AlwaysThree(), new Linear(3, 4, _random)).InputSize.Should().BeNull("a layer that gives 3 for any width says nothing about the input");
    }

    [Fact]
    public void Freezing_and_thawing_reach_every_layer_below()
    {
        var network = new Sequential(new Linear(3, 4, _random), new Sequential(new Sigmoid(), new Sequential(new Linear(4, 2, _random))));
        network.Freeze();
        network.NamedParameters().Should().HaveCount(4).And.OnlyContain(named => !named.Parameter.IsTrainable);
        network.Children[1].IsFrozen.Should().BeTrue();
        network.Unfreeze();
        network.NamedParameters().Should().OnlyContain(named => named.Parameter.IsTrainable);
        network.Children[1].IsFrozen.Should().BeFalse();
    }

    [Fact]
    public void Layers_of_any_width_take_batches_of_changing_width()
    {
        var network = new Sequential(new Sigmoid(), new Sigmoid());
        network.Forward(Batch(2, 3)).Shape.Should().Be("2×3");
        network.Forward(Batch(2, 5)).Shape.Should().Be("2×5");
        network.Backward(Batch(2, 5));
    }

    [Fact]
    public void Batches_of_changing_size_allocate_only_when_one_is_larger_than_all_before()
    {
        Sequential network = Network();
        Matrix small = Batch(3, 3), large = Batch(8, 3), smallGradient = Batch(3, 2), largeGradient = Batch(8, 2);
        Harness.Allocation.PerCall(() =>
        {
            network.Forward(large);
            network.Backward(largeGradient);
            network.Forward(small);
            network.Backward(smallGradient);
        }).Should().Be(0);
    }

    [Fact]
    public void Frozen_layers_at_the_start_are_not_gone_back_through()
    {
        var first = new CountsBackward();
        var network = new Sequential(first, new Linear(3, 3, _random), new Sigmoid(), new Linear(3, 2, _random));
        network.Children[1].Freeze();
        network.Forward(Batch(2, 3));
        network.Backward(Batch(2, 2));
        first.Count.Should().Be(0);
        ((Linear)network.Children[1]).Weight.Gradient.Span.ToArray().Should().AllBeEquivalentTo(0f);
        ((Linear)network.Children[3]).Weight.Gradient.Span.ToArray().Should().NotContain(0f);

        Matrix input = Batch(2, 3);
        var output = new Matrix(2, 2);
        network.Forward(input, output);
        network.Backward(input, output, Batch(2, 2), new Matrix(2, 3));
        first.Count.Should().Be(1, "the gradient of the input was asked for");
    }

    [Fact]
    public void Layers_of_mismatching_widths_are_refused_with_both_named()
    {
        Action create = () => _ = new Sequential(new Linear(3, 64, _random), new Sigmoid(), new Linear(128, 1, _random));
        create.Should().Throw<ArgumentException>()
            .WithMessage("Linear '2' expects 128 columns, received 64: the layer before it ('1', Sigmoid) gives 64.*");
    }

    [Fact]
    public void Widths_that_cannot_fit_are_refused_at_once_also_behind_a_layer_that_changes_any_width()
    {
        Action create = () => _ = new Sequential(new Twice(), new Linear(6, 4, _random), new Sigmoid(), new Linear(5, 1, _random));
        create.Should().Throw<ArgumentException>()
            .WithMessage("Linear '3' expects 5 columns, received 4: the layer before it ('2', Sigmoid) gives 4.*");
        Action fits = () => _ = new Sequential(new Twice(), new Linear(6, 4, _random), new Twice(), new Linear(8, 1, _random));
        fits.Should().NotThrow();
    }

    [Fact]
    public void The_width_behind_is_not_told_for_an_input_of_another_width() =>
        Network().Invoking(n => n.OutputSize(4)).Should().Throw<ArgumentException>()
            .WithMessage("Linear '0' expects 3 columns, received 4: the input of Sequential has 4.*");

    [Fact]
    public void A_refused_output_of_another_batch_size_leaves_the_last_batch_in_place()
    {
        Sequential network = Network(), undisturbed = Network();
        Matrix input = Batch(4, 3), gradient = Batch(4, 2);
        undisturbed.Forward(input);
        undisturbed.Backward(gradient);
        network.Forward(input);
        network.Invoking(n => n.Forward(Batch(2, 3), new Matrix(3, 2))).Should().Throw<ArgumentException>()
            .WithMessage("*writes a 2×2 output for a 2×3 input, received 3×2*");
        network.Backward(gradient);
        foreach (((string Path, Parameter Parameter) one, (string Path, Parameter Parameter) other) in network.NamedParameters().Zip(undisturbed.NamedParameters()))
        {
            one.Parameter.Gradient.Span.ToArray().Should().Equal(other.Parameter.Gradient.Span.ToArray());
        }
    }

    [Fact]
    public void Its_own_output_is_refused_as_input_of_the_pass_that_would_overwrite_it()
    {
        var network = new Sequential(new Linear(3, 3, _random), new Sigmoid());
        Matrix output = network.Forward(Batch(2, 3));
        float[] before = output.Span.ToArray();
        network.Invoking(n => n.Forward(output)).Should().Throw<ArgumentException>().WithMessage("*its own output*Clone()*");
        network.Invoking(n => n.Forward(output.SliceRows(1, 1))).Should().Throw<ArgumentException>().WithMessage("*its own output*");
        output.Span.ToArray().Should().Equal(before);
        network.Invoking(n => n.Backward(Batch(2, 3))).Should().NotThrow("the refused pass left the last batch in place");
        network.Forward(output.Clone()).Rows.Should().Be(2);
    }

    [Fact]
    public void A_batch_of_the_wrong_width_is_refused_by_every_entry_and_nothing_changes()
    {
        Sequential network = Network();
        Matrix good = Batch(2, 3), bad = Batch(2, 4), gradient = Batch(2, 2);
        network.Forward(good);
        Action[] calls = [() => network.Forward(bad), () => network.Predict(bad), () => network.Infer(bad, new Matrix(2, 2)), () => network.Forward(bad, new Matrix(2, 2))];
        foreach (Action call in calls)
        {
            call.Should().Throw<ArgumentException>().WithMessage("*expects 3 columns, received a 2×4 input*");
        }

        network.Invoking(n => n.Backward(gradient)).Should().NotThrow("the refused batches left the last one in place");
    }

    [Fact]
    public void A_layer_of_any_width_in_front_does_not_hide_a_wrong_width()
    {
        var network = new Sequential(new Twice(), new Linear(6, 4, _random));
        network.Invoking(n => n.Forward(Batch(2, 2))).Should().Throw<ArgumentException>()
            .WithMessage("Linear '1' expects 6 columns, received 4: the layer before it ('0', Twice) gives 4.*");
    }

    [Fact]
    public void An_empty_batch_is_refused()
    {
        Sequential network = Network();
        var anyWidth = new Sequential(new Sigmoid());
        Action[] calls =
        [
            () => network.Forward(new Matrix(0, 3)), () => network.Predict(new Matrix(0, 3)), () => network.Forward(default),
            () => anyWidth.Forward(new Matrix(2, 0)), () => anyWidth.Predict(new Matrix(2, 0)), () => new Sigmoid().Infer(new Matrix(2, 0), new Matrix(2, 0)),
        ];
        foreach (Action call in calls)
        {
            call.Should().Throw<ArgumentException>().WithMessage("*empty batch*at least one row*");
        }
    }

    [Fact]
    public void Backward_before_Forward_is_refused()
    {
        Sequential network = Network();
        network.Predict(Batch(2, 3));
        network.Invoking(n => n.Backward(Batch(2, 2))).Should().Throw<InvalidOperationException>().WithMessage("*Call Forward (not Infer or Predict)*");
        network.Invoking(n => n.Backward(Batch(2, 3), Batch(2, 2), Batch(2, 2), default)).Should().Throw<InvalidOperationException>();
        network.NamedParameters().SelectMany(named => named.Parameter.Gradient.Span.ToArray()).Should().AllBeEquivalentTo(0f);
    }

    [Fact]
    public void Backward_of_another_batch_than_that_of_the_last_Forward_is_refused()
    {
        Sequential network = Network();
        Matrix input = Batch(2, 3), output = new(2, 2);
        network.Forward(input, output);
        network.Invoking(n => n.Backward(Batch(3, 2))).Should().Throw<ArgumentException>().WithMessage("Sequential expects a 2×2 outputGradient*received 3×2*");
        network.Invoking(n => n.Backward(Batch(2, 3), output, Batch(2, 2), default)).Should().Throw<ArgumentException>().WithMessage("*very matrices of its last forward pass*");
        network.Invoking(n => n.Backward(input, new Matrix(2, 2), Batch(2, 2), default)).Should().Throw<ArgumentException>();
        network.NamedParameters().SelectMany(named => named.Parameter.Gradient.Span.ToArray()).Should().AllBeEquivalentTo(0f);
    }

    [Fact]
    public void A_forward_pass_that_failed_half_way_leaves_nothing_to_go_back_from()
    {
        var breaks = new Breaks();
        var network = new Sequential(new Linear(3, 3, _random), breaks, new Linear(3, 2, _random));
        network.Forward(Batch(2, 3));
        breaks.Now = true;
        network.Invoking(n => n.Forward(Batch(2, 3))).Should().Throw<NotSupportedException>();
        network.Invoking(n => n.Backward(Batch(2, 2))).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void The_same_layer_in_two_places_is_refused_with_both_named()
    {
        var shared = new Sigmoid();
        Action flat = () => _ = new Sequential(shared, new Linear(3, 3, _random), shared);
        flat.Should().Throw<ArgumentException>().WithMessage("*same Sigmoid object at '0' and at '2'*");
        Action nested = () => _ = new Sequential(new Sequential(new Sigmoid(), shared), shared);
        nested.Should().Throw<ArgumentException>().WithMessage("*at '0.1' and at '1'*");
    }

    [Fact]
    public void No_layers_or_a_missing_one_are_refused()
    {
        Action none = () => _ = new Sequential();
        none.Should().Throw<ArgumentException>().WithMessage("*at least one layer*");
        Action missing = () => _ = new Sequential(new Sigmoid(), null!);
        missing.Should().Throw<ArgumentException>().WithMessage("*null in place of layer '1'*");
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.NaN)]
    public void An_input_that_is_not_finite_has_no_gradients_even_where_a_saturating_unit_hides_it_from_the_loss(float value)
    {
        Sequential network = Network();
        Matrix input = Batch(3, 3);
        input[1, 2] = value;
        network.Forward(input);
        network.Invoking(n => n.Backward(Batch(3, 2))).Should().Throw<NotFiniteNumberException>()
            .WithMessage(FormattableString.Invariant($"*is {value} in row 1, column 2*No parameter or gradient was changed*"));
        network.NamedParameters().SelectMany(named => named.Parameter.Gradient.Span.ToArray()).Should().AllBeEquivalentTo(0f);
    }

    [Fact]
    public void NaN_and_infinity_pass_through_to_the_output()
    {
        Sequential network = Network();
        network.Predict(new float[,] { { float.NaN, 0, 0 }, { 1, 2, 3 } }).Row(0).ToArray().Should().OnlyContain(value => float.IsNaN(value));
        network.Predict(new float[,] { { float.NaN, 0, 0 }, { 1, 2, 3 } }).Row(1).ToArray().Should().OnlyContain(value => float.IsFinite(value));
    }

    private static Sequential Network() => new(new Linear(3, 4, new Random(1)), new Sigmoid(), new Linear(4, 2, new Random(2)));

    private Matrix Batch(int rows, int columns)
    {
        var batch = new Matrix(rows, columns);
        foreach (ref float value in batch.Span)
        {
            value = (float)_random.NextDouble();
        }

        return batch;
    }

    private sealed class Twice : Layer
    {
        public override int OutputSize(int inputSize) => 2 * inputSize;

        public override void Infer(Matrix input, Matrix output)
        {
            for (int row = 0; row < input.Rows; row++)
            {
                input.Row(row).CopyTo(output.Row(row));
                input.Row(row).CopyTo(output.Row(row)[input.Columns..]);
            }
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => throw new NotSupportedException();
    }

    private sealed class AlwaysThree : Layer
    {
        public override int OutputSize(int inputSize) => 3;

        public override void Infer(Matrix input, Matrix output) => throw new NotSupportedException();

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => throw new NotSupportedException();
    }

    private sealed class CountsBackward : Layer
    {
        public int Count { get; private set; }

        public override void Infer(Matrix input, Matrix output) => input.CopyTo(output);

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => Count++;
    }

    private sealed class Breaks : Layer
    {
        public bool Now { get; set; }

        public override void Infer(Matrix input, Matrix output)
        {
            if (Now)
            {
                throw new NotSupportedException();
            }

            input.CopyTo(output);
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => outputGradient.CopyTo(inputGradient);
    }
}
