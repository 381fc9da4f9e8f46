namespace NeuralTrain.Samples;

/// <summary>People and their incomes: from the census, or drawn by code with the same kind of columns.</summary>
internal static class People
{
    private static readonly string[] CensusColumns =
    [
        "age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship", "race", "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country", "income",
    ];

    /// <summary>The census of 1994, known as Adult. The weight of a row in the census says nothing about a person.</summary>
    public static Table Read(DirectoryInfo folder) =>
        Table.FromCsv(Path.Combine(folder.FullName, "adult-train.csv.gz"), new CsvOptions { ColumnNames = CensusColumns });

    /// <summary>Drawn: education, hours and age raise the income; some say nothing about their work or capital.</summary>
    public static Table Draw(int seed)
    {
        var random = new Random(seed);
        string[] educations = ["School", "College", "Bachelor", "Master", "Doctor"], works = ["Private", "State", "Self-employed"];
        string[] occupations = ["Craft", "Sales", "Care", "Office", "Farming", "Transport", "Teaching", "Repair", "Engineering", "Management"];
        return Table.From(Enumerable.Range(0, 3000).Select(_ =>
        {
            int education = random.Next(educations.Length), occupation = random.Next(occupations.Length), age = random.Next(18, 76), hours = random.Next(10, 61);
            bool isMarried = random.NextDouble() < 0.5;
            double score = (0.9 * education) + (0.25 * occupation) + (0.08 * hours) - (0.002 * (age - 50) * (age - 50)) + (isMarried ? 1 : 0) - 6.5 + Logit(random.NextDouble());
            return new
            {
                age, workclass = random.Next(12) == 0 ? null : works[random.Next(works.Length)], education = educations[education], occupation = occupations[occupation], married = isMarried,
                hours_per_week = hours, capital_gain = random.Next(10) == 0 ? null : (int?)(random.Next(8) == 0 ? random.Next(20_000) : 0), income = score > 0 ? ">50K" : "<=50K",
            };
        }));

        static double Logit(double part) => Math.Log((part + 1e-9) / (1 - part));
    }

    /// <summary>Trains with the library's defaults; a quick run with fewer epochs.</summary>
    public static TableModel Train(Table people, bool isQuick, int seed = 1)
    {
        TableSchema schema = people.InferSchema(target: "income");
        if (people.Columns.Any(column => column.Name == "fnlwgt")) schema["fnlwgt"].Ignore();
        return TableModel.Fit(people, schema, new Random(seed), isQuick ? new TableFitOptions { Epochs = 6, Hidden = [32] } : null);
    }
}
