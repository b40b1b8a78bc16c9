namespace Ponder.Reasoning.Answers;

/// <summary>Finds the answer in what a policy said, and tells which answers are the same. Safe to use from many threads.</summary>
public interface IAnswerReader
{
    /// <summary>The answer in a text; null when it holds none: then it has no vote.</summary>
    string? Read(string text);

    /// <summary>Whether two answers mean the same. Reflexive and symmetric.</summary>
    bool AreSame(string first, string second);
}
