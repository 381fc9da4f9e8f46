using System.Globalization;
using System.Runtime.CompilerServices;

namespace NeuralTrain.Tests;

/// <summary>Runs the suite as on another machine: <c>NEURALTRAIN_CULTURE=de-DE</c> sets the culture of every thread.</summary>
internal static class TestCulture
{
    [ModuleInitializer]
    internal static void Set()
    {
        if (Environment.GetEnvironmentVariable("NEURALTRAIN_CULTURE") is not { Length: > 0 } name) return;
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = new CultureInfo(name);
    }

    /// <summary>Runs something as a German machine would.</summary>
    public static T German<T>(Func<T> function)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            return function();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
