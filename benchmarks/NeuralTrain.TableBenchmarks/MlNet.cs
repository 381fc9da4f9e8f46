using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace NeuralTrain.TableBenchmarks;

internal enum MlNetTrainer
{
    LightGbm,
    FastTree,
    Linear,
}

/// <summary>A trainer of Microsoft.ML with its defaults, on one thread: texts one-hot, several targets each with a model of its own.</summary>
internal sealed record MlNet(string Name, MlNetTrainer Trainer) : Method(Name, IsTree: Trainer != MlNetTrainer.Linear)
{
    public override Outcome Run(Problem problem, Table train, Table test, int seed, bool measuresServing)
    {
        Row[] trainRows = RowsOf(problem, train), testRows = RowsOf(problem, test);
        SchemaDefinition definition = Definition(problem);
        var context = new MLContext(seed);
        int models = problem.IsClasses ? 1 : problem.Outputs;
        ITransformer[] fitted = Timed(
            () => Enumerable.Range(0, models).Select(target =>
            {
                foreach (Row row in trainRows) row.Value = (float)row.Values[target];
                IDataView data = context.Data.Cache(context.Data.LoadFromEnumerable(trainRows, definition));
                return (ITransformer)Pipeline(context, problem).Fit(data);
            }).ToArray(),
            out double seconds,
            out double processor);

        var parts = fitted.Select(model => Predict(context, problem, model, testRows, definition)).ToArray();
        double[][] predictions = [.. Enumerable.Range(0, testRows.Length).Select(row => parts.SelectMany(part => part[row]).ToArray())];
        long bytes = fitted.Sum(model =>
        {
            using var file = new MemoryStream();
            context.Model.Save(model, context.Data.LoadFromEnumerable(trainRows[..1], definition).Schema, file);
            return file.Length;
        });
        double batch = double.NaN, single = double.NaN;
        if (measuresServing)
        {
            Row[] many = [.. Enumerable.Range(0, 1000).Select(i => testRows[i % testRows.Length])], some = testRows[..Math.Min(1000, testRows.Length)];
            batch = Rate(many.Length, () => Array.ForEach(fitted, model => Predict(context, problem, model, many, definition)));
            single = problem.IsClasses && problem.Outputs > 2 ? SingleRate<Classed>(context, fitted, some, definition) : SingleRate<Numbered>(context, fitted, some, definition);
        }

        return new Outcome(predictions, seconds, processor, batch, single, bytes);
    }

    private static double SingleRate<TScored>(MLContext context, ITransformer[] fitted, Row[] rows, SchemaDefinition definition)
        where TScored : class, new()
    {
        PredictionEngine<Row, TScored>[] engines = [.. fitted.Select(model => context.Model.CreatePredictionEngine<Row, TScored>(model, ignoreMissingColumns: true, inputSchemaDefinition: definition))];
        return Rate(rows.Length, () =>
        {
            foreach (Row row in rows)
            {
                foreach (PredictionEngine<Row, TScored> engine in engines) engine.Predict(row);
            }
        });
    }

