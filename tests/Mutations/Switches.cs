using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Mutations;

/// <summary>Puts mutations into one program, each behind a switch with its number: <c>a + b</c> becomes <c>(Mutants.Is(7) ? a - b : a + b)</c>.</summary>
internal sealed class Switches(ILookup<SyntaxNode, (int Number, Switch Switch)> places) : CSharpSyntaxRewriter
{
    /// <summary>What the program with switches has in addition. A negative number looks which places are passed.</summary>
    public const string Source = """
        internal static class Mutants
        {
            public static int On;
            public static bool Acted;
            public static readonly bool[] Seen = new bool[100_000];

            public static bool Is(int number) => number == On ? Acted = true : On < 0 && See(number);

            private static bool See(int number)
            {
                Seen[number] = true;
                return false;
            }
        }
        """;

    private const string Kind = "mutation";

    /// <summary>The numbers of the mutations around an error; those of the whole member if it is near none.</summary>
    public static IEnumerable<int> Around(Diagnostic error)
    {
        SyntaxNode? node = error.Location.SourceTree?.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true);
        for (; node is not null; node = node.Parent)
        {
            int[] numbers = node is MemberDeclarationSyntax ? [.. node.GetAnnotatedNodes(Kind).SelectMany(Numbers)] : [.. Numbers(node)];
            if (numbers.Length > 0) return numbers;
        }

        return [];

        static IEnumerable<int> Numbers(SyntaxNode node) => node.GetAnnotations(Kind).Select(annotation => int.Parse(annotation.Data!));
    }

    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        SyntaxNode? visited = base.Visit(node);
        foreach ((int number, Switch at) in node is null ? [] : places[node])
        {
            ExpressionSyntax isOn = ParseExpression($"global::Mutants.Is({number})");
            visited = (visited switch
            {
                StatementSyntax statement => IfStatement(isOn, (StatementSyntax)at.Other, ElseClause(statement)),
                ExpressionSyntax whole when at.Kind == SwitchKind.Not => In(BinaryExpression(SyntaxKind.NotEqualsExpression, In(whole), isOn)),
                ExpressionSyntax whole when at.Kind == SwitchKind.Never => In(BinaryExpression(SyntaxKind.LogicalAndExpression, In(whole), PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, isOn))),
                _ => (SyntaxNode)In(ConditionalExpression(isOn, In((ExpressionSyntax)at.Other), In((ExpressionSyntax)visited!))),
            }).WithAdditionalAnnotations(new SyntaxAnnotation(Kind, $"{number}"));
        }

        return visited;

        static ExpressionSyntax In(ExpressionSyntax expression) => ParenthesizedExpression(expression);
    }
}
