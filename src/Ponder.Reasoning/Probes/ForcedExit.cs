using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Probes;

/// <summary>Makes thoughts answer where they stand.</summary>
internal static class ForcedExit
{
    public const string DefaultEnding = "\n\nFinal answer:";

    private const int AnswerTokens = 64;

    /// <summary>Puts an ending behind open thoughts and draws what follows, greedily and at most 64 tokens of it; they are read and released then.</summary>
    public static async Task AnswerAsync(SolveSession session, IReadOnlyList<Thought> thoughts, string ending)
    {
        foreach (var thought in thoughts)
            session.Append(thought, ending);
        var options = new ExtendOptions { Step = "answer", MaxTokens = AnswerTokens, Sampling = session.Settings.Sampling with { Temperature = 0 } };
        await session.ExtendAsync(thoughts, options).ConfigureAwait(false);
        foreach (var thought in thoughts.Where(thought => thought.IsOpen))
        {
            // As long as an answer may be: what can be read out of it counts.
            thought.Answer = session.Problem.Answers.Read(thought.Text);
            session.Release(thought);
        }
    }
}
