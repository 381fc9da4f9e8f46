using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// The maximum over pieces that lie side by side: a row of scores is the first piece of all columns, then the second, and
/// so on. NaN wins over numbers; among equals the first piece wins.
/// </summary>
internal static unsafe class MaxPieces
{
    /// <summary>
    /// result[r, c] = max over p of scores[r, p·columns + c]; which p it was goes to <paramref name="winners"/>, unless that is empty.
    /// </summary>
    [MethodImpl(Jit.Full)]
    internal static void Forward(
        ReadOnlySpan<float> scores, Span<float> result, Span<float> winners, int rows, int columns, int pieces)
    {
        int count = KernelGuard.Block(rows, columns);
        KernelGuard.Length(scores, KernelGuard.Block(count, pieces));
        KernelGuard.Length<float>(result, count);
        KernelGuard.LengthOrEmpty<float>(winners, count);
        fixed (float* pScores = scores, pResult = result, pWinners = winners)
        {
            RowLoop.Run(new ForwardBody(pScores, pResult, pWinners, columns, pieces), rows, columns * pieces);
        }
    }

    /// <summary>scoreGradients[r, p·columns + c] = gradient[r, c] where p is the winner, else 0.</summary>
    [MethodImpl(Jit.Full)]
    internal static void Backward(
        ReadOnlySpan<float> winners, ReadOnlySpan<float> gradient, Span<float> scoreGradients, int rows, int columns, int pieces)
    {
        int count = KernelGuard.Block(rows, columns);
        KernelGuard.Length(winners, count);
        KernelGuard.Length(gradient, count);
        KernelGuard.Length<float>(scoreGradients, KernelGuard.Block(count, pieces));
        fixed (float* pWinners = winners, pGradient = gradient, pScoreGradients = scoreGradients)
        {
            RowLoop.Run(new BackwardBody(pWinners, pGradient, pScoreGradients, columns, pieces), rows, columns * pieces);
        }
    }

    private readonly struct ForwardBody(float* scores, float* result, float* winners, nint columns, int pieces) : IRowBody
    {
        [MethodImpl(Jit.Inline)]
        public double Run<TLanes>(int row) where TLanes : unmanaged, ILanes<TLanes>
        {
            for (nint column = 0; column < columns; column += TLanes.Count)
            {
                nint rest = columns - column;
                float* first = scores + (row * columns * pieces) + column;
                TLanes largest = TLanes.Load(first, rest);
                TLanes winner = TLanes.Zero;
                for (int piece = 1; piece < pieces; piece++)
                {
                    TLanes score = TLanes.Load(first + (piece * columns), rest);
                    TLanes wins = (score > largest) | TLanes.IsNaN(score);
                    largest = TLanes.Select(wins, score, largest);
                    winner = TLanes.Select(wins, piece, winner);
                }

                largest.Store(result + (row * columns) + column, rest);
                if (winners is not null) winner.Store(winners + (row * columns) + column, rest);
            }

            return 0;
        }
    }

    private readonly struct BackwardBody(float* winners, float* gradient, float* scoreGradients, nint columns, int pieces) : IRowBody
    {
        [MethodImpl(Jit.Inline)]
        public double Run<TLanes>(int row) where TLanes : unmanaged, ILanes<TLanes>
        {
            for (nint column = 0; column < columns; column += TLanes.Count)
            {
                nint rest = columns - column;
                TLanes winner = TLanes.Load(winners + (row * columns) + column, rest);
                TLanes upstream = TLanes.Load(gradient + (row * columns) + column, rest);
                float* first = scoreGradients + (row * columns * pieces) + column;
                for (int piece = 0; piece < pieces; piece++)
                {
                    TLanes won = TLanes.AreEqual(winner, piece);
                    TLanes.Select(won, upstream, TLanes.Zero).Store(first + (piece * columns), rest);
                }
            }

            return 0;
        }
    }
}
