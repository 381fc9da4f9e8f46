// Lecture L3: the activations of Table 3 with their derivatives, and what these do to the gradient of a deep network.
const string Description = "Activations: curves with their derivatives, and how the gradient fades with depth (lecture L3).";
return SampleCommand.Run(args, Description, full: "3 s", quick: "1 s", run: sample => sample.InTurn(Table3.Run, FadingGradients.Run));
