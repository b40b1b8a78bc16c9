using Ponder.Models.Files;
using Ponder.Models.Gguf;
using Ponder.Models.Tests.Files;
using Ponder.Numerics.Formats;

namespace Ponder.Models.Tests.Gguf;

public sealed class GgufSplitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_part_opens_all(int part)
    {
        using var folder = new TemporaryFolder();
        WriteParts(folder);
        using var file = GgufFile.Open(folder[$"m-0000{part}-of-00003.gguf"]);
        file.Tensors.Select(t => t.Name).ShouldBe(["t0", "t1", "t2"]);
        file.TryGetTensor("t2", out var tensor).ShouldBeTrue();
        tensor!.ToFloats().ShouldBe([2f]);
        file.Path.ShouldEndWith("m-00001-of-00003.gguf");
        file.FileBytes.ShouldBe(Directory.GetFiles(folder.Root).Sum(f => new FileInfo(f).Length));
    }

    [Fact]
    public void A_missing_part_is_named()
    {
        using var folder = new TemporaryFolder();
        WriteParts(folder);
        File.Delete(folder["m-00002-of-00003.gguf"]);
        var error = Should.Throw<ModelFileException>(() => GgufFile.Open(folder["m-00003-of-00003.gguf"]));
        error.Path.ShouldBe(folder["m-00002-of-00003.gguf"]);
        error.Message.ShouldContain("part 2 of 3 is missing");
    }

    [Fact]
    public void Parts_under_wrong_names_are_refused()
    {
        using var folder = new TemporaryFolder();
        WriteParts(folder);
        File.Copy(folder["m-00001-of-00003.gguf"], folder["other.gguf"]);
        Should.Throw<ModelFileException>(() => GgufFile.Open(folder["other.gguf"])).Message.ShouldContain("-of-00003.gguf");
        File.Copy(folder["m-00001-of-00003.gguf"], folder["m-00002-of-00003.gguf"], overwrite: true);
        Should.Throw<ModelFileException>(() => GgufFile.Open(folder["m-00001-of-00003.gguf"])).Message.ShouldContain("calls it part 1");
    }

    [Fact]
    public void A_wrong_total_is_refused()
    {
        using var folder = new TemporaryFolder();
        WriteParts(folder, total: 4);
        Should.Throw<ModelFileException>(() => GgufFile.Open(folder["m-00001-of-00003.gguf"])).Message.ShouldContain("split.tensors.count is 4");
    }

    private static void WriteParts(TemporaryFolder folder, int total = 3)
    {
        for (int i = 0; i < 3; i++)
        {
            var metadata = new GgufMetadata("part");
            metadata.Set("split.no", (ushort)i);
            metadata.Set("split.count", (ushort)3);
            metadata.Set("split.tensors.count", total);
            using var writer = new GgufWriter(folder[$"m-0000{i + 1}-of-00003.gguf"], metadata, [new($"t{i}", NumberFormats.F32, [1])]);
            writer.Write($"t{i}", BitConverter.GetBytes((float)i));
            writer.Complete();
        }
    }
}
