using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Microsoft.CodeAnalysis.CSharp.SyntaxKind;

namespace Mutations;

/// <summary>One change of one place: from what, to what, and where.</summary>
internal sealed record Mutation(string File, SyntaxTree Tree, TextSpan Span, string After)
{
    /// <summary>How it is switched on and off while the program runs; null if it can only be compiled by itself.</summary>
    public Switch? Switch { get; init; }

    private SourceText Text => Tree.GetText();

    private string Before => Text.ToString(Span);

    private int Line => Text.Lines.GetLinePosition(Span.Start).Line + 1;

    public SyntaxTree Changed => Tree.WithChangedText(Text.WithChanges(new TextChange(Span, After)));

    public override string ToString() => $"{File}:{Line}  {Short(Before)}  →  {Short(After)}";

    private static string Short(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 90 ? line : line[..89] + "…";
    }
}

/// <summary>What a switch stands at, and what it chooses instead.</summary>
internal sealed record Switch(SyntaxNode Place, SyntaxNode Other, SwitchKind Kind)
{
    /// <summary>The switch of a change of a node: at the smallest expression or statement around it that another one can replace.</summary>
    public static Switch? Of(SyntaxNode node, SyntaxNode changed)
    {
        while (!IsReplaceable(node))
        {
            if (node.Parent is not (ExpressionSyntax or StatementSyntax)) return null;
            (changed, node) = (node.Parent.ReplaceNode(node, changed), node.Parent);
        }

        // From its text: a node with another operator is still of its old kind.
        string text = changed.ToFullString();
        return new Switch(node, node is StatementSyntax ? SyntaxFactory.ParseStatement(text) : SyntaxFactory.ParseExpression(text), SwitchKind.Choice);
    }

    /// <summary>Whether the place is computed once in a process: the value of a static member.</summary>
    public bool IsOnce => Place.Ancestors().OfType<MemberDeclarationSyntax>().FirstOrDefault() switch
    {
        FieldDeclarationSyntax or ConstructorDeclarationSyntax => IsStatic(Place.Ancestors().OfType<MemberDeclarationSyntax>().First()),
        PropertyDeclarationSyntax { Initializer: not null } property => IsStatic(property),
        _ => false,
    };

    private static bool IsStatic(MemberDeclarationSyntax member) => member.Modifiers.Any(StaticKeyword);

    private static bool IsReplaceable(SyntaxNode node) => node switch
    {
        StatementSyntax => true,
        ExpressionSyntax => node.Parent is not ExpressionStatementSyntax && !(node.Parent is MemberAccessExpressionSyntax access && access.Name == node)
            && !(node.Parent is InvocationExpressionSyntax call && call.Expression == node) && !(node.Parent is AssignmentExpressionSyntax set && set.Left == node),
        _ => false,
    };
}

/// <summary>How a switch is written: one of two; the contrary of a condition; a condition that never holds.</summary>
internal enum SwitchKind
{
    Choice,
    Not,
    Never,
}

/// <summary>Finds the changes that a file allows: turned operators, conditions and numbers, calls and assignments left out.</summary>
internal static class Mutator
{
    private static readonly Dictionary<SyntaxKind, SyntaxKind> Operators = new()
    {
        [PlusToken] = MinusToken, [MinusToken] = PlusToken, [AsteriskToken] = SlashToken, [SlashToken] = AsteriskToken, [PercentToken] = AsteriskToken,
        [LessThanToken] = LessThanEqualsToken, [LessThanEqualsToken] = LessThanToken, [GreaterThanToken] = GreaterThanEqualsToken, [GreaterThanEqualsToken] = GreaterThanToken,
        [EqualsEqualsToken] = ExclamationEqualsToken, [ExclamationEqualsToken] = EqualsEqualsToken, [AmpersandAmpersandToken] = BarBarToken, [BarBarToken] = AmpersandAmpersandToken,
        [LessThanLessThanToken] = GreaterThanGreaterThanToken, [GreaterThanGreaterThanToken] = LessThanLessThanToken, [AmpersandToken] = BarToken, [BarToken] = AmpersandToken,
        [PlusEqualsToken] = MinusEqualsToken, [MinusEqualsToken] = PlusEqualsToken, [AsteriskEqualsToken] = SlashEqualsToken, [SlashEqualsToken] = AsteriskEqualsToken,
        [QuestionQuestionEqualsToken] = EqualsToken,
    };

