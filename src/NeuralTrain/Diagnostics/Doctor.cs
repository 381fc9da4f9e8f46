namespace NeuralTrain;

/// <summary>The order of the examination: what stands on paper first, then the first pass, then the first step.</summary>
internal static class Doctor
{
    public static IReadOnlyList<Finding> Examine(CheckCase check)
    {
        DataChecks.Run(check);
        NetworkChecks.Run(check);
        bool canPass = !check.Has(FindingKinds.InputWidth) && !check.Has(FindingKinds.OutputWidth) && !check.Has(FindingKinds.WrongTargets)
            && !check.Has(FindingKinds.SingleRowBatches) && !check.Has(FindingKinds.NonFiniteFeature) && !check.Has(FindingKinds.NonFiniteTarget);
        if (!check.Has(FindingKinds.InputWidth) && !check.Has(FindingKinds.OutputWidth))
        {
            TargetChecks.Run(check);
            canPass &= !check.Has(FindingKinds.WrongTargets);
        }

        if (canPass)
        {
            PassChecks.Run(check);
        }

        return check.Findings;
    }
}
