namespace NeuralTrain;

/// <summary>A value of a training became NaN or infinite; <see cref="Place"/> says which one was the first.</summary>
public sealed class NonFiniteException : NotFiniteNumberException
{
    internal NonFiniteException(NonFinite place, Exception? innerException)
        : base(place.ToString(), place.Value, innerException) => Place = place;

    /// <summary>What it was, and where.</summary>
    public NonFinite Place { get; }
}
