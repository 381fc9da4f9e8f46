// Lecture L4: what a penalty on weights does to scores and to decision boundaries, and dropout as an ensemble and as a hyper-parameter.
const string Description = "Regularisation: penalties on weights, and dropout (lecture L4.1-L4.7).";
return SampleCommand.Run(args, Description, full: "8 s", quick: "6 s", run: sample =>
    sample.InTurn(Numbers.Run, Boundaries.Run, Ensemble.Run, DropoutRates.Run));
