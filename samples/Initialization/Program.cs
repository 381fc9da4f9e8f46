// Lecture L2.2 to L2.9: how the initial weights decide what reaches the last layer, and whether training starts at all.
const string Description = "Initialisation: six hidden layers under five kinds of first weights (lecture L2.2-L2.9).";
return SampleCommand.Run(args, Description, full: "10 s", quick: "3 s", takesData: true, run: sample =>
    sample.InTurn(Signals.Run, Curves.Run));
