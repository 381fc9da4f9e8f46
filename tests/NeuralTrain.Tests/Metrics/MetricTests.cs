namespace NeuralTrain.Tests.Metrics;

/// <summary>Each metric against its formula written out plainly in double, with and without weights, whole and in parts.</summary>
public sealed class MetricTests
{
    public static TheoryData<string, OutputKind, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, OutputKind, int>();
            foreach (string name in new[] { "accuracy", "precision", "recall", "F1", "log-loss" })
            {
                foreach (OutputKind kind in Enum.GetValues<OutputKind>())
                {
                    foreach (int outputs in new[] { 1, 4 })
                    {
                        if (!(name == "log-loss" && kind == OutputKind.Margins) && !(kind == OutputKind.ClassScores && outputs == 1))
                        {
                            cases.Add(name, kind, outputs);
                        }
                    }
                }
            }

            cases.Add("top-2 accuracy", OutputKind.ClassScores, 4);
            cases.Add("MAE", OutputKind.Values, 3);
            cases.Add("R²", OutputKind.Values, 3);
            return cases;
        }
    }

    [Fact]
    public void Rows_without_weights_count_1_each_beside_others_with_weights()
    {
        var accuracy = new Accuracy();
        accuracy.Begin(OutputKind.ClassScores, 2);
        accuracy.Add(new float[,] { { 1, 0 } }, new float[,] { { 1, 0 } });
        accuracy.Add(new float[,] { { 1, 0 } }, new float[,] { { 0, 1 } }, [3]);
        accuracy.Value.Should().Be(0.25);
    }

    [Fact]
    public void Shares_are_ratios_and_errors_in_units_are_not()
    {
        Metric[] all = [.. typeof(Metric).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Metric)) && !type.IsAbstract).Select(Make)];
        all.Where(metric => !metric.IsRatio).Select(metric => metric.Name).Should().BeEquivalentTo("MAE", "MAPE", "RMSE", "R²", "log-loss", "Brier score");

        static Metric Make(Type type)
        {
            System.Reflection.ConstructorInfo constructor = type.GetConstructors().MinBy(candidate => candidate.GetParameters().Length)!;
            return (Metric)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.HasDefaultValue ? parameter.DefaultValue : 2)]);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_metric_is_its_formula_for_any_split_into_batches(string name, OutputKind kind, int outputs)
    {
        const int Rows = 57;
        (Matrix prediction, Matrix target) = Draw(kind, outputs, Rows, name is "MAE" or "R²");
        float[] weights = [.. Enumerable.Range(0, Rows).Select(row => row % 7 == 0 ? 0 : 0.5f + (row % 3))];
        foreach (float[] used in new[] { [], weights })
        {
            double expected = Reference(name, kind, prediction, target, used.Length == 0 ? [.. Enumerable.Repeat(1f, Rows)] : used);
            foreach (int size in new[] { Rows, 10, 1 })
            {
                Metric metric = Create(name);
                metric.Begin(kind, outputs);
                metric.Add(prediction, target);
                metric.Reset();
                for (int start = 0; start < Rows; start += size)
                {
                    int count = Math.Min(size, Rows - start);
                    metric.Add(prediction.SliceRows(start, count), target.SliceRows(start, count), used.Length == 0 ? [] : used.AsSpan(start, count));
                }

                metric.Value.Should().BeApproximately(expected, 1e-9, $"{name} of {kind}, batches of {size}, {used.Length} weights");
                metric.Name.Should().Be(name);
            }
        }
    }

    [Fact]
    public void R2_of_far_away_targets_is_not_lost_in_rounding()
    {
        Matrix target = new float[,] { { 1e7f }, { 1e7f + 1 }, { 1e7f + 2 }, { 1e7f + 3 } };
        Matrix prediction = new float[,] { { 1e7f }, { 1e7f + 1 }, { 1e7f + 2 }, { 1e7f + 2 } };
        Measure(new RSquared(), OutputKind.Values, prediction, target).Should().BeApproximately(1 - (1.0 / 5), 1e-12);
    }

    [Fact]
    public void R2_of_equal_targets_is_1_if_they_are_met_and_else_0()
    {
        Matrix target = new float[,] { { 2, 2 }, { 2, 2 } };
        Matrix prediction = new float[,] { { 2, 2 }, { 2, 3 } };
        Measure(new RSquared(), OutputKind.Values, prediction, target).Should().Be(0.5);
    }

    [Fact]
    public void A_class_that_never_occurs_does_not_count_and_one_never_found_counts_as_0()
    {
        Matrix target = new float[,] { { 1, 0, 0 }, { 1, 0, 0 }, { 0, 1, 0 } };
        Matrix prediction = new float[,] { { 1, 0, 0 }, { 1, 0, 0 }, { 1, 0, 0 } };
        Measure(new Recall(), OutputKind.ClassScores, prediction, target).Should().Be(0.5);
        Measure(new Precision(), OutputKind.ClassScores, prediction, target).Should().BeApproximately(1.0 / 3, 1e-15);
        Measure(new F1(), OutputKind.ClassScores, prediction, target).Should().BeApproximately(0.4, 1e-15);
    }

    [Fact]
    public void A_class_that_is_only_predicted_counts_as_0()
    {
        Matrix target = new float[,] { { 1, 0, 0 }, { 1, 0, 0 } };
        Matrix prediction = new float[,] { { 1, 0, 0 }, { 0, 1, 0 } };
        Measure(new Recall(), OutputKind.ClassScores, prediction, target).Should().Be(0.25);
        Measure(new Precision(), OutputKind.ClassScores, prediction, target).Should().Be(0.5);
    }

    [Theory]
    [InlineData(OutputKind.BinaryScores, 1)]
    [InlineData(OutputKind.BinaryScores, 2)]
    [InlineData(OutputKind.Values, 1)]
    [InlineData(OutputKind.Margins, 1)]
    public void Where_nothing_is_positive_and_nothing_predicted_so_the_value_is_0_as_in_scikit_learn(OutputKind kind, int outputs)
    {
        var prediction = new Matrix(5, outputs);
        prediction.Span.Fill(-2);
        var target = new Matrix(5, outputs);
        target.Span.Fill(kind == OutputKind.Margins ? -1 : 0);
        foreach (Metric metric in new Metric[] { new F1(), new Precision(), new Recall() })
        {
            Measure(metric, kind, prediction, target).Should().Be(0, metric.Name);
            metric.Reset();
            double.IsNaN(metric.Value).Should().BeTrue("no row was added since");
        }
    }

    [Fact]
    public void Without_any_weight_there_is_no_value()
    {
        foreach (Metric metric in new Metric[] { new Accuracy(), new F1(), new Precision(), new Recall(), new RSquared(), new AbsoluteError(), new LogLoss() })
        {
            metric.Begin(OutputKind.Values, 1);
            metric.Add(new Matrix(2, 1), new Matrix(2, 1), [0, 0]);
            double.IsNaN(metric.Value).Should().BeTrue(metric.Name);
        }
    }

    [Fact]
    public void A_prediction_that_is_not_finite_is_no_decision_and_has_no_rank()
    {
        foreach (float wrong in new[] { float.NaN, float.PositiveInfinity })
        {
            foreach (Metric metric in new Metric[] { new Accuracy(), new F1(), new TopK(1), new RocAuc(), new AveragePrecision(), new LogLoss(), new BrierScore(), new CalibrationError() })
            {
                metric.Begin(OutputKind.ClassScores, 2);
                metric.Invoking(m => m.Add(new float[,] { { 1, 2 }, { 0, wrong } }, new float[,] { { 1, 0 }, { 0, 1 } }))
                    .Should().Throw<NotFiniteNumberException>().WithMessage(FormattableString.Invariant($"The metric '{metric.Name}' received a prediction that is {wrong} in row 1, column 1.*"));
            }
        }
    }

    [Fact]
    public void Margins_of_several_yes_in_a_row_are_no_classes()
    {
        foreach (Metric metric in new Metric[] { new Accuracy(), new F1(), new BalancedAccuracy(), new TopK(2), new RocAuc() })
        {
            metric.Begin(OutputKind.Margins, 3);
            metric.Add(new Matrix(2, 3), new float[,] { { -1, 1, -1 }, { 0, 0, 1 } });
            foreach (Matrix row in new Matrix[] { new float[,] { { 1, 1, -1 } }, new float[,] { { -1, -1, -1 } } })
            {
                metric.Invoking(m => m.Add(new Matrix(1, 3), row)).Should().Throw<ArgumentException>().WithMessage($"'{metric.Name}'*not classes*among zeros or −1*BinaryCrossEntropy*");
            }
        }
    }

    [Fact]
    public void Numbers_are_no_probabilities_of_classes()
    {
        foreach (Metric metric in new Metric[] { new LogLoss(), new BrierScore() })
        {
            metric.Begin(OutputKind.Values, 1);
            metric.Add(new float[,] { { 0.3f } }, new float[,] { { 1 } });
            metric.Invoking(m => m.Add(new float[,] { { 0.3f } }, new float[,] { { 3.2f } })).Should().Throw<ArgumentException>().WithMessage($"'{metric.Name}'*not classes: a row is 3.2,*");
            metric.Begin(OutputKind.Values, 2);
            metric.Invoking(m => m.Add(new float[,] { { 0.3f, 0.7f } }, new float[,] { { -1, 1 } })).Should().Throw<ArgumentException>().WithMessage($"'{metric.Name}'*not classes: a row is -1, 1,*");
        }
    }

    [Theory]
    [InlineData("accuracy")]
    [InlineData("precision")]
    [InlineData("recall")]
    [InlineData("F1")]
    [InlineData("top-2 accuracy")]
    public void A_metric_of_decisions_refuses_targets_that_are_numbers(string name)
    {
        foreach (Matrix target in new Matrix[] { new float[,] { { 0.3f, 2.5f } }, new float[,] { { 1, 1 } }, new float[,] { { 0, 0 } }, new float[,] { { 1, 0.5f } } })
        {
            Metric metric = Create(name);
            metric.Begin(OutputKind.Values, 2);
            metric.Invoking(m => m.Add(new Matrix(1, 2), target)).Should().Throw<ArgumentException>().WithMessage($"'{name}' measures decisions, but the targets are not classes*AbsoluteError*");
            metric.Add(new Matrix(1, 2), new float[,] { { 0, 1 } });
            metric.Add(new Matrix(1, 2), new float[,] { { -1, 1 } });
        }

        if (!name.StartsWith("top", StringComparison.Ordinal))
        {
            Metric single = Create(name);
            single.Begin(OutputKind.Values, 1);
            single.Invoking(m => m.Add(new Matrix(1, 1), new float[,] { { 21.7f } })).Should().Throw<ArgumentException>().WithMessage("*a row is 21.7,*");
            single.Add(new Matrix(2, 1), new float[,] { { 0 }, { 1 } });
        }
    }

    [Fact]
    public void What_makes_no_sense_is_refused_with_what_does()
    {
        Action margins = () => new LogLoss().Begin(OutputKind.Margins, 2);
        margins.Should().Throw<NotSupportedException>().WithMessage("*margins has none*");
        Action questions = () => new TopK(2).Begin(OutputKind.BinaryScores, 3);
        questions.Should().Throw<NotSupportedException>().WithMessage("*3 separate binary decisions*");
        Action few = () => new TopK(4).Begin(OutputKind.ClassScores, 3);
        few.Should().Throw<NotSupportedException>().WithMessage("*only 3*");
        Action unknown = () => new Accuracy().Add(new Matrix(1, 1), new Matrix(1, 1));
        unknown.Should().Throw<InvalidOperationException>().WithMessage("*Begin*");
        var accuracy = new Accuracy();
        accuracy.Begin(OutputKind.ClassScores, 3);
        Action shapes = () => accuracy.Add(new Matrix(2, 3), new Matrix(2, 2));
        shapes.Should().Throw<ArgumentException>().WithMessage("*3 columns*2×2*");
        Action weights = () => accuracy.Add(new Matrix(2, 3), new Matrix(2, 3), [1]);
        weights.Should().Throw<ArgumentException>().WithMessage("*match the rows: expected 2, received 1*");
    }

    private static double Measure(Metric metric, OutputKind kind, Matrix prediction, Matrix target)
    {
        metric.Begin(kind, prediction.Columns);
        metric.Add(prediction, target);
        return metric.Value;
    }

    private static (Matrix Prediction, Matrix Target) Draw(OutputKind kind, int outputs, int rows, bool isRegression)
    {
        var random = new Random(outputs + (int)kind);
        var prediction = new Matrix(rows, outputs);
        var target = new Matrix(rows, outputs);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < outputs; column++)
            {
                // Some ties, on purpose.
                float value = MathF.Round((random.NextSingle() - 0.5f) * 10) / 4;
                prediction[row, column] = kind == OutputKind.Values && !isRegression ? Math.Clamp((value / 2) + 0.5f, 0, 1) : value;
                bool yes = random.Next(3) == 0;
                target[row, column] = isRegression ? random.NextSingle() * (column + 1) : yes ? 1 : kind == OutputKind.Margins ? -1 : 0;
            }

            if (!isRegression && outputs > 1 && kind != OutputKind.BinaryScores)
            {
                target.Row(row).Clear();
                target[row, random.Next(outputs)] = 1;
            }
        }

        return (prediction, target);
    }

    private static Metric Create(string name) => name switch
    {
        "accuracy" => new Accuracy(),
        "precision" => new Precision(),
        "recall" => new Recall(),
        "F1" => new F1(),
        "log-loss" => new LogLoss(),
        "top-2 accuracy" => new TopK(2),
        "MAE" => new AbsoluteError(),
        _ => new RSquared(),
    };

    private static double Reference(string name, OutputKind kind, Matrix prediction, Matrix target, float[] weights)
    {
        int rows = prediction.Rows, columns = prediction.Columns;
        int[] all = [.. Enumerable.Range(0, rows)];
        double total = weights.Sum(weight => (double)weight);
        bool questions = columns == 1 || kind == OutputKind.BinaryScores;
        bool Yes(float value) => value > (kind == OutputKind.Values ? 0.5 : 0.0);
        bool IsYes(float value) => value == 1;
        int Best(Matrix matrix, int row) => matrix.Row(row).ToArray().Select((value, column) => (value, column)).OrderByDescending(pair => pair.value).First().column;
        switch (name)
        {
            case "accuracy" when questions:
                return all.Sum(row => weights[row] * Enumerable.Range(0, columns).Average(k => Yes(prediction[row, k]) == IsYes(target[row, k]) ? 1.0 : 0)) / total;
            case "accuracy":
                return all.Sum(row => Best(prediction, row) == Best(target, row) ? (double)weights[row] : 0) / total;
            case "top-2 accuracy":
                return all.Sum(row => prediction.Row(row).ToArray().Select((value, column) => (value, column)).OrderByDescending(pair => pair.value).Take(2)
                    .Any(pair => pair.column == Best(target, row)) ? (double)weights[row] : 0) / total;
            case "MAE":
                return all.Sum(row => weights[row] * Enumerable.Range(0, columns).Average(k => Math.Abs((double)prediction[row, k] - target[row, k]))) / total;
            case "R²":
                return Enumerable.Range(0, columns).Average(k =>
                {
                    double mean = all.Sum(row => weights[row] * (double)target[row, k]) / total;
                    double spread = all.Sum(row => weights[row] * Math.Pow(target[row, k] - mean, 2));
                    return 1 - (all.Sum(row => weights[row] * Math.Pow((double)target[row, k] - prediction[row, k], 2)) / spread);
                });
            case "log-loss":
                return all.Sum(row => weights[row] * Surprise(row)) / total;
        }

        double sum = 0;
        int classes = 0;
        for (int k = 0; k < columns; k++)
        {
            bool Predicted(int row) => questions ? Yes(prediction[row, k]) : Best(prediction, row) == k;
            bool Actual(int row) => questions ? IsYes(target[row, k]) : Best(target, row) == k;
            double predicted = all.Where(Predicted).Sum(row => (double)weights[row]);
            double actual = all.Where(Actual).Sum(row => (double)weights[row]);
            double right = all.Where(row => Predicted(row) && Actual(row)).Sum(row => (double)weights[row]);
            double precision = predicted > 0 ? right / predicted : 0;
            double recall = actual > 0 ? right / actual : 0;
            sum += name == "precision" ? precision : name == "recall" ? recall : precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
            classes += predicted + actual > 0 ? 1 : 0;
        }

        return sum / classes;

        double Surprise(int row)
        {
            double[] s = [.. prediction.Row(row).ToArray().Select(value => (double)value)];
            double Limit(double q) => Math.Min(Math.Max(q, Math.Pow(2, -24)), 1 - Math.Pow(2, -24));
            double[] y = [.. target.Row(row).ToArray().Select(value => (double)value)];
            return kind switch
            {
                OutputKind.ClassScores => -y.Select((value, k) => value * Math.Log(Math.Exp(s[k]) / s.Sum(Math.Exp))).Sum(),
                OutputKind.BinaryScores => -y.Select((value, k) => (value * Math.Log(1 / (1 + Math.Exp(-s[k])))) + ((1 - value) * Math.Log(1 - (1 / (1 + Math.Exp(-s[k])))))).Average(),
                _ when columns == 1 => -((y[0] * Math.Log(Limit(s[0]))) + ((1 - y[0]) * Math.Log(1 - Limit(s[0])))),
                _ => -y.Select((value, k) => value * Math.Log(Limit(s[k]))).Sum(),
            };
        }
    }
}
