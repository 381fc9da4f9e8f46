using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Optimizers;

public sealed class OptimizerGoldenTests
{
    // The expected values come from this Python program:
    //   import math
    //   def run(rule):
    //       theta, state = [0.5, -0.25, 2.0], [[0.0, 0.0, 0.0] for _ in range(3)]
    //       for t in range(1, 6):
    //           for i in range(3):
    //               theta[i] = rule(theta[i], (i + 1) * theta[i] - 0.75 * t, state[i], t)
    //       return theta
    //   def sgd(w, g, s, t): return w - 0.1 * g
    //   def momentum(w, g, s, t): s[0] = 0.9 * s[0] - 0.1 * g; return w + s[0]
    //   def nesterov(w, g, s, t): s[0] = 0.9 * s[0] - 0.1 * g; return w + 0.9 * s[0] - 0.1 * g
    //   def adagrad(w, g, s, t): s[0] += g * g; return w - 0.1 * g / (math.sqrt(s[0]) + 1e-10)
    //   def rmsprop(w, g, s, t): s[0] = 0.99 * s[0] + 0.01 * g * g; return w - 0.1 * g / math.sqrt(s[0] + 1e-8)
    //   def adam(w, g, s, t):
    //       s[0] = 0.9 * s[0] + 0.1 * g; s[1] = 0.999 * s[1] + 0.001 * g * g
    //       return w - 0.1 * (s[0] / (1 - 0.9 ** t)) / (math.sqrt(s[1] / (1 - 0.999 ** t)) + 1e-8)
    //   def adam_lecture(w, g, s, t):
    //       s[0] = 0.9 * s[0] + 0.1 * g; s[1] = 0.999 * s[1] + 0.001 * g * g
    //       return w - 0.1 * s[0] / math.sqrt(s[1] + 1e-8)
    //   def adamw(w, g, s, t): return adam(w - 0.1 * 0.01 * w, g, s, t)
    //   def amsgrad(w, g, s, t):
    //       s[0] = 0.9 * s[0] + 0.1 * g; s[1] = 0.3 * s[1] + 0.7 * g * g; s[2] = max(s[2], s[1])
    //       return w - 0.1 * (s[0] / (1 - 0.9 ** t)) / (math.sqrt(s[2] / (1 - 0.3 ** t)) + 1e-8)
    //   def nadam(w, g, s, t):
    //       mu, mu_next = (0.9 * (1 - 0.5 * 0.96 ** (k * 0.004)) for k in (t, t + 1))
    //       s[0] = 0.9 * s[0] + 0.1 * g; s[1] = 0.999 * s[1] + 0.001 * g * g; s[2] = mu * (s[2] if t > 1 else 1)
    //       denominator = math.sqrt(s[1] / (1 - 0.999 ** t)) + 1e-8
    //       return w - 0.1 * (1 - mu) / (1 - s[2]) * g / denominator - 0.1 * mu_next / (1 - s[2] * mu_next) * s[0] / denominator
    //   for rule in (sgd, momentum, nesterov, adagrad, rmsprop, adam, adam_lecture, adamw, amsgrad, nadam): print(rule.__name__, run(rule))
    // adamw's program takes the gradient before the decay, as the network does.
    public static TheoryData<string, double[]> Table { get; } = new()
    {
        { "SGD", [1.2810525, 0.7846, 1.1008475] },
        { "Momentum", [2.00769, 1.8577375, -0.11179] },
        { "Nesterov", [2.421413738475, 1.981364128, 0.741943603025] },
        { "AdaGrad", [0.9305117514186768, 0.13687786663227341, 1.7442352672822456] },
        { "RMSprop", [3.6290458914279986, 1.945361236298271, 1.0822718514925131] },
        { "Adam", [0.9653343224971631, 0.24714298333158438, 1.5286667316724598] },
        { "Adam of the lecture", [2.7497459328850025, 2.0748421735430753, 0.26099680640386547] },
        { "AMSGrad of short memory", [0.8713791288084987, 0.17907952178678122, 1.5580069894840984] },
        { "NAdam", [1.0181989080067333, 0.2242161523809879, 1.6798148980199021] },
        { "AdamW", [0.9618799469289865, 0.2474015883528244, 1.5199971720748835] },
    };

    [Theory]
    [MemberData(nameof(Table))]
    [Trait("Lecture", "L5.1")]
    [Trait("Lecture", "L5.2")]
    [Trait("Lecture", "L5.3")]
    [Trait("Lecture", "L5.4")]
    [Trait("Lecture", "L5.5")]
    public void Five_steps_end_where_an_independent_program_ends(string name, double[] expected)
    {
        var layer = new Linear(3, 1, new Random(1), bias: false);
        new float[] { 0.5f, -0.25f, 2 }.CopyTo(layer.Weight.Value.Span);
        Optimizer optimizer = OptimizerCases.All.Single(optimizerCase => optimizerCase.Name == name).Create(layer, 0.1);
        for (int t = 1; t <= 5; t++)
        {
            for (int i = 0; i < 3; i++)
            {
                layer.Weight.Gradient.Span[i] = ((i + 1) * layer.Weight.Value.Span[i]) - (0.75f * t);
            }

            optimizer.Step();
        }

        for (int i = 0; i < 3; i++)
        {
            ((double)layer.Weight.Value.Span[i]).Should().BeApproximately(expected[i], 5e-6);
        }
    }
}
