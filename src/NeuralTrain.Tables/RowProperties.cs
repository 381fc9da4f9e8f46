using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace NeuralTrain;

/// <summary>The properties of a type that can be columns, each with a function that reads it without boxing.</summary>
internal static class RowProperties<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>
    where T : class
{
    private static (string Name, FieldKind Kind, Func<T, Field> Read)[]? _all;

    /// <summary>The properties.</summary>
    /// <exception cref="ArgumentException">One holds something that a column cannot.</exception>
    public static (string Name, FieldKind Kind, Func<T, Field> Read)[] All => _all ??= Find();

    private static (string Name, FieldKind Kind, Func<T, Field> Read)[] Find()
    {
        PropertyInfo[] properties = [.. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanRead && property.GetIndexParameters().Length == 0)];
        return properties.Length > 0
            ? [.. properties.Select(property => Bind(property) is (FieldKind kind, Func<T, Field> read) ? (property.Name, kind, read) : throw new ArgumentException(
                $"{typeof(T).Name}.{property.Name} is a {property.PropertyType.Name}, which a column cannot hold; a number, a text, a flag, a date or an enumeration was expected. Pass objects without it, such as an anonymous type."))]
            : throw new ArgumentException($"{typeof(T).Name} has no public properties to be columns.");
    }

    private static (FieldKind Kind, Func<T, Field> Read)? Bind(PropertyInfo property)
    {
        return Getter<string>() is { } text ? (FieldKind.Text, row => Field.OfText(text(row)))
            : Number<double>(value => value) ?? Number<float>(value => value) ?? Number<int>(value => value) ?? Value<long>(FieldKind.Number, value => Field.OfExact(value)) ?? Value<decimal>(FieldKind.Number, Field.OfExact)
            ?? Number<short>(value => value) ?? Number<byte>(value => value) ?? Number<uint>(value => value) ?? Value<ulong>(FieldKind.Number, value => Field.OfExact(value)) ?? Number<ushort>(value => value)
            ?? Number<sbyte>(value => value) ?? Number<TimeSpan>(value => value.TotalSeconds) ?? Number<TimeOnly>(value => value.ToTimeSpan().TotalSeconds)
            ?? Value<bool>(FieldKind.Flag, Field.OfFlag) ?? Value<DateTime>(FieldKind.Date, Field.OfDate)
            ?? Value<DateTimeOffset>(FieldKind.Date, value => Field.OfDate(value.DateTime)) ?? Value<DateOnly>(FieldKind.Date, value => Field.OfDate(value.ToDateTime(default)))
            ?? Value<char>(FieldKind.Text, value => Field.OfText(value.ToString())) ?? Value<Guid>(FieldKind.Text, value => Field.OfText(value.ToString()))
            ?? ((Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).IsEnum ? (FieldKind.Text, row => Field.OfText(property.GetValue(row)?.ToString())) : null);

        (FieldKind, Func<T, Field>)? Number<TValue>(Func<TValue, double> convert)
            where TValue : struct => Value<TValue>(FieldKind.Number, value => Field.OfNumber(convert(value)));

        (FieldKind, Func<T, Field>)? Value<TValue>(FieldKind kind, Func<TValue, Field> convert)
            where TValue : struct =>
            Getter<TValue>() is { } value ? (kind, row => convert(value(row)))
            : Getter<TValue?>() is { } maybe ? (kind, row => maybe(row) is TValue given ? convert(given) : Field.Missing)
            : null;

        Func<T, TValue>? Getter<TValue>() => property.PropertyType == typeof(TValue) ? property.GetMethod!.CreateDelegate<Func<T, TValue>>() : null;
    }
}
