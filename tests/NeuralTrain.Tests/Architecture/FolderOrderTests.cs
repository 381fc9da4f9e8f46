using System.Reflection;
using System.Reflection.Emit;

namespace NeuralTrain.Tests.Architecture;

/// <summary>The folders of the core are layers of one building: each uses only those before it, calls in method bodies included.</summary>
public sealed class FolderOrderTests
{
    // The root's own files (Matrix, Settings, Guard) are the folder "".
    internal static readonly string[] Order =
    [
        "Kernels", "", "Initializers", "Layers", "Activations", "Losses", "Optimizers", "Schedules", "Metrics", "Data", "Files", "Training", "Serving",
    ];

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    [Fact]
    public void A_folder_of_the_core_uses_only_those_before_it()
    {
        Dictionary<string, string> folders = FoldersOfTypes();
        IEnumerable<string> broken =
            from type in typeof(Layer).Assembly.GetTypes()
            let folder = folders.GetValueOrDefault(Outermost(type).Name)
            where folder is not null
            from used in TypesUsedBy(type)
            where used.Assembly == typeof(Layer).Assembly && used.Namespace?.StartsWith("NeuralTrain", StringComparison.Ordinal) == true
            let usedFolder = folders.GetValueOrDefault(Outermost(used).Name)
            where usedFolder is not null && Array.IndexOf(Order, usedFolder) > Array.IndexOf(Order, folder)
            select $"{folder}/{Outermost(type).Name} uses {usedFolder}/{Outermost(used).Name}";
        string.Join("\n", broken.Distinct().Order()).Should().BeEmpty();
    }

    [Fact]
    public void Every_folder_of_the_core_has_its_place_in_the_order() => FoldersOfTypes().Values.Distinct().Should().BeSubsetOf(Order);

    [Fact]
    public void The_look_into_method_bodies_sees_a_call_that_no_signature_shows() =>
        TypesUsedBy(typeof(Caller)).Should().Contain(typeof(Called)).And.Contain(typeof(List<Called>));

    // By the source files: a type belongs to the folder of the file that declares it.
    private static Dictionary<string, string> FoldersOfTypes()
    {
        string core = Repository.PathOf("src", "NeuralTrain");
        var folders = new Dictionary<string, string>();
        foreach (string file in Repository.SourceFiles(Path.Combine("src", "NeuralTrain")))
        {
            string[] parts = Path.GetRelativePath(core, file).Split(Path.DirectorySeparatorChar);
            foreach (string type in SourceRules.TopLevelTypes(File.ReadAllText(file)).Select(type => type.Name))
            {
                folders[type] = parts.Length > 1 ? parts[0] : "";
            }
        }

        foreach (Type generic in typeof(Layer).Assembly.GetTypes().Where(type => type.IsGenericTypeDefinition && !type.IsNested))
        {
            if (folders.TryGetValue(generic.Name.Split('`')[0], out string? folder))
            {
                folders[generic.Name] = folder;
            }
        }

        return folders;
    }

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is Type outer)
        {
            type = outer;
        }

        return type.IsGenericType ? type.GetGenericTypeDefinition() : type;
    }

    private static IEnumerable<Type> TypesUsedBy(Type type)
    {
        IEnumerable<Type> used =
        [
            .. type.GetInterfaces(),
            .. type.BaseType is null ? [] : new[] { type.BaseType },
            .. type.GetFields(All).Select(field => field.FieldType),
            .. type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).SelectMany(TypesUsedBy),
        ];
        return used.SelectMany(Parts).Distinct();
    }

    private static IEnumerable<Type> TypesUsedBy(MethodBase method) =>
    [
        .. method.GetParameters().Select(parameter => parameter.ParameterType),
        .. method is MethodInfo info ? [info.ReturnType] : Type.EmptyTypes,
        .. method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [],
        .. MembersNamedIn(method).SelectMany(TypesOf),
    ];

    private static IEnumerable<Type> TypesOf(MemberInfo member) => member switch
    {
        Type type => [type],
        MethodBase method => [method.DeclaringType!, .. method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : []],
        FieldInfo field => [field.DeclaringType!, field.FieldType],
        _ => [],
    };

    // A List<Dataset[]> is a List, an array and a Dataset.
    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? [type, type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)]
        : [type];

    // Goes through the instructions one by one: only so is a token known from a number that looks like one.
    internal static IEnumerable<MemberInfo> MembersNamedIn(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[]? ofType = method.DeclaringType is { IsGenericType: true } declaring ? declaring.GetGenericArguments() : null;
        Type[]? ofMethod = method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : null;
        for (int i = 0; i < code.Length;)
        {
            OpCode instruction = OpCodesByValue[code[i] == 0xFE ? unchecked((short)(0xFE00 | code[++i])) : code[i]];
            i++;
            switch (instruction.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok:
                    yield return method.Module.ResolveMember(BitConverter.ToInt32(code, i), ofType, ofMethod)!;
                    i += 4;
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    i++;
                    break;
                case OperandType.InlineVar:
                    i += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    i += 8;
                    break;
                case OperandType.InlineSwitch:
                    i += 4 + (4 * BitConverter.ToInt32(code, i));
                    break;
                default:
                    i += 4;
                    break;
            }
        }
    }

    private static class Caller
    {
        internal static int Count() => new List<Called>().Count + Called.Number();
    }

    private sealed class Called
    {
        internal static int Number() => 1;
    }
}
