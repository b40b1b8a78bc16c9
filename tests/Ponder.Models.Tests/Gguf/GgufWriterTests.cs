using FsCheck;
using FsCheck.Fluent;
using Ponder.Models.Files;
using Ponder.Models.Gguf;
using Ponder.Models.Safetensors;
using Ponder.Models.Tests.Files;
using Ponder.Numerics.Formats;
using Ponder.TestSupport;

namespace Ponder.Models.Tests.Gguf;

public sealed class GgufWriterTests
{
    [Fact]
    public void Both_containers_give_back_what_was_written() => Prop.ForAll<int, int>((a, b) =>
    {
        long rows = Math.Abs(a % 9) + 1, columns = Math.Abs(b % 17) + 1;
        var declared = new TensorDeclaration("t", NumberFormats.F32, [rows, columns]);
        byte[] data = new byte[declared.ByteLength];
        new Random(a).NextBytes(data);
        using var folder = new TemporaryFolder();
        var metadata = GgufSamples.Metadata();
        using (var writer = new GgufWriter(folder["g"], metadata, [declared]))
        {
            writer.Write("t", data.AsSpan(0, data.Length / 3));
            writer.Write("t", data.AsSpan(data.Length / 3));
            writer.Complete();
        }
        using (var writer = new SafetensorsWriter(folder["s"], [declared], new Dictionary<string, string> { ["k"] = "v" }))
        {
            writer.Write("t", data);
            writer.Complete();
        }
        using var gguf = GgufFile.Open(folder["g"]);
        using var safetensors = SafetensorsFile.Open(folder["s"]);
        safetensors.Metadata["k"].ShouldBe("v");
        gguf.Metadata.Select(p => $"{p.Key} {p.Value}").ShouldBe(metadata.Select(p => $"{p.Key} {p.Value}"));
        foreach (ITensorFile file in new ITensorFile[] { gguf, safetensors })
        {
            file.Tensors[0].Shape.ShouldBe([rows, columns]);
            Bytes(file.Tensors[0]).ShouldBe(data);
        }
    }).QuickCheckThrowOnFailure();

    [SharedFact]
    public void A_model_copied_is_the_same_model()
    {
        using var folder = new TemporaryFolder();
        using var source = GgufFile.Open(SharedData.Path("data", "tiny-llama", "stories260K-pad192-Q4_0.gguf"));
        using (var writer = new GgufWriter(folder["copy"], source.Metadata, [.. source.Tensors.Select(TensorDeclaration.Of)]))
        {
            foreach (var tensor in source.Tensors)
                writer.Write(tensor.Name, Bytes(tensor));
            writer.Complete();
        }
        using var copy = GgufFile.Open(folder["copy"]);
        copy.Metadata.Select(p => $"{p.Key} {p.Value}").ShouldBe(source.Metadata.Select(p => $"{p.Key} {p.Value}"));
        copy.Metadata.GetStringArray("tokenizer.ggml.tokens").ShouldBe(source.Metadata.GetStringArray("tokenizer.ggml.tokens"));
        copy.Tensors.Select(t => (t.Name, t.Format, string.Join(",", t.Shape))).ShouldBe(source.Tensors.Select(t => (t.Name, t.Format, string.Join(",", t.Shape))));
        copy.Tensors.Zip(source.Tensors).All(p => Bytes(p.First).AsSpan().SequenceEqual(Bytes(p.Second))).ShouldBeTrue();
    }

    [Fact]
    public void An_unfinished_file_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new GgufWriter(folder["m"], GgufSamples.Metadata(), GgufSamples.Tensors()))
        {
            Should.Throw<InvalidOperationException>(() => writer.Write("second", new byte[1]));
            Should.Throw<InvalidOperationException>(() => writer.Write("first", new byte[61]));
            Should.Throw<InvalidOperationException>(writer.Complete);
        }
        Directory.GetFiles(folder.Root).ShouldBeEmpty();
        Should.Throw<ModelFileException>(() => new GgufWriter(folder["absent/m"], GgufSamples.Metadata(), []));
    }

    private static unsafe byte[] Bytes(Tensor tensor) => new ReadOnlySpan<byte>(tensor.Data, (int)tensor.ByteLength).ToArray();
}
