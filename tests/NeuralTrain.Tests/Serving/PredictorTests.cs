namespace NeuralTrain.Tests.Serving;

public sealed class PredictorTests
{
    private static readonly string[] Wines = ["barolo", "grignolino", "barbera"];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(257)]
    public void A_row_alone_and_in_a_batch_agree_up_to_rounding(int inputs)
    {
        var random = new Random(inputs);
        foreach (int outputs in (int[])[1, 2, 7, 8, 16, 17, 33, 100])
        {
            var predictor = new Predictor(new Sequential(new Linear(inputs, outputs, random)), OutputKind.Values);
            foreach (int rows in (int[])[1, 2, 3, 5, 8, 33, 100])
            {
                var batch = new Matrix([.. Enumerable.Range(0, rows * inputs).Select(_ => random.NextSingle() - 0.5f)], rows, inputs);
                Matrix together = predictor.Predict(batch);
                for (int row = 0; row < rows; row++)
                {
                    float[] alone = predictor.Predict(batch.Row(row));
                    alone.Should().Equal(predictor.Predict(batch.Row(row)), "the same call gives the same bits");
                    alone.Zip(together.Row(row).ToArray()).Should().OnlyContain(pair => Math.Abs(pair.First - pair.Second) < 1e-5f);
                }
            }
        }
    }

    [Fact]
    public void A_matrix_without_rows_and_names_that_suit_no_score_are_refused_with_the_reason()
    {
        var predictor = new Predictor(Networks.Mixed(3), OutputKind.ClassScores, Wines);
        predictor.Invoking(p => p.Predict(new Matrix(0, p.InputSize))).Should().Throw<ArgumentException>().WithMessage("There is no row to predict*at least one*");
        var squashed = new Sequential(new Linear(2, 1, new Random(1)), new Sigmoid());
        FluentActions.Invoking(() => new Predictor(squashed, OutputKind.Values, ["no", "yes"]))
            .Should().Throw<ArgumentException>().WithMessage("The network has 1 output, but there are 2 class names*without Sigmoid*BinaryCrossEntropy*");
    }

    [Fact]
    public void Scores_of_classes_become_the_probabilities_of_softmax()
    {
        Sequential network = Networks.Mixed(3);
        Matrix inputs = Networks.Inputs(5);
        Matrix scores = network.Predict(inputs);
        var predictor = new Predictor(network, OutputKind.ClassScores, Wines);
        for (int row = 0; row < inputs.Rows; row++)
        {
            // q = e^s / Σ e^s
            double[] exponentials = [.. scores.Row(row).ToArray().Select(score => Math.Exp(score))];
            float[] probabilities = predictor.Predict(inputs.Row(row));
            Classification answer = predictor.Classify(inputs.Row(row));
            int best = Array.IndexOf(exponentials, exponentials.Max());
            for (int i = 0; i < 3; i++)
            {
                ((double)probabilities[i]).Should().BeApproximately(exponentials[i] / exponentials.Sum(), 1e-6);
            }

            answer.Should().Be(new Classification(Wines[best], probabilities[best], best));
        }
    }

    [Fact]
    public void A_yes_or_no_score_becomes_the_probability_of_sigma_and_the_answer_its_own_probability()
    {
        var network = new Sequential(new Linear(1, 1, new Random(1)));
        var linear = (Linear)network.Children[0];
        linear.Weight.Value.Span[0] = 1;
        var predictor = new Predictor(network, OutputKind.BinaryScores, ["ham", "spam"]);
        predictor.Predict([2f])[0].Should().BeApproximately((float)(1 / (1 + Math.Exp(-2))), 1e-6f);
        predictor.Classify([2f]).Label.Should().Be("spam");
        predictor.Classify([2f]).Probability!.Value.Should().BeApproximately((float)(1 / (1 + Math.Exp(-2))), 1e-6f);
        predictor.Classify([-2f]).Should().Match<Classification>(answer => answer.Label == "ham" && answer.Index == 0);
        predictor.Classify([-2f]).Probability!.Value.Should().BeApproximately((float)(1 - (1 / (1 + Math.Exp(2)))), 1e-6f);

        // As the losses and metrics have it: yes above 0, and no at 0.
        predictor.Classify([0f]).Index.Should().Be(0);
        new Predictor(network, OutputKind.BinaryScores, ["spam"]).Classify([-1f]).Label.Should().Be("not spam");
        new Predictor(network, OutputKind.BinaryScores).Classify([1f]).Label.Should().Be("1");
    }

    [Fact]
    public void Values_stay_as_they_are_and_say_a_class_only_where_classes_are_named()
    {
        Sequential network = Networks.Mixed(2);
        Matrix inputs = Networks.Inputs(3);
        var predictor = new Predictor(network, OutputKind.Values);
        predictor.Predict(inputs).ToArray().Should().BeEquivalentTo(network.Predict(inputs).ToArray());
        predictor.Invoking(p => p.Classify(inputs)).Should().Throw<InvalidOperationException>().WithMessage("*values, not classes*Predict*");

        Classification answer = new Predictor(network, OutputKind.Values, ["a", "b"]).Classify(inputs.Row(0));
        answer.Probability.Should().BeNull();
        answer.Label.Should().Be(network.Predict(inputs)[0, 0] > network.Predict(inputs)[0, 1] ? "a" : "b");
    }

    [Fact]
    public void Margins_give_a_label_without_a_probability()
    {
        Sequential network = Networks.Mixed(1);
        Matrix inputs = Networks.Inputs(20);
        Matrix margins = network.Predict(inputs);
        var predictor = new Predictor(network, OutputKind.Margins, ["no", "yes"]);
        predictor.Predict(inputs).ToArray().Should().BeEquivalentTo(margins.ToArray());
        IReadOnlyList<Classification> answers = predictor.Classify(inputs);
        answers.Should().OnlyContain(answer => answer.Probability == null);
        answers.Select(answer => answer.Label).Should().Equal(margins.Span.ToArray().Select(margin => margin > 0 ? "yes" : "no"));
        answers.Select(answer => answer.Index).Distinct().Should().HaveCount(2, "both answers are tested");
    }

    [Fact]
    public void Several_yes_or_no_questions_have_probabilities_and_no_single_class()
    {
        var predictor = new Predictor(Networks.Mixed(3), OutputKind.BinaryScores, ["red", "round", "ripe"]);
        predictor.Predict(Networks.Inputs(1).Row(0)).Should().OnlyContain(p => p > 0 && p < 1);
        predictor.Invoking(p => p.Classify(Networks.Inputs(1))).Should().Throw<InvalidOperationException>().WithMessage("*3 yes-or-no questions*Predict*");
    }

    [Fact]
    public void Rows_batches_and_memory_of_ones_own_give_the_same()
    {
        var predictor = new Predictor(Networks.Mixed(3), OutputKind.ClassScores);
        Matrix inputs = Networks.Inputs(7);
        Matrix all = predictor.Predict(inputs);
        var into = new Matrix(7, 3);
        predictor.Predict(inputs, into);
        into.Span.ToArray().Should().Equal(all.Span.ToArray());
        IReadOnlyList<Classification> answers = predictor.Classify(inputs);
        for (int row = 0; row < 7; row++)
        {
            var one = new float[3];
            predictor.Predict(inputs.Row(row), one);
            one.Should().Equal(predictor.Predict(inputs.Row(row)));
            for (int i = 0; i < 3; i++)
            {
                one[i].Should().BeApproximately(all[row, i], 1e-6f);
            }

            answers[row].Label.Should().Be(predictor.Classify(inputs.Row(row)).Label);
            answers[row].Label.Should().Be($"{answers[row].Index}");
        }
    }

    [Fact]
    public void Training_the_network_on_leaves_the_predictor_as_it_is()
    {
        Sequential network = Networks.Mixed(3);
        Matrix inputs = Networks.Inputs(8);
        var predictor = new Predictor(network, OutputKind.ClassScores);
        float[] before = predictor.Predict(inputs).Span.ToArray();
        float[] scoresBefore = network.Predict(inputs).Span.ToArray();

        Matrix gradient = network.Forward(inputs).Clone();
        network.Backward(gradient);
        new SGD(network, learningRate: 1).Step();

        network.Predict(inputs).Span.ToArray().Should().NotEqual(scoresBefore);
        predictor.Predict(inputs).Span.ToArray().Should().Equal(before);
    }

    [Fact]
    public void A_wrong_width_is_refused_with_the_names_of_the_features()
    {
        var predictor = new Predictor(Networks.Mixed(3), OutputKind.ClassScores, Wines, ["alcohol", "malic acid", "ash", "alcalinity"]);
        predictor.Invoking(p => p.Predict(new float[3])).Should().Throw<ArgumentException>()
            .WithMessage("A sample has 4 features (alcohol, malic acid, ash, alcalinity), received 3.*").WithParameterName("features");
        predictor.Invoking(p => p.Classify(new float[8])).Should().Throw<ArgumentException>().WithMessage("*4 features*received 8*");
        predictor.Invoking(p => p.Predict(new Matrix(2, 5))).Should().Throw<ArgumentException>().WithMessage("*4 features*a matrix of 2×5*");
        predictor.Invoking(p => p.Predict(new Matrix(0, 4))).Should().Throw<ArgumentException>();
        predictor.Invoking(p => p.Predict(new float[4], new float[2])).Should().Throw<ArgumentException>().WithMessage("*3 numbers*received 2*");
        predictor.Invoking(p => p.Predict(new Matrix(2, 4), new Matrix(1, 3))).Should().Throw<ArgumentException>().WithMessage("*2×3*received a matrix of 1×3*");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_feature_that_is_not_finite_is_refused_with_its_place_and_name(float bad)
    {
        var predictor = new Predictor(Networks.Mixed(3), OutputKind.ClassScores, Wines, ["alcohol", "malic acid", "ash", "alcalinity"]);
        predictor.Invoking(p => p.Classify([1, 2, bad, 4])).Should().Throw<ArgumentException>().WithMessage("Feature 2 ('ash') must be a finite number*");
        predictor.Invoking(p => p.Predict([1, 2, bad, 4])).Should().Throw<ArgumentException>().WithMessage("Feature 2 ('ash') must be a finite number*");
        Matrix inputs = Networks.Inputs(3);
        inputs[1, 3] = bad;
        predictor.Invoking(p => p.Predict(inputs)).Should().Throw<ArgumentException>().WithMessage("Feature 3 ('alcalinity') of row 1 must*");
        predictor.Invoking(p => p.Classify(inputs)).Should().Throw<ArgumentException>().WithMessage("Feature 3 ('alcalinity') of row 1 must*");
    }

    [Fact]
    public void Outputs_that_overflow_are_reported_instead_of_returned()
    {
        var network = new Sequential(new Linear(2, 2, new Random(1)));
        network.Children[0].Parameters[0].Value.Span.Fill(1e30f);
        var predictor = new Predictor(network, OutputKind.ClassScores);
        predictor.Invoking(p => p.Classify([1e20f, 1e20f])).Should().Throw<NotFiniteNumberException>().WithMessage("*far from any*");
        predictor.Invoking(p => p.Predict([1e20f, 1e20f])).Should().Throw<NotFiniteNumberException>();
    }

    [Fact]
    public void A_network_that_diverged_is_refused_with_the_parameter()
    {
        Sequential network = Networks.Mixed(3);
        network.Children[4].Parameters[1].Value.Span[2] = float.NaN;
        FluentActions.Invoking(() => new Predictor(network, OutputKind.ClassScores)).Should().Throw<ArgumentException>().WithMessage("*'4.bias'*diverged*");
    }

    [Fact]
    public void Lists_of_another_length_and_ends_that_contradict_the_outputs_are_refused()
    {
        Sequential network = Networks.Mixed(3);
        FluentActions.Invoking(() => new Predictor(network, OutputKind.ClassScores, ["a", "b"])).Should().Throw<ArgumentException>().WithMessage("*3 outputs*2 class names*");
        FluentActions.Invoking(() => new Predictor(network, OutputKind.ClassScores, inputNames: ["a", "b"])).Should().Throw<ArgumentException>().WithMessage("*4 features*2 names*");
        FluentActions.Invoking(() => new Predictor(network, (OutputKind)9)).Should().Throw<ArgumentOutOfRangeException>();
        var ended = new Sequential(new Linear(4, 3, new Random(1)), new Softmax());
        Sequential yes = new(new Linear(2, 1, new Random(1)), new Sigmoid());
        FluentActions.Invoking(() => new Predictor(yes, OutputKind.BinaryScores)).Should().Throw<ArgumentException>().WithMessage("*ends in Sigmoid*second time*");
        FluentActions.Invoking(() => new Predictor(ended, OutputKind.ClassScores)).Should().Throw<ArgumentException>().WithMessage("*ends in Softmax*second time*");
        new Predictor(ended, OutputKind.Values, Wines).Classify([1, 2, 3, 4]).Label.Should().BeOneOf(Wines);
        FluentActions.Invoking(() => new Predictor(new Sequential(new ReLU()), OutputKind.Values)).Should().Throw<ArgumentException>().WithMessage("*any*names*");
        new Predictor(new Sequential(new ReLU()), OutputKind.Values, inputNames: ["a", "b"]).Predict([-1, 1]).Should().Equal(0, 1);
    }

    [Fact]
    public void It_says_what_it_is()
    {
        new Predictor(Networks.Mixed(3), OutputKind.ClassScores, Wines).ToString().Should().Be("Predictor(4 features → 3 ClassScores: barolo, grignolino, barbera)");
        new Classification("barolo", 0.97f, 0).ToString().Should().Be("barolo (97.0 %)");
        new Classification("barolo", null, 0).ToString().Should().Be("barolo");
    }
}
