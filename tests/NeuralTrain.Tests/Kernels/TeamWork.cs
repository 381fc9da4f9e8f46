using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

/// <summary>Work items for the tests of the team, and the contexts they read; each context lives on its caller's stack.</summary>
internal static unsafe class TeamWork
{
    /// <summary>Only against a hanging test run: nothing is expected to take this long, and nothing passes because of it.</summary>
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    /// <summary>Counts the calls of each part.</summary>
    public static void Count(void* context, int part) => Interlocked.Increment(ref ((int*)context)[part]);

    /// <summary>Counts the calls of each part and the most threads inside at once.</summary>
    public static void Crowd(void* context, int part)
    {
        var crowd = (CrowdContext*)context;
        int now = Interlocked.Increment(ref crowd->Inside);
        int most = Volatile.Read(ref crowd->Most);
        while (now > most)
        {
            int seen = Interlocked.CompareExchange(ref crowd->Most, now, most);
            most = seen == most ? now : seen;
        }

        Thread.Yield();
        Interlocked.Increment(ref crowd->Calls);
        Interlocked.Decrement(ref crowd->Inside);
    }

    /// <summary>Returns only when all parts have been begun, so every part needs a thread of its own.</summary>
    public static void Meet(void* context, int part)
    {
        var meeting = (MeetingContext*)context;
        meeting->ThreadIds[part] = Environment.CurrentManagedThreadId;
        meeting->AllocatedBytes[part] = GC.GetAllocatedBytesForCurrentThread();
        Interlocked.Increment(ref meeting->Arrived);
        long start = Environment.TickCount64;
        while (Volatile.Read(ref meeting->Arrived) < meeting->Expected)
        {
            if (Environment.TickCount64 - start > Guard.TotalMilliseconds)
            {
                Volatile.Write(ref meeting->Missed, 1);
                return;
            }

            Thread.Yield();
        }
    }

    /// <summary>Writes a number made of the seed and the part, with plain stores; refuses another function's context.</summary>
    public static void FillEven(void* context, int part) => Fill((FillContext*)context, part, 2);

    /// <summary>As <see cref="FillEven"/>, for contexts of its own kind.</summary>
    public static void FillOdd(void* context, int part) => Fill((FillContext*)context, part, 3);

    /// <summary>The number that <see cref="FillEven"/> and <see cref="FillOdd"/> write.</summary>
    public static long Filled(int kind, long seed, int part) => (seed * 1_000_003) + (part * 31L) + kind;

    /// <summary>Starts a run of five parts inside a part.</summary>
    public static void Nest(void* context, int part)
    {
        int* inner = stackalloc int[5];
        new Span<int>(inner, 5).Clear();
        Team.Run(5, &Count, inner);
        for (int i = 0; i < 5; i++)
        {
            Interlocked.Add(ref ((int*)context)[part], inner[i]);
        }
    }

    /// <summary>Throws in the parts that the context marks as negative; counts all.</summary>
    public static void Throw(void* context, int part)
    {
        int* counts = (int*)context;
        if (counts[part] < 0)
        {
            counts[part] = 1;
            throw new InvalidOperationException($"part {part}");
        }

        counts[part]++;
    }

    /// <summary>Meets, then throws on every thread but the caller's.</summary>
    public static void MeetAndThrowInWorkers(void* context, int part)
    {
        Meet(context, part);
        if (Environment.CurrentManagedThreadId != ((MeetingContext*)context)->CallerId)
        {
            throw new InvalidOperationException("worker");
        }
    }

    /// <summary>Meets, then holds every thread but the caller's until the context is released.</summary>
    public static void MeetAndHoldWorkers(void* context, int part)
    {
        Meet(context, part);
        var meeting = (MeetingContext*)context;
        if (Environment.CurrentManagedThreadId != meeting->CallerId)
        {
            long start = Environment.TickCount64;
            while (Volatile.Read(ref meeting->Released) == 0 && Environment.TickCount64 - start < Guard.TotalMilliseconds)
            {
                Thread.Sleep(1);
            }

            Interlocked.Increment(ref meeting->Finished);
        }
    }

    private static void Fill(FillContext* context, int part, int kind)
    {
        if (context->Kind != kind)
        {
            throw new InvalidOperationException($"the function of kind {kind} got a context of kind {context->Kind}");
        }

        context->Slots[part] += Filled(kind, context->Seed, part);
    }

    internal struct CrowdContext
    {
        public int Inside;
        public int Most;
        public int Calls;
    }

    internal struct FillContext
    {
        public int Kind;
        public long Seed;
        public long* Slots;
    }

    internal struct MeetingContext
    {
        public int Expected;
        public int CallerId;
        public int Arrived;
        public int Missed;
        public int Released;
        public int Finished;
        public fixed int ThreadIds[8];
        public fixed long AllocatedBytes[8];
    }
}
