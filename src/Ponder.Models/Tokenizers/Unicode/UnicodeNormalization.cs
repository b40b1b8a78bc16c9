using System.Text;

namespace Ponder.Models.Tokenizers.Unicode;

/// <summary>
/// Unicode's normalization forms (Standard Annex 15). The run-time library leaves text unchanged when it runs without
/// ICU (<c>InvariantGlobalization</c>), and its tables depend on the machine; tokens must not.
/// </summary>
internal static class UnicodeNormalization
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28, Syllables = Leads * Vowels * Tails;

    /// <summary>Normalizes a text.</summary>
    /// <param name="text">The text; lone surrogates become U+FFFD unless all of it is unchanged.</param>
    /// <param name="form">The form.</param>
    /// <returns><paramref name="text"/> itself when none of its characters can change.</returns>
    public static ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text, NormalizationForm form)
    {
        bool compatible = form is NormalizationForm.FormKC or NormalizationForm.FormKD;
        bool compose = form is NormalizationForm.FormC or NormalizationForm.FormKC;
        char changing = compatible ? '\u00A0' : compose ? '\u0300' : '\u00C0';
        if (!text.ContainsAnyInRange(changing, char.MaxValue))
            return text;                                                    // spares ASCII the tables

        var data = NormalizationData.Instance;
        if (!text.ContainsAny(data.Moving(compatible, compose)))
            return text;
        var codePoints = new List<int>(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, compatible, data, codePoints);
        Order(codePoints, data);
        if (compose)
            Compose(codePoints, data);
        var result = new StringBuilder(codePoints.Count);
        foreach (int codePoint in codePoints)
            result.Append(new Rune(codePoint).ToString());
        return result.ToString();
    }

    private static void Decompose(int codePoint, bool compatible, NormalizationData data, List<int> result)
    {
        int syllable = codePoint - HangulBase;
        if (syllable is >= 0 and < Syllables)
        {
            result.Add(LeadBase + syllable / (Vowels * Tails));
            result.Add(VowelBase + syllable / Tails % Vowels);
            if (syllable % Tails != 0)
                result.Add(TailBase + syllable % Tails);
        }
        else if (codePoint >= 0xA0 && data.Decompose(codePoint, compatible) is { } mapping)
        {
            foreach (int part in mapping)
                Decompose(part, compatible, data, result);
        }
        else
        {
            result.Add(codePoint);
        }
    }

    // Marks between two starters stand in the order of their classes; equal classes keep their order.
    private static void Order(List<int> codePoints, NormalizationData data)
    {
        var marks = new List<(int Class, int Index, int CodePoint)>();
        for (int i = 0; i <= codePoints.Count; i++)
        {
            int combining = i < codePoints.Count ? data.ClassOf(codePoints[i]) : 0;
            if (combining != 0)
            {
                marks.Add((combining, i, codePoints[i]));
                continue;
            }
            if (marks.Count > 1)
            {
                int first = marks[0].Index;
                marks.Sort();
                for (int m = 0; m < marks.Count; m++)
                    codePoints[first + m] = marks[m].CodePoint;
            }
            marks.Clear();
        }
    }

    private static void Compose(List<int> codePoints, NormalizationData data)
    {
        int kept = 0, starter = -1, lastClass = 0;
        foreach (int codePoint in codePoints.ToArray())
        {
            int combining = data.ClassOf(codePoint);
            // A mark composes unless another mark of its class or a higher one stands between it and the starter.
            bool blocked = starter != kept - 1 && lastClass >= combining;
            if (starter >= 0 && !blocked && Pair(codePoints[starter], codePoint, data) is >= 0 and var composed)
            {
                codePoints[starter] = composed;
                continue;
            }
            if (combining == 0)
                starter = kept;
            lastClass = combining;
            codePoints[kept++] = codePoint;
        }
        codePoints.RemoveRange(kept, codePoints.Count - kept);
    }

    private static int Pair(int first, int second, NormalizationData data)
    {
        if (first - LeadBase is >= 0 and < Leads and var lead && second - VowelBase is >= 0 and < Vowels and var vowel)
            return HangulBase + (lead * Vowels + vowel) * Tails;
        int tail = second - TailBase;
        if (first - HangulBase is >= 0 and < Syllables and var syllable && syllable % Tails == 0 && tail is > 0 and < Tails)
            return first + tail;
        return data.Compose(first, second);
    }
}
