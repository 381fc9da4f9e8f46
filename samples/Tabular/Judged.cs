namespace NeuralTrain.Samples;

/// <summary>Models of two drawn tables, judged by pictures: are the probabilities right, which columns matter, where are the numbers off?</summary>
internal static class Judged
{
    public static void Run(SampleRun sample)
    {
        Table plants = Table.FromCsv(DrawnTables.WritePlants(sample));
        (Table train, Table test) = plants.Split(0.5, new Random(sample.Seed), stratifyBy: "sort");
        TableModel sorts = TableModel.Fit(train, plants.InferSchema(target: "sort"), new Random(sample.Seed));
        (Matrix probabilities, Matrix truths) = sorts.Compare(test);
        TableImportance importance = sorts.PermutationImportance(test);
        sample.Save("judged-classes.png", path => Picture.SaveGrid(
            [
                probabilities.ToRocCurve(truths, sorts.Schema.Classes),
                probabilities.ToPrecisionCurve(truths, sorts.Schema.Classes),
                probabilities.ToReliability(truths),
                importance.Columns.Select(column => (column.Name, column.Rise, column.Deviation)).ToImportance($"increase in {importance.Metric} when shuffled"),
            ],
            columns: 2, path, width: 800, height: 800));
        TableEvaluation evaluation = sorts.Evaluate(test);
        SampleRun.Say($"A table of classes: {evaluation}");

        Table mixtures = Table.FromCsv(DrawnTables.WriteMixtures(sample));
        (train, test) = mixtures.Split(0.5, new Random(sample.Seed));
        TableModel strengths = TableModel.Fit(train, mixtures.InferSchema(target: "strength_mpa"), new Random(sample.Seed));
        (Matrix predicted, Matrix actual) = strengths.Compare(test);
        sample.Save("judged-numbers.png", path => predicted.SavePredictions(actual, path, name: "strength, MPa"));
        TableEvaluation numbers = strengths.Evaluate(test);
        SampleRun.Say($"A table of numbers: {numbers}");
        double covered = numbers["within the 90 % interval"];
        sample.Claim("The curve of each plant encloses at least 0.9, and the interval holds 80 to 97 % of the strengths",
            evaluation["ROC AUC"] >= 0.9 && covered is >= 0.8 and <= 0.97, $"{evaluation["ROC AUC"]:0.000}; {covered:0.0 %}");
    }
}
