using System.Buffers;
using System.Globalization;

namespace Ponder.Models.Tokenizers.Unicode;

/// <summary>The tables behind <see cref="UnicodeNormalization"/>, read once from <c>normalization.txt</c>.</summary>
internal sealed class NormalizationData
{
    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Dictionary<int, int[]> _compatible = [];
    private readonly Dictionary<int, byte> _classes = [];
    private readonly Dictionary<(int, int), int> _compositions = [];

    private readonly Lazy<SearchValues<char>>[] _moving;

    private NormalizationData()
    {
        using var stream = typeof(NormalizationData).Assembly.GetManifestResourceStream("normalization.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            string[] fields = line[(line[0] is '=' or '~' or ':' ? 1 : 0)..].Split(' ');
            if (line[0] == ':')
                ReadClass(fields);
            else if (line[0] != '#')
                ReadMapping(line[0], Hex(fields[0]), [.. fields[1..].Select(Hex)]);
        }
        _moving = [.. Enumerable.Range(0, 4).Select(kind => new Lazy<SearchValues<char>>(() => FindMoving(kind >= 2, kind % 2 == 1)))];
    }

    /// <summary>The tables.</summary>
    public static NormalizationData Instance { get; } = new();

    /// <summary>The mapping of one code point, one step; null when it stands for itself.</summary>
    public int[]? Decompose(int codePoint, bool compatible) =>
        _canonical.TryGetValue(codePoint, out int[]? mapping) || (compatible && _compatible.TryGetValue(codePoint, out mapping)) ? mapping : null;

    /// <summary>The canonical combining class; 0 for starters.</summary>
    public int ClassOf(int codePoint) => _classes.GetValueOrDefault(codePoint);

    /// <summary>What two code points compose to, or -1.</summary>
    public int Compose(int first, int second) => _compositions.GetValueOrDefault((first, second), -1);

    /// <summary>
    /// Characters that a form may change or move: a text without them is normalized as it stands. Most text is, and
    /// looking for them costs a fraction of normalizing. Beyond the basic plane it is the first half of the pair.
    /// </summary>
    public SearchValues<char> Moving(bool compatible, bool compose) => _moving[(compatible ? 2 : 0) + (compose ? 1 : 0)].Value;

    private SearchValues<char> FindMoving(bool compatible, bool compose)
    {
        var moving = new HashSet<int>(_classes.Keys);
        // What composes with the character before it, and what decomposes and does not compose to itself again.
        var seconds = _compositions.Keys.Select(pair => pair.Item2).ToHashSet();
        moving.UnionWith(seconds);
        var whole = _compositions.Values.ToHashSet();
        moving.UnionWith(_canonical.Keys.Where(codePoint => !compose || !whole.Contains(codePoint)));
        if (compatible)
            moving.UnionWith(_canonical.Keys.Concat(_compatible.Keys).Where(IsCompatible));
        if (compose)
            moving.UnionWith(Enumerable.Range(0x1161, 0x11C3 - 0x1161));        // Hangul vowels and tails
        else
            moving.UnionWith(Enumerable.Range(0xAC00, 11_172));                 // Hangul syllables
        var first = moving.Select(codePoint => codePoint < 0x10000 ? (char)codePoint : char.ConvertFromUtf32(codePoint)[0]);
        return SearchValues.Create([.. first.Distinct()]);
    }

    // A canonical mapping may lead to a character that has a compatible one: U+0385.
    private bool IsCompatible(int codePoint) =>
        _compatible.ContainsKey(codePoint) || (_canonical.TryGetValue(codePoint, out int[]? mapping) && mapping.Any(IsCompatible));

    private void ReadMapping(char kind, int codePoint, int[] mapping)
    {
        (kind == '~' ? _compatible : _canonical)[codePoint] = mapping;
        if (kind is not ('=' or '~'))
            _compositions[(mapping[0], mapping[1])] = codePoint;
    }

    private void ReadClass(string[] fields)
    {
        byte combiningClass = byte.Parse(fields[0], CultureInfo.InvariantCulture);
        foreach (string range in fields[1..])
        {
            string[] ends = range.Split('-');
            for (int codePoint = Hex(ends[0]); codePoint <= Hex(ends[^1]); codePoint++)
                _classes[codePoint] = combiningClass;
        }
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
