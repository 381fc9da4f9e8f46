namespace NeuralTrain.PeerBenchmarks;

/// <summary>Measures a case: both libraries on one thread and, if it asks for that, on all cores, in turn, so that all meet the same disturbances.</summary>
internal static class Turns
{
    /// <summary>Takes all rounds of a case.</summary>
    public static CaseTimes Measure(PeerCase work, MeasuringPlan plan, Disturbance disturbance)
    {
        int cores = plan.CountsProcessorTime || !work.ComparesThreads ? 1 : Environment.ProcessorCount;
        var ours = new Contender(work.RunOurs, 1, plan, disturbance);
        var peer = new Contender(work.RunPeer, 1, plan, disturbance);
        Contender oursOnAll = cores > 1 ? new Contender(work.RunOurs, cores, plan, disturbance) : ours;
        Contender peerOnAll = cores > 1 ? new Contender(work.RunPeer, cores, plan, disturbance) : peer;
        var loop = new Durations(plan.Rounds);
        Durations loopOnAll = cores > 1 ? new Durations(plan.Rounds) : loop;
        Contender[] contenders = cores > 1 ? [ours, peer, oursOnAll, peerOnAll] : [ours, peer];

        foreach (Contender contender in contenders)
        {
            contender.WarmUp();
        }

        for (int round = 0; round < plan.Rounds; round++)
        {
            // Nobody is always the first or always behind the same one.
            for (int i = 0; i < contenders.Length; i++)
            {
                contenders[(round + i) % contenders.Length].TakeTurn();
            }

            loop.Add(FmaLoop.SecondsPerOperation(threads: 1));
            if (cores > 1)
            {
                loopOnAll.Add(FmaLoop.SecondsPerOperation(cores));
            }
        }

        return new CaseTimes(ours.Durations, peer.Durations, oursOnAll.Durations, peerOnAll.Durations, loop, loopOnAll);
    }
}
