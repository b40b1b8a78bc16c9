namespace Ponder.Reasoning.Composition;

/// <summary>A question that a larger one was broken into.</summary>
/// <param name="Number">Its number among the parts, from 1.</param>
/// <param name="Question">The question.</param>
/// <param name="Needs">The numbers of the parts whose answers it builds on, all lower than its own; empty for one that stands for itself.</param>
internal sealed record Part(int Number, string Question, IReadOnlyList<int> Needs);

/// <summary>What was found out about a part.</summary>
/// <param name="Question">The part's question.</param>
/// <param name="Answer">The answer.</param>
internal sealed record Fact(string Question, string Answer);
