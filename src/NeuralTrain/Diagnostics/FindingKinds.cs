namespace NeuralTrain;

/// <summary>All kinds of findings. A code never changes its meaning; one that is given up is not used again.</summary>
internal static class FindingKinds
{
    private static readonly List<FindingKind> Listed = [];

    public static readonly FindingKind NonFiniteFeature = Error("NT001", "a feature is NaN or infinite");
    public static readonly FindingKind NonFiniteTarget = Error("NT002", "a target is NaN or infinite");
    public static readonly FindingKind ConstantFeature = Hint("NT003", "a feature is the same in every row");
    public static readonly FindingKind UnscaledFeature = Warning("NT004", "a feature reaches the first weights unscaled");
    public static readonly FindingKind InputWidth = Error("NT005", "the data have another number of features than the network takes");
    public static readonly FindingKind OutputWidth = Error("NT006", "the network gives another number of columns than the targets have");
    public static readonly FindingKind WrongEnd = Error("NT007", "the network's end does not suit the loss");
    public static readonly FindingKind TargetOutOfReach = Error("NT008", "a target lies outside what the output activation can give");
    public static readonly FindingKind BentScores = Warning("NT009", "scores pass through an activation that bounds them");
    public static readonly FindingKind WrongTargets = Error("NT010", "the targets are not what the loss takes");
    public static readonly FindingKind AbsentClass = Warning("NT011", "a class has no rows");
    public static readonly FindingKind RareClass = Warning("NT012", "a class is rare, and nothing weighs it up");
    public static readonly FindingKind ConstantTarget = Warning("NT013", "a target is the same in every row");
    public static readonly FindingKind UnscaledTarget = Warning("NT014", "a target is far from the size of the network's outputs");
    public static readonly FindingKind LossAboveChance = Warning("NT015", "the first loss is far above that of guessing");
    public static readonly FindingKind LossBelowChance = Hint("NT016", "the first loss is far below that of guessing");
    public static readonly FindingKind SingleRowBatches = Error("NT017", "batch normalisation gets batches of one row");
    public static readonly FindingKind TinyBatches = Warning("NT018", "batch normalisation gets tiny batches");
    public static readonly FindingKind SeluWeights = Warning("NT019", "weights in front of SELU are not LeCun's");
    public static readonly FindingKind SeluDropout = Warning("NT020", "plain dropout behind SELU");
    public static readonly FindingKind SameUnits = Error("NT021", "all units of a layer are the same and stay so");
    public static readonly FindingKind DeadUnits = Warning("NT022", "many ReLU units are 0 for every row");
    public static readonly FindingKind SaturatedUnits = Warning("NT023", "many values of a layer are at the ends of its range");
    public static readonly FindingKind NoGradient = Warning("NT024", "no gradient reaches a weight");
    public static readonly FindingKind NonFinitePass = Error("NT025", "the first pass gives something that is not finite");
    public static readonly FindingKind LargeUpdate = Warning("NT026", "the first step changes weights too much");
    public static readonly FindingKind SmallUpdate = Warning("NT027", "the first step hardly changes weights");
    public static readonly FindingKind NothingToTrain = Error("NT028", "the network has nothing to train");

    /// <summary>All of them, by code.</summary>
    public static IReadOnlyList<FindingKind> All => Listed;

    private static FindingKind Error(string code, string title) => Add(code, FindingSeverity.Error, title);

    private static FindingKind Warning(string code, string title) => Add(code, FindingSeverity.Warning, title);

    private static FindingKind Hint(string code, string title) => Add(code, FindingSeverity.Hint, title);

    private static FindingKind Add(string code, FindingSeverity severity, string title)
    {
        var kind = new FindingKind(code, severity, title);
        Listed.Add(kind);
        return kind;
    }
}
