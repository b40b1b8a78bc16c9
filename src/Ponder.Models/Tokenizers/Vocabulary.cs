using System.Text;

namespace Ponder.Models.Tokenizers;

/// <summary>The tokens of a model: their names, by id and by name, which are special, and the bytes each adds to a text.</summary>
internal sealed class Vocabulary
{
    private readonly string[] _names;
    private readonly bool[] _special;
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly byte[] _bytes;
    private readonly int[] _ends;
    private readonly string?[] _texts;                          // of tokens that were decoded before, so that a stream makes no new ones

    /// <summary>Builds the tables.</summary>
    /// <param name="names">By id; an empty name is a hole that no text reaches.</param>
    /// <param name="special">By id: control tokens, which have no text of their own.</param>
    /// <param name="bytesOf">What a token adds to a text, from its id and name.</param>
    public Vocabulary(string[] names, bool[] special, Func<int, string, byte[]> bytesOf)
    {
        (_names, _special) = (names, special);
        _ids = new Dictionary<string, int>(names.Length);
        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _ends = new int[names.Length + 1];
        _texts = new string?[names.Length];
        using var bytes = new MemoryStream(names.Length * 8);
        for (int id = 0; id < names.Length; id++)
        {
            if (names[id].Length > 0)
                _ids.TryAdd(names[id], id);     // of equal names the first is the token; the others only decode
            LongestName = Math.Max(LongestName, names[id].Length);
            bytes.Write(bytesOf(id, names[id]));
            _ends[id + 1] = checked((int)bytes.Length);
        }
        _bytes = bytes.ToArray();
    }

    /// <summary>Ids run from 0 to this, exclusive.</summary>
    public int Size => _names.Length;

    /// <summary>Characters of the longest name.</summary>
    public int LongestName { get; }

    /// <summary>The id of a name.</summary>
    public int? IdOf(ReadOnlySpan<char> name) => _lookup.TryGetValue(name, out int id) ? id : null;

    /// <summary>The name of an id.</summary>
    public string NameOf(int id) => _names[Check(id)];

    /// <summary>True for control tokens.</summary>
    public bool IsSpecial(int id) => _special[Check(id)];

    /// <summary>What the token adds to a text that has begun.</summary>
    public ReadOnlyMemory<byte> BytesOf(int id)
    {
        Check(id);
        return _bytes.AsMemory(_ends[id].._ends[id + 1]);
    }

    /// <summary>What the token adds to a text that has begun, or null where it is not whole characters.</summary>
    public string? TextOf(int id)
    {
        Check(id);
        if (_texts[id] is { } text)
            return text;
        var bytes = BytesOf(id).Span;
        return System.Text.Unicode.Utf8.IsValid(bytes) ? _texts[id] = Encoding.UTF8.GetString(bytes) : null;
    }

    /// <summary>The UTF-8 of a name, lone surrogates as U+FFFD.</summary>
    public static byte[] Utf8(string name) => Encoding.UTF8.GetBytes(name);

    private int Check(int id)
    {
        if ((uint)id >= (uint)_names.Length)
            throw new ArgumentOutOfRangeException(nameof(id), id, $"Token ids run from 0 to {_names.Length - 1}.");
        return id;
    }
}
