namespace NeuralTrain.Tests.Training;

/// <summary>Two forward passes of one network at the same time: one of them hears of it.</summary>
public sealed class OverlapTests
{
    private static readonly Matrix Input = new float[,] { { 1, 2 }, { 3, 4 } };

    [Fact]
    public void A_forward_pass_during_another_is_refused()
    {
        var hook = new Hook();
        var network = new Sequential(new Linear(2, 2, new Random(1)), hook, new Linear(2, 1, new Random(2)));
        network.Forward(Input);
        hook.OnForward = () => OnAnotherThread(() => network.Forward(Input));
        network.Invoking(n => n.Forward(Input)).Should().Throw<InvalidOperationException>().WithMessage("Another forward pass of Sequential*predict with Predict or Infer*Clone.");
        network.Forward(Input).Should().Be(network.Forward(Input), "alone it is as ever");
    }

    [Fact]
    public void Predictions_during_a_forward_pass_are_welcome()
    {
        var hook = new Hook();
        var network = new Sequential(new Linear(2, 2, new Random(1)), hook, new Linear(2, 1, new Random(2)));
        hook.OnForward = () => OnAnotherThread(() => network.Predict(Input));
        network.Invoking(n => n.Forward(Input)).Should().NotThrow();
    }

    [Fact]
    public async Task A_forward_pass_during_a_step_of_FitAsync_is_refused_before_the_step_changes_a_weight()
    {
        var hook = new Hook();
        var network = new Sequential(new Linear(2, 2, new Random(1)), hook, new Linear(2, 1, new Random(2)));
        var trainer = new Trainer(network, new MeanSquaredError(), new SGD(network, 0.1));
        hook.OnBackward = () => OnAnotherThread(() => network.Forward(Input));
        int[] before = TestData.Bits(network);
        Func<Task> fit = () => trainer.FitAsync(new Dataset(Input, new Matrix(2, 1)), epochs: 1);
        await fit.Should().ThrowAsync<InvalidOperationException>().WithMessage("Another forward pass*");
        TestData.Bits(network).Should().Equal(before);
    }

    private static void OnAnotherThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }

    // Calls once, in the middle of a pass.
    private sealed class Hook : Layer
    {
        private Action? _onForward, _onBackward;

        public Action? OnForward { set => _onForward = value; }

        public Action? OnBackward { set => _onBackward = value; }

        public override int OutputSize(int inputSize) => inputSize;

        public override void Infer(Matrix input, Matrix output) => input.CopyTo(output);

        public override void Forward(Matrix input, Matrix output)
        {
            input.CopyTo(output);
            Interlocked.Exchange(ref _onForward, null)?.Invoke();
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
        {
            if (!inputGradient.IsEmpty) outputGradient.CopyTo(inputGradient);
            Interlocked.Exchange(ref _onBackward, null)?.Invoke();
        }
    }
}
