using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace NeuralTrain.Tests.Architecture;

/// <summary>No text of the library depends on the current culture. The suite also runs as a whole under another one: see <see cref="TestCulture"/>.</summary>
public sealed class CultureTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Assembly[] Libraries =
    [
        typeof(Layer).Assembly, typeof(CsvOptions).Assembly, typeof(Study).Assembly, typeof(ConsoleProgress).Assembly, typeof(LearningRateCurvePicture).Assembly, typeof(LayerWatch).Assembly,
    ];

    [Fact]
    public void The_tests_run_with_globalisation_on() => new CultureInfo("de-DE").NumberFormat.NumberDecimalSeparator.Should().Be(",");

    [Fact]
    public void Every_assembly_of_the_library_compiles_its_interpolated_texts_as_invariant() => Libraries.Should().AllSatisfy(library =>
    {
        Type? handler = library.GetType("System.Runtime.CompilerServices.DefaultInterpolatedStringHandler");
        handler.Should().NotBeNull();
        Methods(library).SelectMany(FolderOrderTests.MembersNamedIn).Any(member => member.DeclaringType == handler).Should().BeTrue();
    });

    // What neither the handler nor CA1305 sees: "text" + number, Join and Append of numbers, exceptions that show a number as the actual value.
    [Fact]
    public void No_method_of_the_library_formats_a_fraction_in_the_current_culture()
    {
        IEnumerable<string> broken =
            from library in Libraries
            from method in Methods(library)
            where method.Name != "PrintMembers"
            let members = FolderOrderTests.MembersNamedIn(method).ToArray()
            from problem in members.OfType<MethodBase>().Where(IsOfCurrentCulture).Select(member => $"{member.DeclaringType!.Name}.{member.Name}")
                .Concat(ShowsFraction(members) ? ["a fraction as actual value"] : [])
            select $"{method.DeclaringType!.Name}.{method.Name} uses {problem}";
        broken.Should().BeEmpty();
    }

    [Theory]
    [InlineData(nameof(Wrong.Concatenated))]
    [InlineData(nameof(Wrong.Joined))]
    [InlineData(nameof(Wrong.Appended))]
    [InlineData(nameof(Wrong.Handled))]
    public void The_rule_sees_what_it_forbids(string method) =>
        FolderOrderTests.MembersNamedIn(typeof(Wrong).GetMethod(method, All)!).OfType<MethodBase>().Should().Contain(member => IsOfCurrentCulture(member));

    [Fact]
    public void The_rule_sees_an_exception_that_shows_a_fraction() =>
        ShowsFraction([.. FolderOrderTests.MembersNamedIn(typeof(Wrong).GetMethod(nameof(Wrong.Refused), All)!)]).Should().BeTrue();

    [Fact]
    public void Descriptions_read_the_same_on_a_German_machine() => TestCulture.German(() =>
    {
        var random = new Random(1);
        return new object[]
        {
            new Dropout(0.2, random), new LeakyReLU(0.01), new ELU(1.5), new Normal(0.05), new Huber(1.5), new ExponentialDecay(0.95), new AddNoise(0.1),
            new Evaluation(0.125, []), new Classification("yes", 0.875f, 1), new Matrix(1, 1) { [0, 0] = 1.5f },
        }.Select(described => described.ToString()!).ToArray();
    }).Should().AllSatisfy(text => text.Should().MatchRegex(@"\d\.\d").And.NotMatchRegex(@"\d,\d"));

    [Fact]
    public void Refusals_read_the_same_on_a_German_machine()
    {
        Action[] refused =
        [
            () => _ = new Dropout(1.5, new Random(1)), () => _ = new Adam(new Linear(1, 1, new Random(1)), learningRate: -1.5),
            () => _ = new BatchNorm(2) { RunningAverageRate = 1.5 }, () => Rows(4).Split(1.5, new Random(1)), () => _ = new Huber(-0.5), () => _ = new OneCycle(startDivisor: 0.5),
        ];
        refused.Should().AllSatisfy(refuse =>
            TestCulture.German(() => refuse.Should().Throw<ArgumentOutOfRangeException>().Which.Message).Should().MatchRegex(@"received -?\d\.5").And.NotMatchRegex(@"\d,\d"));
    }

    private static Dataset Rows(int count) => new(new Matrix(count, 1), new Matrix(count, 1));

    private static IEnumerable<MethodBase> Methods(Assembly library) =>
        library.GetTypes().SelectMany(type => type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)));

    private static bool IsFraction(Type type) => type == typeof(double) || type == typeof(float) || type == typeof(decimal) || type == typeof(DateTime);

    private static bool IsOfCurrentCulture(MethodBase method) =>
        (method.Name == "ToString" && IsFraction(method.DeclaringType!) && method.GetParameters().All(parameter => parameter.ParameterType == typeof(string)))
        || (method.DeclaringType == typeof(string) && method.Name == "Join" && method is MethodInfo { IsGenericMethod: true } join && join.GetGenericArguments().Any(IsFraction))
        || (method.DeclaringType == typeof(StringBuilder) && method.Name is "Append" or "AppendJoin" && method.GetParameters().Any(parameter => IsFraction(parameter.ParameterType)))
        || (method is ConstructorInfo && method.DeclaringType == typeof(DefaultInterpolatedStringHandler) && method.GetParameters().Length == 2);

    // The last type named before the exception is created is that of the boxed value.
    private static bool ShowsFraction(MemberInfo[] members) => members.Index().Any(member =>
        member.Item is ConstructorInfo constructor && constructor.DeclaringType == typeof(ArgumentOutOfRangeException) && constructor.GetParameters().Length == 3
        && members[..member.Index].OfType<Type>().LastOrDefault() is Type boxed && IsFraction(boxed));

    private static class Wrong
    {
        internal static string Concatenated(double value) => "text " + value;

        internal static string Joined(double[] values) => string.Join(", ", values);

        internal static StringBuilder Appended(double value) => new StringBuilder().Append(value);

        internal static string Handled(double value) => $"text {value}";

        internal static ArgumentOutOfRangeException Refused(double value) => new ArgumentOutOfRangeException(nameof(value), value, "no");
    }
}
