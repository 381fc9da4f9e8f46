// From a CSV file to a saved model in use: once for classes, once for a number. A second run finds the models and only uses them.
const string Description = "Tables: a classification and a regression, from a CSV file to a saved model in use.";
const string DataHelp = "The folder with wine.csv and concrete.csv (UCI). Without it, tables drawn by code serve, written into --out and read from there.";
return SampleCommand.Run(args, Description, full: "1 s", quick: "1 s", takesData: true, dataHelp: DataHelp, run: sample =>
    sample.InTurn(Sorts.Run, Strengths.Run));
