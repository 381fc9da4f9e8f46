// From a CSV file to a saved model in use: once for classes, once for a number. A second run finds the models and only uses them.
return SampleCommand.Run(args, "Tables: a classification and a regression, from a CSV file to a saved model in use.", "5 s", sample =>
{
    Sorts.Run(sample);
    SampleRun.Say();
    Strengths.Run(sample);
}, takesData: true, dataHelp: "The folder with wine.csv and concrete.csv (UCI). Without it, tables drawn by code serve, written into --out and read from there.");