    private IEstimator<ITransformer> Pipeline(MLContext context, Problem problem)
    {
        bool hasTexts = problem.TextColumns.Length > 0;
        IEstimator<ITransformer> features = context.Transforms.Concatenate("Features", hasTexts ? ["Numbers", "Coded"] : ["Numbers"]);
        if (hasTexts) features = context.Transforms.Categorical.OneHotEncoding("Coded", "Texts").Append(features);
        if (problem.IsClasses && problem.Outputs > 2)
        {
            // In the order of the schema, so that the scores are.
            IDataView classes = context.Data.LoadFromEnumerable(problem.Schema.Classes.Select(name => new Named { Name = name }));
            features = context.Transforms.Conversion.MapValueToKey("Key", "Class", keyData: classes).Append(features);
        }

        if (Trainer == MlNetTrainer.Linear) features = features.Append(context.Transforms.NormalizeMeanVariance("Features"));
        return (problem.IsClasses, problem.Outputs, Trainer) switch
        {
            (false, _, MlNetTrainer.LightGbm) => features.Append(context.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options { LabelColumnName = "Value", NumberOfThreads = 1 })),
            (false, _, MlNetTrainer.FastTree) => features.Append(context.Regression.Trainers.FastTree(new FastTreeRegressionTrainer.Options { LabelColumnName = "Value", NumberOfThreads = 1 })),
            (false, _, _) => features.Append(context.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options { LabelColumnName = "Value", NumberOfThreads = 1 })),
            (true, 2, MlNetTrainer.LightGbm) => features.Append(context.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options { LabelColumnName = "IsPositive", NumberOfThreads = 1 })),
            (true, 2, MlNetTrainer.FastTree) => features.Append(context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options { LabelColumnName = "IsPositive", NumberOfThreads = 1 })),
            (true, 2, _) => features.Append(context.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options { LabelColumnName = "IsPositive", NumberOfThreads = 1 })),
            (true, _, MlNetTrainer.LightGbm) => features.Append(context.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options { LabelColumnName = "Key", NumberOfThreads = 1 })),
            (true, _, MlNetTrainer.FastTree) => features.Append(context.MulticlassClassification.Trainers.OneVersusAll(
                context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options { LabelColumnName = "Key", NumberOfThreads = 1 }), "Key")),
            _ => features.Append(context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options { LabelColumnName = "Key", NumberOfThreads = 1 })),
        };
    }

    private static double[][] Predict(MLContext context, Problem problem, ITransformer model, Row[] rows, SchemaDefinition definition)
    {
        IDataView scored = model.Transform(context.Data.LoadFromEnumerable(rows, definition));
        if (problem.IsClasses && problem.Outputs > 2)
        {
            return [.. context.Data.CreateEnumerable<Classed>(scored, reuseRowObject: false).Select(row => Array.ConvertAll(row.Score, score => (double)score))];
        }

        return
        [
            .. context.Data.CreateEnumerable<Numbered>(scored, reuseRowObject: false, ignoreMissingColumns: true)
                .Select(row => problem.IsClasses ? (double[])[1 - row.Probability, row.Probability] : [row.Score]),
        ];
    }

    private static SchemaDefinition Definition(Problem problem)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Numbers"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, problem.NumberColumns.Length);
        if (problem.TextColumns.Length > 0) definition["Texts"].ColumnType = new VectorDataViewType(TextDataViewType.Instance, problem.TextColumns.Length);
        else definition.Remove(definition["Texts"]);
        definition.Remove(definition["Values"]);
        return definition;
    }

    private static Row[] RowsOf(Problem problem, Table table)
    {
        double[][] truths = problem.Truths(table);
        return
        [
            .. Enumerable.Range(0, table.Rows).Select(row => new Row
            {
                Numbers = [.. problem.NumberColumns.Select(name => (float)(double)(table[name].Value(row) ?? double.NaN))],
                Texts = [.. problem.TextColumns.Select(name => (string?)table[name].Value(row) ?? "")],
                Class = problem.IsClasses ? problem.Schema.Classes[(int)truths[row][0]] : "",
                IsPositive = problem.IsClasses && truths[row][0] == 1,
                Values = truths[row],
            }),
        ];
    }

    private sealed class Row
    {
        public float[] Numbers { get; set; } = [];

        public string[] Texts { get; set; } = [];

        public string Class { get; set; } = "";

        public bool IsPositive { get; set; }

        public float Value { get; set; }

        public double[] Values { get; set; } = [];
    }

    private sealed class Named
    {
        public string Name { get; set; } = "";
    }

    private sealed class Numbered
    {
        public float Score { get; set; }

        public float Probability { get; set; }
    }

    private sealed class Classed
    {
        public float[] Score { get; set; } = [];
    }
}
