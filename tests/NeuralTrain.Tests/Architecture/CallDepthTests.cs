using System.Diagnostics;
using NeuralTrain.Tests.Training;

namespace NeuralTrain.Tests.Architecture;

/// <summary>How few calls lie between what a user writes and what computes.</summary>
public sealed class CallDepthTests
{
    [Fact]
    public void From_Fit_to_the_first_forward_pass_are_at_most_seven_calls()
    {
        var probe = new CallDepth();
        Trainer trainer = TestData.Classifier(new Sequential(probe, new Linear(3, 3, new Random(1))));
        trainer.Fit(TestData.Classes(40), epochs: 1);

        // The container's own frames count once: the compiler may have made one of them, or made them part of their caller. All others count.
        string[] calls = [.. probe.Calls!.SkipWhile(call => call.StartsWith("Sequential.", StringComparison.Ordinal) || call == "Layer.Pass").TakeWhile(call => call != "Trainer.Fit").Append("Trainer.Fit").Prepend("Sequential.Forward")];
        calls.Should().HaveCountLessThanOrEqualTo(7, string.Join(" < ", calls)).And.Contain(call => call.StartsWith("TrainingRun.", StringComparison.Ordinal));
    }

    private sealed class CallDepth : Layer
    {
        public IReadOnlyList<string>? Calls { get; private set; }

        public override void Infer(Matrix input, Matrix output) => input.Span.CopyTo(output.Span);

        public override void Forward(Matrix input, Matrix output)
        {
            Calls ??= [.. new StackTrace(skipFrames: 1).GetFrames().Select(frame => frame.GetMethod()!).Select(method => $"{method.DeclaringType?.Name}.{method.Name}")];
            Infer(input, output);
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
        {
            if (!inputGradient.IsEmpty) outputGradient.Span.CopyTo(inputGradient.Span);
        }
    }
}
