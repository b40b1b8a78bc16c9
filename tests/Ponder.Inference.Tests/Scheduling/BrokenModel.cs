using System.Runtime.InteropServices;
using Ponder.Models.Files;
using Ponder.Models.Gguf;
using Ponder.Models.Gguf.Synthesis;

namespace Ponder.Inference.Tests.Scheduling;

/// <summary>A small random model, in a folder of its own, in which the embedding of one token is not a number.</summary>
internal sealed class BrokenModel : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ponder-").FullName;

    public unsafe BrokenModel(int token)
    {
        string whole = System.IO.Path.Combine(_folder, "whole.gguf");
        Path = System.IO.Path.Combine(_folder, "broken.gguf");
        RandomModel.Write(whole, ModelShape.Find("tiny")!, QuantizationMix.Find("f32")!);
        using var source = GgufFile.Open(whole);
        using var writer = new GgufWriter(Path, source.Metadata, [.. source.Tensors.Select(TensorDeclaration.Of)]);
        foreach (var tensor in source.Tensors)
        {
            byte[] bytes = new ReadOnlySpan<byte>(tensor.Data, checked((int)tensor.ByteLength)).ToArray();
            if (tensor.Name == "token_embd.weight")
                MemoryMarshal.Cast<byte, float>(bytes.AsSpan()).Slice(token * (int)tensor.Shape[1], (int)tensor.Shape[1]).Fill(float.NaN);
            writer.Write(tensor.Name, bytes);
        }
        writer.Complete();
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
