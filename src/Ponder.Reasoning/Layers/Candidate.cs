using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Layers;

/// <summary>An answer on its way through layers.</summary>
/// <param name="Thought">A thought that came to an answer.</param>
/// <param name="Critique">Its strengths and weaknesses; null where nobody criticised it.</param>
internal sealed record Candidate(Thought Thought, string? Critique = null)
{
    /// <summary>Puts together what several parts gave: each thought once, in the order in which they gave them, with the last critique of it.</summary>
    public static IReadOnlyList<Candidate> Join(IEnumerable<Candidate> given) =>
        [.. given.GroupBy(candidate => candidate.Thought).Select(same => new Candidate(same.Key, same.Select(one => one.Critique).LastOrDefault(text => text is not null)))];
}
