#:package NeuralTrain.Onnx@1.0.0-preview.1

// A network leaves .NET as an ONNX file and comes back, and becomes one C# class: dotnet run export.cs
using NeuralTrain;

var random = new Random(1);
var network = new Sequential(new Linear(2, 8, random), new GELU(), new Linear(8, 3, random));
OnnxFile.Save("network.onnx", network);
File.WriteAllText("Network.txt", network.ToCSharp("Network"));
Console.WriteLine(OnnxFile.Load("network.onnx"));     // Sequential(Linear(2 → 8), GELU, Linear(8 → 3))
