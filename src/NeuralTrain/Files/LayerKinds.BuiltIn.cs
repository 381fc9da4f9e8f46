namespace NeuralTrain;

/// <content>The layers of the library, by folder.</content>
public static partial class LayerKinds
{
    // Parameters and masks are filled in afterwards; nothing drawn here stays.
    private static Random Anything => new(0);

    private static void AddBuiltIn()
    {
        AddContainers();
        AddLayers();
        AddRandomLayers();
        AddActivations();
    }

    private static void AddContainers()
    {
        Add<Sequential>("Sequential", (layer, s) => s.SetLayers(layer.Children), s => new Sequential(s.Layers()));
        Add<Residual>("Residual", (layer, s) => s.SetLayers(layer.Children), s => new Residual(s.Layers()));
        Add<Concatenate>("Concatenate", (layer, s) => s.SetLayers(layer.Children), s => new Concatenate(s.Layers()));
    }

    private static void AddLayers()
    {
        Add<Linear>(
            "Linear",
            (layer, s) =>
            {
                s.Set("inputs", layer.InputSize!.Value);
                s.Set("outputs", layer.Weight.Shape[0]);
                s.Set("bias", layer.Bias is not null);
            },
            s =>
            {
                s.Claim("inputs", "outputs");
                return new Linear(s.WholeNumber("inputs"), s.WholeNumber("outputs"), Anything, s.Flag("bias"), new Zeros()) { WeightsAreDrawn = false };
            });
        Add<Maxout>(
            "Maxout",
            (layer, s) =>
            {
                s.Set("inputs", layer.InputSize!.Value);
                s.Set("outputs", layer.OutputSize(layer.InputSize!.Value));
                s.Set("pieces", layer.Weight.Shape[0] / layer.OutputSize(layer.InputSize!.Value));
                s.Set("bias", layer.Bias is not null);
            },
            s =>
            {
                s.Claim("inputs", "outputs", "pieces");
                return new Maxout(
                    s.WholeNumber("inputs"), s.WholeNumber("outputs"), Anything, s.WholeNumber("pieces"), s.Flag("bias"), new Zeros())
                { WeightsAreDrawn = false };
            });
        Add<BatchNorm>(
            "BatchNorm",
            (layer, s) =>
            {
                s.Set("size", layer.InputSize!.Value);
                s.Set("scaleAndShift", layer.Weight is not null);
                s.Set("epsilon", layer.Epsilon);
                s.Set("runningAverageRate", layer.RunningAverageRate);
            },
            s =>
            {
                s.Claim("size");
                return new BatchNorm(s.WholeNumber("size"), s.Flag("scaleAndShift"), s.Number("epsilon"), s.Number("runningAverageRate"));
            });
        Add<LayerNorm>(
            "LayerNorm",
            (layer, s) =>
            {
                s.Set("size", layer.InputSize!.Value);
                s.Set("scaleAndShift", layer.Weight is not null);
                s.Set("epsilon", layer.Epsilon);
            },
            s =>
            {
                // Without scale and shift it has no values, and asks for no memory.
                if (s.Flag("scaleAndShift"))
                {
                    s.Claim("size");
                }

                return new LayerNorm(s.WholeNumber("size"), s.Flag("scaleAndShift"), s.Number("epsilon"));
            });
        Add<Normalization>(
            "Normalization",
            (layer, s) =>
            {
                s.Set("size", layer.InputSize!.Value);
                s.Set("inverse", layer.IsInverse);
            },
            s =>
            {
                s.Claim("size");
                return new Normalization(s.WholeNumber("size"), s.Flag("inverse"));
            });
    }

    // The masks go on where they stopped, so that a loaded network is trained on as if it had never been saved.
    private static void AddRandomLayers()
    {
        AddSeeded<Dropout>(
            "Dropout",
            (layer, s) =>
            {
                s.Set("probability", layer.Probability);
                s.Set("direct", layer.Mode == DropoutMode.Direct);
            },
            s => new Dropout(s.Number("probability"), Anything, s.Flag("direct") ? DropoutMode.Direct : DropoutMode.Inverted));
        AddSeeded<AlphaDropout>(
            "AlphaDropout", (layer, s) => s.Set("probability", layer.Probability), s => new AlphaDropout(s.Number("probability"), Anything));
        AddSeeded<GaussianNoise>(
            "GaussianNoise", (layer, s) => s.Set("deviation", layer.Deviation), s => new GaussianNoise(s.Number("deviation"), Anything));
        AddSeeded<RReLU>(
            "RReLU",
            (layer, s) =>
            {
                s.Set("lower", layer.Lower);
                s.Set("upper", layer.Upper);
            },
            s => new RReLU(Anything, s.Number("lower"), s.Number("upper")));
    }

    private static void AddActivations()
    {
        Add<Identity>("Identity", () => new Identity());
        Add<Sigmoid>("Sigmoid", () => new Sigmoid());
        Add<Tanh>("Tanh", () => new Tanh());
        Add<ReLU>("ReLU", () => new ReLU());
        Add<SELU>("SELU", () => new SELU());
        Add<SiLU>("SiLU", () => new SiLU());
        Add<Softmax>("Softmax", () => new Softmax());
        Add<LogSoftmax>("LogSoftmax", () => new LogSoftmax());
        Add<LeakyReLU>("LeakyReLU", (layer, s) => s.Set("slope", layer.Slope), s => new LeakyReLU(s.Number("slope")));
        Add<ELU>("ELU", (layer, s) => s.Set("alpha", layer.Alpha), s => new ELU(s.Number("alpha")));
        Add<GELU>("GELU", (layer, s) => s.Set("approximate", layer.IsApproximate), s => new GELU(s.Flag("approximate")));
        Add<Softplus>("Softplus", (layer, s) => s.Set("centered", layer.IsCentered), s => new Softplus(s.Flag("centered")));
        Add<PReLU>(
            "PReLU",
            (layer, s) =>
            {
                if (!layer.IsShared)
                {
                    s.Set("units", layer.Weight.Shape[0]);
                }
            },
            s =>
            {
                s.Claim("units");
                return new PReLU(s.Has("units") ? s.WholeNumber("units") : null);
            });
        Add<APL>(
            "APL",
            (layer, s) =>
            {
                s.Set("units", layer.InputSize!.Value);
                s.Set("hinges", layer.Hinges);
            },
            s =>
            {
                s.Claim("units", "hinges");
                return new APL(s.WholeNumber("units"), s.WholeNumber("hinges"), Anything);
            });
    }

    private static void Add<TLayer>(string kind, Func<TLayer> create)
        where TLayer : Layer => Add<TLayer>(kind, (_, _) => { }, _ => create());

    private static void Add<TLayer>(string kind, Action<TLayer, LayerSettings> describe, Func<LayerSettings, TLayer> create)
        where TLayer : Layer
    {
        var added = new LayerKind(kind, (layer, settings) => describe((TLayer)layer, settings), create);
        ByType.Add(typeof(TLayer), added);
        ByName.Add(kind, added);
    }

    private static void AddSeeded<TLayer>(string kind, Action<TLayer, LayerSettings> describe, Func<LayerSettings, TLayer> create)
        where TLayer : Layer => Add<TLayer>(
        kind,
        (layer, s) =>
        {
            describe(layer, s);
            s.SetSeed("seed", layer.RandomStream!.Seed);
            s.SetSeed("drawn", layer.RandomStream!.Position);
        },
        s =>
        {
            TLayer layer = create(s);
            (layer.RandomStream!.Seed, layer.RandomStream!.Position) = (s.Seed("seed"), s.Seed("drawn"));
            return layer;
        });
}
