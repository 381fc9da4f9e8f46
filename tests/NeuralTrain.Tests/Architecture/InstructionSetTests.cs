using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Tests.Architecture;

/// <summary>When the suite runs with instruction sets switched off, they must really be off, or the run proves nothing.</summary>
public sealed class InstructionSetTests
{
    [Fact]
    public void AVX512_is_off_when_switched_off()
    {
        SkipUnlessOff("DOTNET_EnableAVX512");
        Vector512.IsHardwareAccelerated.Should().BeFalse();
        Avx512F.IsSupported.Should().BeFalse();
    }

    [Fact]
    public void AVX2_is_off_when_switched_off()
    {
        SkipUnlessOff("DOTNET_EnableAVX2");
        Avx2.IsSupported.Should().BeFalse();
        Vector512.IsHardwareAccelerated.Should().BeFalse();
    }

    [Fact]
    public void All_intrinsics_are_off_when_switched_off()
    {
        SkipUnlessOff("DOTNET_EnableHWIntrinsic");
        Avx.IsSupported.Should().BeFalse();
        Sse41.IsSupported.Should().BeFalse();
        Vector256.IsHardwareAccelerated.Should().BeFalse();
    }

    private static void SkipUnlessOff(string variable) => Assert.SkipUnless(
        Environment.GetEnvironmentVariable(variable) == "0", $"The suite runs with what the machine has; .ci/run repeats it with {variable}=0.");
}
