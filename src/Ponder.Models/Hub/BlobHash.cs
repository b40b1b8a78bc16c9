using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ponder.Models.Hub;

/// <summary>
/// Hashes a blob as its bytes arrive. A large file is known by the SHA-256 of its content, a small one by git's
/// object id: the SHA-1 of <c>"blob {size}\0"</c> and the content.
/// </summary>
internal sealed class BlobHash : IDisposable
{
    private const int Sha256Digits = 64;
    private const int GitDigits = 40;

    private readonly IncrementalHash _hash;
    private readonly string _expected;

    /// <param name="expected">The hash the blob should have: 64 or 40 digits.</param>
    /// <param name="bytes">The blob's size.</param>
    public BlobHash(string expected, long bytes)
    {
        _expected = expected;
        if (expected.Length == Sha256Digits)
        {
            _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            return;
        }
        _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        _hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {bytes}\0")));
    }

    /// <summary>Whether a text is a hash that can be checked.</summary>
    public static bool IsKnown(string? text) => SafePath.IsHex(text, Sha256Digits) || SafePath.IsHex(text, GitDigits);

    public void Append(ReadOnlySpan<byte> content) => _hash.AppendData(content);

    /// <summary>Ends the hash; true when the content is the expected one.</summary>
    public bool Matches() => Convert.ToHexStringLower(_hash.GetHashAndReset()) == _expected;

    public void Dispose() => _hash.Dispose();
}
