using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Verifiers.Code;

namespace Ponder.Reasoning.Tasks.Adapters;

/// <summary>Answers that are programs: the same when they are written alike but for spaces at line ends and empty lines.</summary>
internal sealed class CodeAnswers(CodeLanguage language) : IAnswerReader
{
    public CodeLanguage Language => language;

    public string? Read(string text)
    {
        string[] lines = CodeBlocks.Last(text, language).ReplaceLineEndings("\n").Split('\n');
        string code = string.Join('\n', lines.Select(line => line.TrimEnd()).Where(line => line.Length > 0));
        return code.Length > 0 ? code : null;
    }

    public bool AreSame(string first, string second) => string.Equals(first, second, StringComparison.Ordinal);
}
