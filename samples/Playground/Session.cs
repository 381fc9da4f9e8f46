using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralTrain.Samples;

/// <summary>What the page asks of its session.</summary>
/// <param name="Do">set, run, tune or find.</param>
/// <param name="Setup">For set: what to begin anew with.</param>
/// <param name="Steps">For run: how many steps at most.</param>
/// <param name="Milliseconds">For run: how long at most.</param>
/// <param name="Layers">For run: whether histograms and norms of the layers come with the frame.</param>
/// <param name="Rate">For tune.</param>
/// <param name="L2">For tune.</param>
internal sealed record Request(string Do, Setup? Setup = null, int Steps = 0, double Milliseconds = 0, bool Layers = true, double Rate = 0, double L2 = 0);

/// <summary>A page and its experiment. Nothing runs unless the page asks, a slice at a time, so it ends with its page.</summary>
internal sealed class Session(WebSocket socket)
{
    private const int LongestMessage = 256 * 1024, LongestSlice = 25, MostStepsOfSlice = 100_000;

    /// <summary>JSON as the page writes and reads it.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
    };

    // As many slices at once as there are processors: with many pages, each gets fewer frames, and none starves.
    private static readonly SemaphoreSlim Processors = new(Environment.ProcessorCount);

    private Experiment _experiment = new(new Setup());

    /// <summary>Answers until the page closes.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var buffer = new byte[LongestMessage];
        while (await ReceiveAsync(buffer, stop) is ReadOnlyMemory<byte> message)
        {
            await Processors.WaitAsync(stop);
            (byte[] Bytes, WebSocketMessageType Type) answer;
            try
            {
                answer = Answer(message.Span);
            }
            finally
            {
                Processors.Release();
            }

            await socket.SendAsync(answer.Bytes, answer.Type, endOfMessage: true, stop);
        }
    }

    /// <summary>The model file of its network as it is now.</summary>
    public byte[] Save()
    {
        lock (this)
        {
            using var stream = new MemoryStream();
            _experiment.Save(stream);
            return stream.ToArray();
        }
    }

    private (byte[] Bytes, WebSocketMessageType Type) Answer(ReadOnlySpan<byte> message)
    {
        lock (this)
        {
            try
            {
                Request request = JsonSerializer.Deserialize<Request>(message, Json) ?? throw new JsonException("The message is null.");
                if (request.Do == "run")
                {
                    if (request.Steps > 0)
                    {
                        _experiment.Run(Math.Min(request.Steps, MostStepsOfSlice), TimeSpan.FromMilliseconds(Math.Clamp(request.Milliseconds, 0, LongestSlice)));
                    }

                    return (Frame.Of(_experiment, request.Layers).Pack(_experiment, Json), WebSocketMessageType.Binary);
                }

                return (JsonSerializer.SerializeToUtf8Bytes(Answer(request), Json), WebSocketMessageType.Text);
            }
            catch (Exception problem) when (problem is JsonException or ArgumentException or InvalidOperationException or NotFiniteNumberException)
            {
                return (JsonSerializer.SerializeToUtf8Bytes(new { Kind = "refused", problem.Message }, Json), WebSocketMessageType.Text);
            }
        }
    }

    private object Answer(Request request)
    {
        switch (request.Do)
        {
            case "set":
                _experiment = new Experiment(request.Setup ?? new Setup());
                return new { Kind = "set", Train = Points(_experiment.Train), Test = Points(_experiment.Test), Network = $"{_experiment.Network}", Check = Check() };
            case "tune":
                _experiment.Tune(request.Rate, request.L2);
                return new { Kind = "tune", Check = Check() };
            case "find":
                LearningRateCurve curve = _experiment.FindRate();
                return new
                {
                    Kind = "find", curve.Suggestion, curve.Steepest, curve.MinimumOverTen, curve.Reason,
                    Points = curve.Points.Where(point => double.IsFinite(point.Loss)).Select(point => new[] { point.LearningRate, point.Loss, point.SmoothedLoss }),
                };
            default:
                throw new ArgumentException($"do must be set, run, tune or find, received {request.Do ?? "null"}.");
        }
    }

    private object Check() =>
        _experiment.Check().Select(finding => new { finding.Code, Severity = $"{finding.Severity}".ToLowerInvariant(), finding.Message, finding.Remedy });

    private float[][] Points(Dataset data)
    {
        var scale = (float)_experiment.Setup.InputScale;
        return [.. Enumerable.Range(0, data.Inputs.Rows).Select(row => new[] { data.Inputs[row, 0] / scale, data.Inputs[row, 1] / scale, data.Targets[row, 0] })];
    }

    // Null when the page has closed, or sends more than any message can need.
    private async Task<ReadOnlyMemory<byte>?> ReceiveAsync(byte[] buffer, CancellationToken stop)
    {
        int length = 0;
        while (length < buffer.Length)
        {
            ValueWebSocketReceiveResult part;
            try
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), stop);
            }
            catch (WebSocketException)
            {
                return null;
            }

            if (part.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                return null;
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                return buffer.AsMemory(0, length);
            }
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, $"A message has at most {LongestMessage} bytes.", CancellationToken.None);
        return null;
    }
}
