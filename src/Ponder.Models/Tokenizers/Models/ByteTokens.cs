using System.Globalization;

namespace Ponder.Models.Tokenizers.Models;

/// <summary>
/// Tokens that stand for one byte each, for text that the vocabulary lacks: <c>&lt;0x0A&gt;</c> (SentencePiece's byte fallback).
/// </summary>
internal static class ByteTokens
{
    /// <summary>The byte of such a name.</summary>
    public static bool TryParse(string name, out byte value)
    {
        value = 0;
        return name.Length == 6 && name.StartsWith("<0x", StringComparison.Ordinal) && name[5] == '>'
            && byte.TryParse(name.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The ids of all 256 bytes, or null when one is missing.</summary>
    public static int[]? Ids(Func<string, int?> idOf)
    {
        int[] ids = new int[256];
        for (int value = 0; value < ids.Length; value++)
        {
            if (idOf($"<0x{value:X2}>") is not { } id)
                return null;
            ids[value] = id;
        }
        return ids;
    }
}
