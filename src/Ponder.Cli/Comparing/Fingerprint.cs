using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ponder.Models.Loading;
using Ponder.Reasoning.Problems;

namespace Ponder.Cli.Comparing;

/// <summary>What tells models and sets of problems from others of the same name.</summary>
internal static class Fingerprint
{
    private const int HashedBytes = 1 << 20;                    // at either end of a file of weights: all of it would take seconds

    /// <summary>Of a model: the size, the beginning and the end of its weights.</summary>
    /// <param name="path">A file or a folder.</param>
    public static string OfModel(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = File.OpenRead(ModelPath.Find(path).Weights);
        hash.AppendData(Encoding.ASCII.GetBytes(file.Length.ToString(CultureInfo.InvariantCulture)));
        byte[] bytes = new byte[(int)Math.Min(HashedBytes, file.Length)];
        foreach (long offset in (long[])[0, file.Length - bytes.Length])
        {
            file.Position = offset;
            file.ReadExactly(bytes);
            hash.AppendData(bytes);
        }
        return Text(hash.GetHashAndReset());
    }

    /// <summary>Of problems: their file's, for a changed answer is another problem; else what they ask.</summary>
    /// <param name="file">The file that they come from; null where they were made up.</param>
    /// <param name="problems">The problems.</param>
    public static string OfProblems(string? file, IReadOnlyList<Problem> problems)
    {
        if (file is null)
            return Text(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', problems.Select(problem => problem.Prompt.AsText())))));
        using var stream = File.OpenRead(file);
        return Text(SHA256.HashData(stream));
    }

    private static string Text(byte[] hash) => Convert.ToHexStringLower(hash)[..16];
}
