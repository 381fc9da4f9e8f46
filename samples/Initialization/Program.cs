// Lecture L2.2 to L2.9: how the first weights decide what arrives at the last layer, and whether training starts at all.
return SampleCommand.Run(args, "Initialisation: six hidden layers under five kinds of first weights (lecture L2.2-L2.9).", "15 s", sample =>
{
    Signals.Run(sample);
    SampleRun.Say();
    Curves.Run(sample);
});
