using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// Computes a product at one register width: chooses the way by the shape alone, and divides the result (never a sum)
/// between the threads of the team. The way and the order of every sum are the same in all parts, and so are the bits.
/// </summary>
internal static unsafe class SplitProduct<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    // For B to be transposed: up to this many rows, or columns, dot products win over transposing it first (12×512×784
    // takes the same time both ways, 128×12×512 two thirds of it, 128×16×512 1.15 times as long) ...
    private const int DotRows = 12;
    private const int DotColumns = 12;

    // ... unless the sums are so short that adding up their lanes outweighs them (3 to 10 times slower at 16, from 64 on
    // faster). Then only a single row or column, which has next to no use for tiles.
    private const int DotInner = 64;

    // Rows a part must have, four tiles at 512 bits, for A to be divided where it is read by columns (the gradient of weights).
    private const int MinRows = 56;

    /// <summary>Computes the whole product in the given number of parts.</summary>
    [MethodImpl(Jit.Inline)]
    public static void Run(in ProductOperands product, int parts)
    {
        if (parts <= 1)
        {
            RunPart(product, 0, product.Rows, 0, product.Columns);
            return;
        }

        Split split = new() { Product = product, Parts = parts };
        Team.Run(parts, &RunPart, &split);
    }

    [MethodImpl(Jit.Full)]
    private static void RunPart(void* context, int part)
    {
        Split* split = (Split*)context;
        ref readonly ProductOperands product = ref split->Product;
        if (DividesRows(product, split->Parts))
        {
            int start = (int)((long)product.Rows * part / split->Parts);
            int end = (int)((long)product.Rows * (part + 1) / split->Parts);
            RunPart(product, start, end, 0, product.Columns);
        }
        else
        {
            int panelWidth = TiledProduct<TRegister, TVector>.PanelWidth;
            int shift = TiledProduct<TRegister, TVector>.PanelShift(product);
            long panels = Panels(product);
            int start = Math.Clamp(((int)(panels * part / split->Parts) * panelWidth) - shift, 0, product.Columns);
            int end = Math.Clamp(((int)(panels * (part + 1) / split->Parts) * panelWidth) - shift, 0, product.Columns);
            RunPart(product, 0, product.Rows, start, end);
        }
    }

    // By columns where there are panels enough: each panel of B is packed by the part that uses it, and by no other. Of the
    // gradient of weights by rows all the same: each part packs its own rows of A alone, and the optimizer's loop over the same
    // weights divides them alike. By columns a step of 784-512-512-10 takes 1.01 to 1.04 times as long, and 1.02 to
    // 1.03 times with the two other products divided by rows as well.
    // By rows too where the parts would be uneven: of 100 columns one would have 64, and 200×100×784 takes 0.8 of the time by rows.
    [MethodImpl(Jit.Inline)]
    private static bool DividesRows(in ProductOperands product, int parts)
    {
        int panels = Panels(product);
        bool areUneven = (panels + parts - 1) / parts * parts * (long)TiledProduct<TRegister, TVector>.PanelWidth > product.Columns * 9L / 8;
        return (product.Rows >= MinRows * parts && (product.AInner != 1 || areUneven)) || (panels < 2 * parts && product.Columns < product.Rows);
    }

    [MethodImpl(Jit.Inline)]
    private static int Panels(in ProductOperands product) =>
        TiledProduct<TRegister, TVector>.PanelCount(product.Columns + TiledProduct<TRegister, TVector>.PanelShift(product));

    // Asks for the whole product, never for a part: another way would give other bits.
    [MethodImpl(Jit.Full)]
    private static void RunPart(in ProductOperands product, int rowStart, int rowEnd, int columnStart, int columnEnd)
    {
        if (rowStart == rowEnd || columnStart == columnEnd) return;
        bool prefersDots = product.Inner >= DotInner
            ? product.Rows <= DotRows || product.Columns <= DotColumns
            : product.Rows == 1 || product.Columns == 1;
        if (product.BColumn != 1 && prefersDots)
        {
            DotProduct<TRegister, TVector>.Run(product, rowStart, rowEnd, columnStart, columnEnd);
        }
        else if (ShortProduct<TRegister, TVector>.Suits(product))
        {
            ShortProduct<TRegister, TVector>.Run(product, rowStart, rowEnd, columnStart, columnEnd);
        }
        else if (SwappedProduct<TRegister, TVector>.Suits(product))
        {
            SwappedProduct<TRegister, TVector>.Run(product, rowStart, rowEnd, columnStart, columnEnd);
        }
        else
        {
            TiledProduct<TRegister, TVector>.Run(product, rowStart, rowEnd, columnStart, columnEnd);
        }
    }

    private struct Split
    {
        public ProductOperands Product;
        public int Parts;
    }
}
