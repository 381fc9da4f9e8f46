using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace NeuralTrain;

/// <summary>A random matrix that preserves lengths and angles: its rows (or, if it is tall, its columns) are orthonormal.</summary>
/// <remarks>
/// <code>
/// A ~ N(0, 1) [the longer side × the shorter side],  A = Q·R,  W = gain·Q·sign(diag R)      W·Wᵀ = gain²·I, or Wᵀ·W = gain²·I if tall
/// </code>
/// The signs make the distribution uniform over all such matrices. Source: Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear
/// dynamics of learning in deep linear neural networks", 2013; the signs: Mezzadri, "How to generate random matrices from the classical
/// compact groups", 2007. PyTorch's <c>init.orthogonal_</c>, Keras' <c>OrthogonalInitializer</c>. The work grows as the longer side times
/// the square of the shorter one. It is for weight matrices, not for biases.
/// </remarks>
/// <param name="gain">The length of each row (or column), greater than 0; √2 is usual for ReLU. Default 1, as in PyTorch and Keras.</param>
/// <exception cref="ArgumentOutOfRangeException">The gain is not a finite number greater than 0 (as float32).</exception>
public sealed class Orthogonal(double gain = 1) : Initializer(gain == 1 ? "" : $"{gain}")
{
    private readonly double _gain = Guard.PositiveFloat(gain, nameof(gain), "1 keeps lengths, √2 makes up for a ReLU.");

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The values are not one or more whole <c>[fanOut × fanIn]</c> matrices, as biases are not.</exception>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        long size = (long)fanIn * fanOut;
        if (values.Length % size != 0)
        {
            throw new ArgumentException(
                $"{this} fills whole matrices of {fanOut}×{fanIn} weights ({size} values), received {values.Length} values. Use Zeros or Constant for biases.", nameof(values));
        }

        // A layer of several pieces has several matrices, one after the other.
        for (int start = 0; start < values.Length; start += (int)size) FillOne(values.Slice(start, (int)size), fanOut, fanIn, random);
    }

    private void FillOne(Span<float> values, int rows, int columns, Random random)
    {
        Matrix<double> gaussian = Matrix<double>.Build.Dense(
            Math.Max(rows, columns), Math.Min(rows, columns), (_, _) => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1));
        QR<double> factors = gaussian.QR(QRMethod.Thin);
        for (int row = 0, i = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++, i++)
            {
                (int along, int vector) = rows >= columns ? (row, column) : (column, row);
                double sign = factors.R[vector, vector] < 0 ? -1 : 1;
                values[i] = (float)(_gain * sign * factors.Q[along, vector]);
            }
        }
    }
}
