// Lecture L5.6: the paths of all optimizers through an elongated valley and past a saddle, on a map with contours.
const string Description = "Optimizers: their paths through a long valley and past a saddle (lecture L5.1-L5.6).";
return SampleCommand.Run(args, Description, full: "1 s", quick: "1 s", run: sample =>
{
    Terrain valley = Terrain.Valley, saddle = Terrain.Saddle;
    Dictionary<string, Journey> inValley = Journey.All(valley, steps: 200), atSaddle = Journey.All(saddle, steps: 120);
    Report.Show(sample, valley, inValley, low: 0.01, "optimizers-valley.png");
    sample.Claim("Momentum runs along the valley faster than SGD (L5.2): it needs fewer steps to a height of 0.01",
        inValley["Momentum"].StepsBelow(0.01) < inValley["SGD"].StepsBelow(0.01),
        $"{Report.Steps(inValley["Momentum"].StepsBelow(0.01))} against {Report.Steps(inValley["SGD"].StepsBelow(0.01))}");
    sample.Claim("Nesterov looks ahead and swings out less across the valley than momentum (L5.3)",
        inValley["Nesterov"].LargestSwing < inValley["Momentum"].LargestSwing,
        $"{inValley["Nesterov"].LargestSwing:0.00} against {inValley["Momentum"].LargestSwing:0.00}");
    sample.Claim("RMSprop and Adam scale each direction by itself (L5.4, L5.5): their first step goes along the valley as far as across it",
        new[] { "RMSprop", "Adam" }.All(name => inValley[name].FirstStepRatio is > 0.99 and < 1.01),
        $"{inValley["RMSprop"].FirstStepRatio:0.000} and {inValley["Adam"].FirstStepRatio:0.000}, SGD's {inValley["SGD"].FirstStepRatio:0.000}");
    SampleRun.Say();
    Report.Show(sample, saddle, atSaddle, low: -0.5, "optimizers-saddle.png");
    string[] adaptive = ["AdaGrad", "RMSprop", "Adam"];
    sample.Claim("Past a saddle the adaptive rules lead (L5.4, L5.5): each falls below −0.5 in fewer steps than SGD",
        adaptive.All(name => atSaddle[name].StepsBelow(-0.5) < atSaddle["SGD"].StepsBelow(-0.5)),
        string.Join(", ", adaptive.Append("SGD").Select(name => $"{name} {Report.Steps(atSaddle[name].StepsBelow(-0.5))}")));
});
