using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace NeuralTrain;

/// <content>Copies, field by field.</content>
public abstract partial class Layer
{
    // The objects copied so far, from each original to its copy: an object that two fields share, their copies share.
    [ThreadStatic]
    private static Dictionary<object, object>? _copies;

    /// <summary>
    /// An independent copy with the same settings, parameters, statistics and future random numbers: training one leaves the other unchanged.
    /// Gradients and the last batch are not copied.
    /// </summary>
    /// <remarks>
    /// Every field of the layer is copied once: parameters, layers, matrices, arrays and random streams are copied; numbers, texts, functions and initializers
    /// are shared. A custom layer overrides it only if it has fields of other types.
    /// </remarks>
    /// <exception cref="NotSupportedException">A custom layer has a field of a type that cannot be copied; the message names it.</exception>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "All fields of a layer are kept, those of its base classes too: see the attribute of this class.")]
    public virtual Layer Clone()
    {
        bool isOutermost = _copies is null;
        Dictionary<object, object> copies = _copies ??= new(ReferenceEqualityComparer.Instance);
        try
        {
            var copy = (Layer)MemberwiseClone();
            copies[this] = copy;
            for (Type type = GetType(); type != typeof(object); type = type.BaseType!)
            {
                foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    if (type != typeof(Layer) || field.Name != nameof(_container)) field.SetValue(copy, Copied(field.GetValue(this), field, copies));
                }
            }

            return copy;
        }
        finally
        {
            if (isOutermost)
            {
                _copies = null;
                foreach (Layer original in copies.Keys.OfType<Layer>())
                {
                    ((Layer)copies[original])._container = original._container is Layer container ? (Layer?)copies.GetValueOrDefault(container) : null;
                }
            }
        }
    }

    /// <summary>The memory that training needs for a batch, in bytes, measured by passing a few rows through a clone.</summary>
    /// <param name="inputSize">Columns of the input.</param>
    /// <param name="batchSize">Rows of the batch.</param>
    /// <returns>Forward: the outputs of the inner layers and whatever they store for the backward pass. Backward: the gradients passed between layers.</returns>
    /// <exception cref="ArgumentException">The layer takes another width, or a size is not positive.</exception>
    /// <exception cref="NotSupportedException">A custom layer cannot be cloned.</exception>
    public (long Forward, long Backward) MeasureMemory(int inputSize, int batchSize)
    {
        const int Rows = 4;
        Guard.AtLeast(inputSize, 1, nameof(inputSize), "an input has at least one column");
        Guard.AtLeast(batchSize, 1, nameof(batchSize), "a batch has at least one row");
        if (InputSize is int expected && inputSize != expected) throw new ArgumentException($"{this} expects {expected} columns, received inputSize {inputSize}. Pass {expected}.", nameof(inputSize));
        Layer clone = Clone();

        // A second, larger batch reallocates exactly the memory that grows with the batch.
        _ = Taken(Rows / 2);
        return Taken(Rows);

        (long Forward, long Backward) Taken(int rows)
        {
            Matrix input = new(rows, inputSize), output = new(rows, OutputSize(inputSize)), outputGradient = new(rows, output.Columns);
            long before = GrowingMatrix.Taken;
            clone.Forward(input, output);
            long between = GrowingMatrix.Taken;
            if (Learns()) clone.Backward(input, output, outputGradient, default);
            return (Bytes(between - before), Bytes(GrowingMatrix.Taken - between));
        }

        long Bytes(long values) => checked(sizeof(float) * values / Rows * batchSize);
    }

    private object? Copied(object? value, FieldInfo field, Dictionary<object, object> copies)
    {
        switch (value)
        {
            case null or string or Initializer or Type or IShared:
            case Delegate { Target: not Layer }:
                return value;
            case Matrix matrix:
                return matrix.IsEmpty ? value : matrix.Over((float[])Copied(matrix.Memory, field, copies)!);
            case ValueType when IsPlain(value.GetType()):
                return value;
        }

        if (copies.TryGetValue(value, out object? known)) return known;
        object copy = value switch
        {
            Layer layer => layer.Clone(),
            Parameter parameter => parameter.Copy(),
            RandomStream stream => new RandomStream(stream.Seed, stream.Position),
            GrowingMatrix => new GrowingMatrix(),
            Array array when array.Rank == 1 || IsOfPrimitives(array) => array.Clone(),
            List<Layer> or List<Parameter> => value is List<Layer> layers ? new List<Layer>(layers) : new List<Parameter>((List<Parameter>)value),
            IEnumerable<Layer> layers when field.FieldType.IsAssignableFrom(typeof(Layer[])) => layers.ToArray(),
            IEnumerable<Parameter> parameters when field.FieldType.IsAssignableFrom(typeof(Parameter[])) => parameters.ToArray(),
            _ => throw new NotSupportedException(
                $"{this} cannot be copied: there is no way to copy its field '{NameOf(field)}' of type {value.GetType().Name}. Override Clone in {GetType().Name}" +
                (value is Random ? $", or draw from a {nameof(NeuralTrain.RandomStream)}." : ".")),
        };
        copies[value] = copy;
        if (copy is IList items && !IsOfPrimitives(copy))
        {
            for (int i = 0; i < items.Count; i++)
            {
                items[i] = Copied(items[i], field, copies);
            }
        }

        return copy;
    }

    private static bool IsOfPrimitives(object list) => list.GetType().GetElementType() is { IsPrimitive: true };

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A field that was trimmed holds nothing to copy.")]
    private static bool IsPlain(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(decimal) || (type.IsValueType
        && type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).All(field => field.FieldType == typeof(string) || IsPlain(field.FieldType)));

    // The compiler calls the field of a property <Name>k__BackingField.
    private static string NameOf(FieldInfo field) => field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
}

/// <summary>An object that never changes, so that the copies of a layer share it.</summary>
internal interface IShared;
