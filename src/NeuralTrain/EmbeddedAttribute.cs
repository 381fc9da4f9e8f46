namespace Microsoft.CodeAnalysis;

/// <summary>Hides a type, by the compiler's own convention, from assemblies that see the internals of this one.</summary>
[Embedded, AttributeUsage(AttributeTargets.All)]
internal sealed class EmbeddedAttribute : Attribute;