    public static IEnumerable<Mutation> Find(SyntaxTree tree, string file)
    {
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes(descendIntoChildren: IsLogic))
        {
            foreach (SyntaxNode changed in Changes(node))
            {
                yield return new Mutation(file, tree, node.Span, changed.WithoutTrivia().ToFullString()) { Switch = Switch.Of(node, changed) };
            }

            if (node is not IfStatementSyntax choice) continue;
            string condition = $"{choice.Condition}";
            yield return new Mutation(file, tree, choice.Condition.Span, $"!({condition})") { Switch = new(choice.Condition, choice.Condition, SwitchKind.Not) };
            if (Throws(choice.Statement)) yield return new Mutation(file, tree, choice.Condition.Span, $"({condition}) && System.Environment.TickCount64 < 0") { Switch = new(choice.Condition, choice.Condition, SwitchKind.Never) };
        }
    }

    // Texts of messages are read by people and tested where they matter; attributes and declarations without bodies compute nothing.
    private static bool IsLogic(SyntaxNode node) => node switch
    {
        AttributeListSyntax or UsingDirectiveSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or InterpolatedStringExpressionSyntax or ParameterListSyntax => false,
        MethodDeclarationSyntax method => !method.Identifier.Text.StartsWith("Throw", StringComparison.Ordinal) && method.Identifier.Text is not ("ToString" or "GetHashCode"),
        EnumDeclarationSyntax => false,
        _ => true,
    };

    private static IEnumerable<SyntaxNode> Changes(SyntaxNode node)
    {
        switch (node)
        {
            case BinaryExpressionSyntax binary when Operators.TryGetValue(binary.OperatorToken.Kind(), out SyntaxKind other) && !binary.ToString().Contains('"'):
                yield return Token(binary, binary.OperatorToken, other);
                break;
            case AssignmentExpressionSyntax assignment when Operators.TryGetValue(assignment.OperatorToken.Kind(), out SyntaxKind other):
                yield return Token(assignment, assignment.OperatorToken, other);
                break;
            case PrefixUnaryExpressionSyntax prefix when prefix.IsKind(LogicalNotExpression) || (prefix.IsKind(UnaryMinusExpression) && prefix.Operand is not LiteralExpressionSyntax):
                yield return SyntaxFactory.ParenthesizedExpression(prefix.Operand);
                break;
            case LiteralExpressionSyntax literal when literal.Token.Value is int number:
                yield return SyntaxFactory.ParseExpression($"{number + 1}");
                break;
            case LiteralExpressionSyntax literal when literal.Token.Value is float and not 0 or double and not 0:
                yield return SyntaxFactory.ParseExpression($"(2 * {literal})");
                break;
            case LiteralExpressionSyntax literal when literal.Kind() is TrueLiteralExpression or FalseLiteralExpression:
                yield return SyntaxFactory.LiteralExpression(literal.IsKind(TrueLiteralExpression) ? FalseLiteralExpression : TrueLiteralExpression);
                break;
            case ConditionalExpressionSyntax choice when choice.WhenTrue is not ThrowExpressionSyntax && choice.WhenFalse is not ThrowExpressionSyntax:
                yield return choice.WithWhenTrue(choice.WhenFalse.WithTriviaFrom(choice.WhenTrue)).WithWhenFalse(choice.WhenTrue.WithTriviaFrom(choice.WhenFalse));
                break;
            case ConditionalExpressionSyntax choice:
                yield return choice.WhenTrue is ThrowExpressionSyntax ? choice.WhenFalse : choice.WhenTrue;
                break;
            case ExpressionStatementSyntax { Expression: InvocationExpressionSyntax or AssignmentExpressionSyntax or PostfixUnaryExpressionSyntax } statement:
                yield return SyntaxFactory.EmptyStatement();
                break;
            case IdentifierNameSyntax { Identifier.Text: "Min" or "Max" or "Floor" or "Ceiling" } name when name.Parent is MemberAccessExpressionSyntax:
                yield return SyntaxFactory.IdentifierName(name.Identifier.Text switch { "Min" => "Max", "Max" => "Min", "Floor" => "Ceiling", _ => "Floor" });
                break;
        }
    }

    private static bool Throws(StatementSyntax statement) =>
        statement is ThrowStatementSyntax or BlockSyntax { Statements: [ThrowStatementSyntax] } || (statement is ExpressionStatementSyntax && statement.ToString().StartsWith("Throw", StringComparison.Ordinal));

    private static SyntaxNode Token(SyntaxNode node, SyntaxToken token, SyntaxKind kind) =>
        node.ReplaceToken(token, SyntaxFactory.Token(kind).WithTriviaFrom(token));
}
