using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>An answer with the thoughts that came to it.</summary>
/// <param name="Answer">As the first of them put it.</param>
/// <param name="Thoughts">At least one, in order.</param>
/// <param name="Weight">The sum of their weights.</param>
public sealed record Ballot(string Answer, IReadOnlyList<Thought> Thoughts, double Weight)
{
    /// <summary>Sorts thoughts by their answers; in the order in which the answers first appeared.</summary>
    /// <param name="thoughts">Those without an answer are left out.</param>
    /// <param name="answers">Tells which answers are the same.</param>
    /// <param name="weight">The weight of a thought; null counts each once.</param>
    public static IReadOnlyList<Ballot> Count(IEnumerable<Thought> thoughts, IAnswerReader answers, Func<Thought, double>? weight = null)
    {
        var boxes = new List<(string Answer, List<Thought> Thoughts)>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var thought in thoughts)
        {
            if (thought.Answer is not string answer)
                continue;
            if (!known.TryGetValue(answer, out int box))
            {
                box = boxes.FindIndex(other => answers.AreSame(other.Answer, answer));
                if (box < 0)
                {
                    box = boxes.Count;
                    boxes.Add((answer, []));
                }
                known[answer] = box;
            }
            boxes[box].Thoughts.Add(thought);
        }
        return [.. boxes.Select(box => new Ballot(box.Answer, box.Thoughts, box.Thoughts.Sum(thought => weight?.Invoke(thought) ?? 1)))];
    }
}
