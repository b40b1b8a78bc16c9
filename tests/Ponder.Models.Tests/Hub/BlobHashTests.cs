using System.Text;
using Ponder.Models.Hub;

namespace Ponder.Models.Tests.Hub;

public sealed class BlobHashTests
{
    [Theory]
    [InlineData("", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")] // git hash-object
    [InlineData("hello\n", "ce013625030ba8dba906f756967f9e9ca394464a")]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")] // sha256sum
    [InlineData("hello\n", "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")]
    public void Hashes_are_those_of_git_and_sha256(string content, string hash)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(content);
        using var right = new BlobHash(hash, bytes.Length);
        right.Append(bytes);
        right.Matches().ShouldBeTrue();

        using var wrong = new BlobHash(hash, bytes.Length);
        wrong.Append([.. bytes, 0]);
        wrong.Matches().ShouldBeFalse();
    }
}
