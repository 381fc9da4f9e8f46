using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>What is done with the random values of a stream: one register of them at a time.</summary>
internal interface IRandomBody
{
    /// <summary>Whether the values are standard normal; otherwise they are uniform in [0, 1).</summary>
    static abstract bool IsNormal { get; }

    /// <summary>Takes the values for the elements from <paramref name="index"/> on, of which
    /// <paramref name="count"/> remain.</summary>
    void Run<TLanes>(TLanes random, nint index, nint count) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>
/// The loop of every use of random values: words come in chunks that stay in the first-level cache. The value of
/// position i depends on the seed and on i alone, never on where a loop starts, on the width or on the threads.
/// </summary>
internal static unsafe class RandomLoop
{
    private const int ChunkGroups = 16;
    private const int ParallelThreshold = 65536;

    [MethodImpl(Jit.Inline)]
    internal static void Run<TBody>(in TBody body, int count, ulong seed, ulong offset)
        where TBody : unmanaged, IRandomBody
    {
        if (count < ParallelThreshold || Team.Threads == 1)
        {
            RunRange(in body, 0, count, seed, offset);
            return;
        }

        var job = new Job<TBody> { Body = body, Count = count, Seed = seed, Offset = offset, Parts = Team.Threads };
        Team.Run(job.Parts, &RunPart<TBody>, &job);
    }

    /// <summary>Elements <paramref name="start"/> to <paramref name="end"/> at one width; element 0 is position
    /// <paramref name="offset"/> of the stream.</summary>
    [MethodImpl(Jit.Loop)]
    [SkipLocalsInit]
    internal static void RunRange<TBody, TLanes, TCounters>(in TBody body, int start, int end, ulong seed, ulong offset)
        where TBody : unmanaged, IRandomBody
        where TLanes : unmanaged, ILanes<TLanes>
        where TCounters : unmanaged, ICounters<TCounters>
    {
        // One register more than the chunk: the last load may reach beyond.
        uint* words = stackalloc uint[(ChunkGroups * Philox.GroupWords) + 16];
        TBody local = body;
        nint index = start;
        while (index < end)
        {
            ulong position = offset + (ulong)index;
            int skip = (int)(position % Philox.GroupWords);
            int groups = (int)Math.Min(ChunkGroups, ((skip + (end - index) - 1) / Philox.GroupWords) + 1);
            Philox.Fill<TCounters>(words, seed, position / Philox.GroupWords, groups);
            if (TBody.IsNormal) MakeNormal<TLanes>(words, groups);
            nint available = Math.Min((groups * Philox.GroupWords) - skip, end - index);
            for (nint i = 0; i < available; i += TLanes.Count)
            {
                uint* place = words + skip + i;
                TLanes random = TBody.IsNormal
                    ? TLanes.Load((float*)place, TLanes.Count)
                    : TLanes.LoadUniform(place);
                local.Run(random, index + i, available - i);
            }

            index += available;
        }
    }

    /// <summary>
    /// Box and Muller: the uniform u of the first half of a group gives the radius √(−2 ln(1 − u)), v of the second half the
    /// angle 2πv; cosines make the first half of the normals, sines the second. 24 bits reach up to 5.76 standard deviations.
    /// </summary>
    [MethodImpl(Jit.Loop)]
    private static void MakeNormal<TLanes>(uint* words, int groups)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        const int half = Philox.GroupWords / 2;
        for (int group = 0; group < groups; group++, words += Philox.GroupWords)
        {
            for (int i = 0; i < half; i += TLanes.Count)
            {
                TLanes radius = TLanes.Sqrt(-2f * VectorMath.Log(1 - TLanes.LoadUniform(words + i)));
                TLanes sine = VectorMath.SineOfTurn(TLanes.LoadUniform(words + half + i), out TLanes cosine);
                (radius * cosine).Store((float*)(words + i), TLanes.Count);
                (radius * sine).Store((float*)(words + half + i), TLanes.Count);
            }
        }
    }

    [MethodImpl(Jit.Inline)]
    private static void RunRange<TBody>(in TBody body, int start, int end, ulong seed, ulong offset)
        where TBody : unmanaged, IRandomBody
    {
        if (Vector512.IsHardwareAccelerated)
        {
            RunRange<TBody, Lanes512, Counters512>(in body, start, end, seed, offset);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            RunRange<TBody, Lanes256, Counters256>(in body, start, end, seed, offset);
        }
        else
        {
            RunRange<TBody, Lanes128, Counters128>(in body, start, end, seed, offset);
        }
    }

    [MethodImpl(Jit.Full)]
    private static void RunPart<TBody>(void* context, int part)
        where TBody : unmanaged, IRandomBody
    {
        // Parts begin at multiples of a group, so that a group straddles two parts only where the offset makes it.
        var job = (Job<TBody>*)context;
        long groups = ((job->Count - 1L) / Philox.GroupWords) + 1;
        long start = groups * part / job->Parts * Philox.GroupWords;
        long end = Math.Min(groups * (part + 1) / job->Parts * Philox.GroupWords, job->Count);
        RunRange(in job->Body, (int)start, (int)end, job->Seed, job->Offset);
    }

    /// <summary>What the threads of one loop share.</summary>
    private struct Job<TBody>
    {
        internal TBody Body;
        internal int Count, Parts;
        internal ulong Seed, Offset;
    }
}
