namespace Ponder.Numerics;

/// <summary>Finds what was probably meant by a name that is not known.</summary>
public static class NearestName
{
    /// <summary>The name that needs the fewest edits (insert, delete, replace, swap neighbours), if a third of its letters suffice.</summary>
    public static string? Of(string wrong, IEnumerable<string> names)
    {
        string? best = names.MinBy(name => Edits(wrong, name));
        return best is not null && Edits(wrong, best) <= Math.Max(1, best.Length / 3) ? best : null;
    }

    /// <summary>Half a sentence for an error: the name that was probably meant, or all there are.</summary>
    public static string Suggest(string wrong, IEnumerable<string> names)
    {
        string[] all = [.. names];
        return Of(wrong, all) is string nearest ? $"did you mean '{nearest}'?" : $"there are {string.Join(", ", all)}.";
    }

    private static int Edits(string a, string b)
    {
        var edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            edits[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            edits[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                edits[i, j] = Math.Min(replace, Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        }
        return edits[a.Length, b.Length];
    }
}
