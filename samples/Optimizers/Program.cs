// Lecture L5.6: the paths of all optimizers through an elongated valley and past a saddle, on a map with contours.
const string Description = "Optimizers: their paths through a long valley and past a saddle (lecture L5.1-L5.6).";
return SampleCommand.Run(args, Description, full: "1 s", quick: "1 s", run: sample =>
{
    // Twenty times as steep across as along. And: level at the origin, rising along x, falling along y, and rising again further out, so that there is an end.
    var valley = new Terrain(
        "An elongated valley", "(x² + 20y²) / 20", (x, y) => ((x * x) + (20 * y * y)) / 20, (x, y) => (x / 10, 2 * y),
        Start: (-4, 1.2), Map: (-4.5, 2.5, -1.6, 1.6));
    var saddle = new Terrain(
        "Past a saddle", "½x² − ½y² + y⁴/16", (x, y) => (x * x / 2) - (y * y / 2) + (y * y * y * y / 16), (x, y) => (x, -y + (y * y * y / 4)),
        Start: (-1.5, 0.01), Map: (-1.8, 1.2, -0.6, 2.9));

    // One rate each, chosen once so that none leaves the map of the valley; the saddle is taken at the same.
    var optimizers = new Dictionary<string, Func<Layer, Optimizer>>
    {
        ["SGD"] = place => new SGD(place, 0.1),
        ["Momentum"] = place => new Momentum(place, 0.1, momentum: 0.9),
        ["Nesterov"] = place => new Nesterov(place, 0.1, momentum: 0.9),
        ["AdaGrad"] = place => new AdaGrad(place, 0.4),
        ["RMSprop"] = place => new RMSprop(place, 0.01),
        ["Adam"] = place => new Adam(place, 0.1),

        // Without correction the second moment begins far too low: a third of the rate already makes the first step as long.
        ["Adam, lecture's form"] = place => new Adam(place, 0.03, biasCorrection: false, epsilonPlacement: EpsilonPlacement.InsideRoot),
    };
    Dictionary<string, Journey> inValley = Travel(valley, steps: 200, low: 0.01, "optimizers-valley.png");
    SampleRun.Say();
    Dictionary<string, Journey> atSaddle = Travel(saddle, steps: 120, low: -0.5, "optimizers-saddle.png");

    // The two coordinates are the weights of a layer; its gradient is the slope, with no data in between.
    Dictionary<string, Journey> Travel(Terrain terrain, int steps, double low, string picture)
    {
        var journeys = new Dictionary<string, Journey>();
        foreach ((string name, Func<Layer, Optimizer> create) in optimizers)
        {
            var place = new Linear(2, 1, new Random(0), bias: false);
            (place.Weight.Value[0, 0], place.Weight.Value[0, 1]) = ((float)terrain.Start.X, (float)terrain.Start.Y);
            (Optimizer optimizer, var path) = (create(place), new List<(double X, double Y)> { terrain.Start });
            for (int i = 0; i < steps; i++)
            {
                (double x, double y) = terrain.Slope(path[i].X, path[i].Y);
                (place.Weight.Gradient[0, 0], place.Weight.Gradient[0, 1]) = ((float)x, (float)y);
                optimizer.Step();
                path.Add((place.Weight.Value[0, 0], place.Weight.Value[0, 1]));
            }

            journeys[name] = new Journey(optimizer.LearningRate, path, [.. path.Select(at => terrain.Height(at.X, at.Y))]);
        }

        sample.Save(picture, file => Figures.SaveMap(file, terrain, journeys));
        SampleRun.Print(["optimizer", "rate", "height after 10", "after 50", "at the end", $"steps to below {low:0.00;−0.00}"], journeys.Select(entry => (string[])
        [
            entry.Key, $"{entry.Value.Rate}", .. new[] { 10, 50, steps }.Select(step => $"{entry.Value.Heights[step]:0.0000;−0.0000;0.0000}"),
            Text(entry.Value.StepsBelow(low)),
        ]));
        return journeys;
    }

    (int ofMomentum, int ofSGD) = (inValley["Momentum"].StepsBelow(0.01), inValley["SGD"].StepsBelow(0.01));
    sample.Claim("Momentum runs along the valley faster than SGD (L5.2): it needs fewer steps to a height of 0.01",
        ofMomentum < ofSGD, $"{Text(ofMomentum)} against {Text(ofSGD)}");
    sample.Claim("Nesterov looks ahead and swings out less across the valley than momentum (L5.3)",
        inValley["Nesterov"].LargestSwing < inValley["Momentum"].LargestSwing,
        $"{inValley["Nesterov"].LargestSwing:0.00} against {inValley["Momentum"].LargestSwing:0.00}");
    sample.Claim("RMSprop and Adam scale each direction by itself (L5.4, L5.5): their first step goes along the valley as far as across it",
        new[] { "RMSprop", "Adam" }.All(name => inValley[name].FirstStepRatio is > 0.99 and < 1.01),
        $"{inValley["RMSprop"].FirstStepRatio:0.000} and {inValley["Adam"].FirstStepRatio:0.000}, SGD's {inValley["SGD"].FirstStepRatio:0.000}");
    string[] adaptive = ["AdaGrad", "RMSprop", "Adam"];
    sample.Claim("Past a saddle the adaptive rules lead (L5.4, L5.5): each falls below −0.5 in fewer steps than SGD",
        adaptive.All(name => atSaddle[name].StepsBelow(-0.5) < atSaddle["SGD"].StepsBelow(-0.5)),
        string.Join(", ", adaptive.Append("SGD").Select(name => $"{name} {Text(atSaddle[name].StepsBelow(-0.5))}")));

    static string Text(int steps) => steps == int.MaxValue ? "never" : $"{steps}";
});
