using Ponder.Models.Files;

namespace Ponder.Models.Tests.Files;

public sealed class MappedFileTests
{
    [Fact]
    public unsafe void Maps_the_bytes_of_a_file()
    {
        using var folder = new TemporaryFolder();
        var file = MappedFile.Open(folder.Write("a", [1, 2, 3]));
        file.Length.ShouldBe(3);
        file.Slice(1, 2).ToArray().ShouldBe(new byte[] { 2, 3 });
        file.Pointer[0].ShouldBe((byte)1);
        file.Dispose();
        Should.Throw<ObjectDisposedException>(() => file.Slice(0, 1).Length);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 4)]
    [InlineData(3, 1)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(0, -1)]
    public void A_slice_outside_the_file_is_refused(long offset, int length)
    {
        using var folder = new TemporaryFolder();
        using var file = MappedFile.Open(folder.Write("a", [1, 2, 3]));
        Should.Throw<ModelFileException>(() => file.Slice(offset, length).Length).Message.ShouldContain("3 bytes");
    }

    [Fact]
    public void What_is_no_readable_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<ModelFileException>(() => MappedFile.Open(folder["absent"])).Message.ShouldContain("no such file");
        Should.Throw<ModelFileException>(() => MappedFile.Open(folder.Root)).Message.ShouldContain("folder");
        Should.Throw<ModelFileException>(() => MappedFile.Open(folder.Write("empty", []))).Message.ShouldContain("empty");
        Should.Throw<ModelFileException>(() => MappedFile.Open(folder["a\0b"])).Path.ShouldBe(folder["a\0b"]);
    }
}
