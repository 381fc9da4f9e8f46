// Lecture L7: what to do in which order, from a baseline and sanity checks to the search for hyper-parameters, and transfer.
const string Description = "Training in practice: checks, baseline, early stopping, search, transfer (lecture L7.1-L7.5).";
return SampleCommand.Run(args, Description, full: "8 s", quick: "4 s", takesData: true, run: sample =>
    sample.InTurn(SanityChecks.Run, Stopping.Run, Searches.Run, Transfer.Run));
