using NeuralTrain;

// The first start trains; delete the model file to train again. Put your own table in place of plants.csv.
if (!File.Exists("model.safetensors"))
{
    Table table = Table.FromCsv("plants.csv");
    (Table train, Table test) = table.Split(0.8, new Random(1), stratifyBy: "bloomed");
    TableSchema schema = table.InferSchema(target: "bloomed");
    Console.WriteLine(schema);

    TableModel model = TableModel.Fit(train, schema, new Random(1));
    Console.WriteLine(model.Evaluate(test));
    model.Save("model.safetensors");
}

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddNeuralTrain().AddTablePredictor("plants", "model.safetensors", reloadOnChange: true);
builder.Services.AddHealthChecks().AddNeuralTrain();
WebApplication app = builder.Build();

// POST /predict takes an object of fields, or an array of them: {"light":9.5,"water":40,"soil":"loam"}
app.MapTablePredictor("/predict", "plants");
app.MapHealthChecks("/health");
app.Run();
