// Lecture L5.7 to L5.11 and L7.3: finding a learning rate, what too low and too high look like, and what it helps to change it during training.
const string Description = "Learning rates: the finder, four curves, and seven schedules (lecture L5.7-L5.11, L7.3).";
return SampleCommand.Run(args, Description, full: "10 s", quick: "5 s", takesData: true, run: sample =>
{
    Dataset digits = Digits.Load(sample, sample.Quick ? 2_000 : 10_000, test: 100).Train;
    LearningRateCurve found = Finder.Run(sample, digits);
    SampleRun.Say();
    FourCurves.Run(sample, digits, found);
    SampleRun.Say();
    ScheduleEffects.Run(sample);
});
