using System.Globalization;

namespace NeuralTrain.Tests.Training;

public sealed class HistoryTests
{
    [Fact]
    public void A_curve_has_a_value_for_each_epoch()
    {
        Trainer trainer = TestData.Classifier();
        Dataset data = TestData.Classes(30);
        trainer.Fit(data, data, epochs: 2);
        History history = trainer.Fit(data, epochs: 1);
        history.Curve().Should().Equal(history.Epochs.Select(epoch => epoch.Training.Loss));
        history.Curve("accuracy", validation: true).Should().Equal(history.Epochs[0].Validation!.Accuracy!.Value, history.Epochs[1].Validation!.Accuracy!.Value, double.NaN);
        history.Invoking(h => h.Curve("speed")).Should().Throw<ArgumentException>().WithMessage("There is no metric 'speed'*'loss', 'accuracy'*");
    }

    [Fact]
    public void As_CSV_it_has_all_digits_whatever_the_culture_and_nothing_where_nothing_was_measured()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        Trainer trainer = TestData.Classifier();
        Dataset data = TestData.Classes(30);
        trainer.Fit(data, data, epochs: 1);
        History history = trainer.Fit(data, epochs: 1);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            string[] lines = history.ToCsv().Split('\n');
            lines.Should().HaveCount(4).And.EndWith("");
            lines[0].Should().Be("epoch,training loss,training accuracy,validation loss,validation accuracy,learning rate,gradient norm,regularization loss,seconds,samples per second");
            string[] first = lines[1].Split(','), second = lines[2].Split(',');
            (first.Length, second.Length).Should().Be((10, 10));
            double.Parse(first[1], CultureInfo.InvariantCulture).Should().Be(history.Epochs[0].Training.Loss);
            double.Parse(first[4], CultureInfo.InvariantCulture).Should().Be(history.Epochs[0].Validation!.Accuracy);
            second[3..5].Should().Equal("", "");
            (second[0], second[5], second[6]).Should().Be(("2", "0.01", ""));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void A_name_with_a_comma_or_quotes_is_quoted()
    {
        var epoch = new Epoch(1, new Evaluation(0.5, new MetricValue("a \"b\", c", 0.25, isRatio: false)), learningRate: 0.1);
        string csv = new History([epoch], 1, StopReason.EpochsDone, TimeSpan.Zero, ["a \"b\", c"], []).ToCsv();
        csv.Should().StartWith("epoch,training loss,\"training a \"\"b\"\", c\",").And.Contain("\n1,0.5,0.25,,,0.1,,0,0,0\n");
    }
}
