// Lecture L3: the activations of Table 3 with their derivatives, and what these do to the gradient of a deep network.
return SampleCommand.Run(args, "Activations: curves with their derivatives, and how the gradient fades with depth (lecture L3).", full: "3 s", quick: "1 s", run: sample =>
{
    Table3.Run(sample);
    SampleRun.Say();
    FadingGradients.Run(sample);
});
