using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>
/// The products in a browser. The interpreter there pays for each call and each access to a field, so these loops have neither: locals,
/// pointers and vectors of four, which it turns into the browser's own instructions. Tiles, packing and threads would only cost.
/// </summary>
internal static unsafe class BrowserProduct
{
    public static void Run(in ProductOperands product)
    {
        for (int i = 0; i < product.Rows; i++)
        {
            float* a = product.A + (i * product.ARow), origin = product.Origin is null ? null : product.Origin + (i * product.OriginRow);
            if (product.AInner == 1 && product.BInner == 1) Dots(a, product.B, product.BColumn, origin, product.C + (i * product.CRow), product.Columns, product.Inner);
            else Sums(a, product.AInner, product.B, product.BInner, origin, product.C + (i * product.CRow), product.Columns, product.Inner);
        }
    }

    // One row of x·Wᵀ: scalar products of contiguous rows, four at a time.
    private static void Dots(float* a, float* b, nint bColumn, float* origin, float* c, int columns, int inner)
    {
        int j = 0;
        for (; j + 4 <= columns; j += 4)
        {
            float* b0 = b + (j * bColumn), b1 = b0 + bColumn, b2 = b1 + bColumn, b3 = b2 + bColumn;
            Vector128<float> v0 = default, v1 = default, v2 = default, v3 = default;
            int p = 0;
            for (; p + 4 <= inner; p += 4)
            {
                Vector128<float> x = Vector128.Load(a + p);
                v0 += x * Vector128.Load(b0 + p);
                v1 += x * Vector128.Load(b1 + p);
                v2 += x * Vector128.Load(b2 + p);
                v3 += x * Vector128.Load(b3 + p);
            }

            float s0 = Vector128.Sum(v0), s1 = Vector128.Sum(v1), s2 = Vector128.Sum(v2), s3 = Vector128.Sum(v3);
            for (; p < inner; p++)
            {
                s0 += a[p] * b0[p];
                s1 += a[p] * b1[p];
                s2 += a[p] * b2[p];
                s3 += a[p] * b3[p];
            }

            c[j] = origin is null ? s0 : origin[j] + s0;
            c[j + 1] = origin is null ? s1 : origin[j + 1] + s1;
            c[j + 2] = origin is null ? s2 : origin[j + 2] + s2;
            c[j + 3] = origin is null ? s3 : origin[j + 3] + s3;
        }

        for (; j < columns; j++)
        {
            float* row = b + (j * bColumn);
            Vector128<float> v = default;
            int p = 0;
            for (; p + 4 <= inner; p += 4) v += Vector128.Load(a + p) * Vector128.Load(row + p);
            float s = Vector128.Sum(v);
            for (; p < inner; p++) s += a[p] * row[p];
            c[j] = origin is null ? s : origin[j] + s;
        }
    }

    // One row of ȳ·W or ȳᵀ·x: a sum of rows of B, sixteen columns at a time.
    private static void Sums(float* a, nint aInner, float* b, nint bInner, float* origin, float* c, int columns, int inner)
    {
        int j = 0;
        for (; j + 16 <= columns; j += 16)
        {
            float* x = a, y = b + j;
            Vector128<float> v0 = default, v1 = default, v2 = default, v3 = default;
            for (int p = 0; p < inner; p++)
            {
                Vector128<float> factor = Vector128.Create(*x);
                v0 += factor * Vector128.Load(y);
                v1 += factor * Vector128.Load(y + 4);
                v2 += factor * Vector128.Load(y + 8);
                v3 += factor * Vector128.Load(y + 12);
                x += aInner;
                y += bInner;
            }

            if (origin is not null)
            {
                v0 = Vector128.Load(origin + j) + v0;
                v1 = Vector128.Load(origin + j + 4) + v1;
                v2 = Vector128.Load(origin + j + 8) + v2;
                v3 = Vector128.Load(origin + j + 12) + v3;
            }

            Vector128.Store(v0, c + j);
            Vector128.Store(v1, c + j + 4);
            Vector128.Store(v2, c + j + 8);
            Vector128.Store(v3, c + j + 12);
        }

        for (; j < columns; j++)
        {
            float* x = a, y = b + j;
            float sum = 0;
            for (int p = 0; p < inner; p++, x += aInner, y += bInner) sum += *x * *y;
            c[j] = origin is null ? sum : origin[j] + sum;
        }
    }
}
