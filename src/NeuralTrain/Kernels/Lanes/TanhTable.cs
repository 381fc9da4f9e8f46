using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>
/// Hyperbolic tangent by table, for processors that pick from 32 floats in one instruction: |x| + 0.625 cut at its exponent and
/// three more bits gives 32 intervals from 0 to 9.375 that are short where tanh bends (1/16, then 1/8, 1/4, 1/2 and 1),
/// each with a centre and a polynomial tanh|x| = c0 + t·(c1 + t·(c2 + t·(c3 + t·c4))) of the distance t = |x| − centre.
/// </summary>
/// <remarks>
/// The centres were moved by up to 400 last places to where tanh is nearly a float, so that c0 costs no accuracy; the first centre
/// is 0, where all accuracy is relative. The polynomials are minimax fits within 0.40 ulp. The tables are in the order of
/// the five bits: from 1.375 on first, from 0 on last.
/// </remarks>
internal static class TanhTable
{
    // The tangent is 1 to the last bit from here on.
    private const float Last = 9.3f;

    private const float Shift = 0.625f;

    /// <summary>Hyperbolic tangent, where <see cref="LanesSupport.HasTables"/>.</summary>
    [MethodImpl(Jit.Inline)]
    internal static TLanes Tanh<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes magnitude = TLanes.AtMost(TLanes.Abs(x), Last);
        TLanes interval = TLanes.LeadingBits(magnitude + Shift);
        TLanes t = magnitude - TLanes.Pick(
            Vector512.Create(
                1.5000407f, 1.7499933f, 2.0000608f, 2.2499433f, 2.4999368f, 2.7500668f, 2.9999182f, 3.2499137f,
                3.6250544f, 4.1250052f, 4.6249475f, 5.125151f, 5.6251907f, 6.1248093f, 6.6251907f, 7.1248093f),
            Vector512.Create(
                7.8748093f, 8.874619f, 0f, 0.093751825f, 0.15625425f, 0.21874551f, 0.28124323f, 0.34375155f,
                0.43750852f, 0.5624765f, 0.6874874f, 0.812479f, 0.93751985f, 1.0624788f, 1.1875142f, 1.3125418f),
            interval);
        TLanes y = TLanes.Pick(
            Vector512.Create(
                -0.024783991f, -0.023470351f, -0.01789506f, -0.012339455f, -0.008063013f, -0.0051114797f, -0.003182601f, -0.0019621088f,
                -0.0009477906f, -0.00035126717f, -0.00012958581f, -4.7714755e-5f, 1.2899685e-5f, -4.8477144e-5f, 2.522697e-6f, -3.0098481e-5f),
            Vector512.Create(
                -1.2325564e-6f, -2.420659e-6f, 0.015966319f, 0.061005346f, 0.09738666f, 0.1272745f, 0.14941785f, 0.16409002f,
                0.16963515f, 0.15374494f, 0.119451016f, 0.079917304f, 0.043340307f, 0.014460543f, -0.005551669f, -0.01763393f),
            interval);
        y = TLanes.MultiplyAdd(y, t, TLanes.Pick(
            Vector512.Create(
                0.08776117f, 0.06299342f, 0.042197775f, 0.027168013f, 0.017078854f, 0.010582489f, 0.006504751f, 0.0039767814f,
                0.0019118366f, 0.00070603966f, 0.00026012782f, 9.5703086e-5f, 3.510442e-5f, 1.2946229e-5f, 4.7525755e-6f, 1.7616002e-6f),
            Vector512.Create(
                4.0571473e-7f, 5.6846762e-8f, -0.33391106f, -0.3215668f, -0.30170062f, -0.27359062f, -0.23878482f, -0.19932953f,
                -0.13618557f, -0.054534163f, 0.0140729295f, 0.06392762f, 0.0945207f, 0.108622335f, 0.110509306f, 0.10441448f),
            interval));
        y = TLanes.MultiplyAdd(y, t, TLanes.Pick(
            Vector512.Create(
                -0.16355668f, -0.10714147f, -0.06810162f, -0.042514358f, -0.02623944f, -0.01608013f, -0.009818831f, -0.0059787184f,
                -0.00283207f, -0.0010438355f, -0.00038430348f, -0.00014135386f, -5.3988082e-5f, -1.6415775e-5f, -7.357156e-6f, -6.930666e-7f),
            Vector512.Create(
                -3.092305e-7f, 5.435803e-7f, 5.94563e-6f, -0.092661306f, -0.15127148f, -0.20533893f, -0.25347167f, -0.2946161f,
                -0.34185725f, -0.3773091f, -0.38426694f, -0.368904f, -0.33850342f, -0.29989037f, -0.25841966f, -0.2178887f),
            interval));
        y = TLanes.MultiplyAdd(y, t, TLanes.Pick(
            Vector512.Create(
                0.18069352f, 0.11381325f, 0.07064218f, 0.04346944f, 0.026595324f, 0.016211994f, 0.009867552f, 0.0059966887f,
                0.0028359096f, 0.0010443099f, 0.00038435103f, 0.00014135454f, 5.200561e-5f, 1.9146037e-5f, 7.038297e-6f, 2.5909956e-6f),
            Vector512.Create(
                5.7764333e-7f, 7.806826e-8f, 1f, 0.9912618f, 0.9759765f, 0.9536364f, 0.9248937f, 0.89055645f,
                0.83060426f, 0.74009126f, 0.64434856f, 0.549819f, 0.46112582f, 0.38124377f, 0.31142157f, 0.25191838f),
            interval));
        y = TLanes.MultiplyAdd(y, t, TLanes.Pick(
            Vector512.Create(
                0.9051556f, 0.9413748f, 0.9640319f, 0.97802365f, 0.9866126f, 0.9918608f, 0.99505395f, 0.9969971f,
                0.9985808f, 0.9994776f, 0.9998078f, 0.9999293f, 0.999974f, 0.9999904f, 0.9999965f, 0.9999987f),
            Vector512.Create(
                0.9999997f, 0.99999994f, 0f, 0.09347811f, 0.15499488f, 0.21532206f, 0.27405533f, 0.3308225f,
                0.41157714f, 0.5098126f, 0.59636545f, 0.67095554f, 0.7340807f, 0.7866107f, 0.8298063f, 0.86491716f),
            interval));
        return TLanes.CopySign(y, x);
    }
}
