// Stand-ins for the answer readers, which are written elsewhere: to be deleted at the merge.
using System.Text.RegularExpressions;

namespace Ponder.Reasoning.Answers;

internal class LastWordAnswers : IAnswerReader
{
    public string? Read(string text) => Regex.Match(text, @"(\S+)\s*$") is { Success: true } match ? match.Groups[1].Value.Trim('*', '.', '(', ')', '$') : null;

    public bool AreSame(string first, string second) => string.Equals(first.Trim('(', ')'), second.Trim('(', ')'), StringComparison.OrdinalIgnoreCase);
}

internal sealed class MathAnswers : LastWordAnswers { public static MathAnswers Instance { get; } = new(); }

internal sealed class NumberAnswers : LastWordAnswers { public static NumberAnswers Instance { get; } = new(); }

internal sealed class TextAnswers : LastWordAnswers { public static TextAnswers Instance { get; } = new(); }

internal sealed class ChoiceAnswers(string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ") : LastWordAnswers { public string Letters => letters; }
