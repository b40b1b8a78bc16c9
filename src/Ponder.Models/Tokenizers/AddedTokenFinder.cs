using System.Buffers;
using System.Text;
using Ponder.Models.Tokenizers.Models;

namespace Ponder.Models.Tokenizers;

/// <summary>Finds added tokens in a text: the leftmost, and of those the longest.</summary>
internal sealed class AddedTokenFinder
{
    private readonly AddedToken[] _tokens;
    private readonly CharTrie _trie = new();
    private readonly SearchValues<char> _first;

    /// <summary>Prepares the search; tokens without content are left out.</summary>
    public AddedTokenFinder(IEnumerable<AddedToken> tokens)
    {
        _tokens = [.. tokens.Where(token => token.Content.Length > 0)];
        for (int i = 0; i < _tokens.Length; i++)
            _trie.Add(_tokens[i].Content, i);
        _first = SearchValues.Create([.. _tokens.Select(token => token.Content[0]).Distinct()]);
    }

    /// <summary>Finds the next token at or after <paramref name="from"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where the last match ended.</param>
    /// <param name="special">Finds control tokens too.</param>
    /// <param name="found">The token, and the part of the text that it replaces.</param>
    public bool TryFind(ReadOnlySpan<char> text, int from, bool special, out (int Start, int End, int Id) found)
    {
        for (int at = from; at < text.Length; at++)
        {
            int skip = text[at..].IndexOfAny(_first);
            if (skip < 0)
                break;
            at += skip;
            if (LongestAt(text, at, special) is not { } token)
                continue;
            int start = at, end = at + token.Content.Length;
            while (token.StripsLeft && start > from && char.IsWhiteSpace(text[start - 1]))
                start--;
            while (token.StripsRight && end < text.Length && char.IsWhiteSpace(text[end]))
                end++;
            found = (start, end, token.Id);
            return true;
        }
        found = default;
        return false;
    }

    private AddedToken? LongestAt(ReadOnlySpan<char> text, int at, bool special)
    {
        AddedToken? longest = null;
        int node = 0;
        for (int i = at; i < text.Length && _trie.TryStep(ref node, text[i]); i++)
        {
            if (_trie.ValueAt(node) is >= 0 and var index && Allowed(_tokens[index], text[..at], text[(i + 1)..], special))
                longest = _tokens[index];
        }
        return longest;
    }

    private static bool Allowed(AddedToken token, ReadOnlySpan<char> before, ReadOnlySpan<char> after, bool special)
    {
        if (token.IsSpecial && !special)
            return false;
        if (!token.IsSingleWord)
            return true;
        Rune.DecodeLastFromUtf16(before, out var last, out _);
        Rune.DecodeFromUtf16(after, out var next, out _);
        return (before.IsEmpty || !IsWord(last)) && (after.IsEmpty || !IsWord(next));
    }

    private static bool IsWord(Rune rune) => rune.Value == '_' || Rune.IsLetterOrDigit(rune);
}
