// Lecture L1.3 and L2.1: the two-layer perceptron in 11 lines, from the published weights, from zeros, and with biases from 100 random starts.
return SampleCommand.Run(args, "The two-layer perceptron learns XOR (lecture L1.3, L2.1): from the published weights or a --seed, from zeros, and with biases.", "1 s", sample =>
{
    double[] losses = LectureXor.Run(sample);
    SampleRun.Say();
    double[] lossesFromZeros = ZeroXor.Run(sample);
    SampleRun.Say();
    BiasedXor.Run(sample);
    SampleRun.Say();
    Pictures.Save(sample, losses, lossesFromZeros);
});
