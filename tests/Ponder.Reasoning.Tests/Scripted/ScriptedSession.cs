using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Scripted;

/// <summary>Problems, rewards and verifiers whose every number a test knows.</summary>
internal static class ScriptedSession
{
    /// <summary>A problem whose answers are what follows the last '=' in a text.</summary>
    public static Problem Problem { get; } = new() { Prompt = Prompt.Plain("What is it? "), Question = "What is it?", Answers = new AfterEquals() };

    /// <summary>A session on the scripted problem, with all that strategies may ask for.</summary>
    public static SolveSession Open(IPolicy policy, SolveSettings? settings = null, Problem? problem = null, CancellationToken stop = default) =>
        new(problem ?? Problem, policy, settings ?? new SolveSettings(), PolicyFeatures.All & policy.Features, stop);

    private sealed class AfterEquals : IAnswerReader
    {
        public string? Read(string text) => text.LastIndexOf('=') is >= 0 and int at ? text[(at + 1)..].Trim() : null;

        public bool AreSame(string first, string second) => first == second;
    }
}

/// <summary>A reward that is a function of the text.</summary>
internal sealed class ScriptedReward(Func<string, double> value) : IRewardModel
{
    public string Name => "script";

    public bool IsExact => false;

    public string Cost => "nothing";

    public (double Low, double High) Range { get; init; } = (0, 1);

    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <summary>Thoughts scored so far.</summary>
    public int Scored { get; private set; }

    public IScorer Open(SolveSession session) => new Scorer(this, value);

    private sealed class Scorer(ScriptedReward reward, Func<string, double> value) : IScorer
    {
        public Task<IReadOnlyList<Score>> ScoreAsync(IReadOnlyList<Thought> thoughts, CancellationToken cancellationToken)
        {
            reward.Scored += thoughts.Count;
            return Task.FromResult<IReadOnlyList<Score>>([.. thoughts.Select(t => new Score(value(t.Text), [value(t.Text)], t.OwnTokens.Count))]);
        }

        public void Forget(Thought thought)
        {
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>A verifier that is a function of the text.</summary>
internal sealed class ScriptedVerifier(Func<string, Verdict> verdict) : IVerifier
{
    public string Name => "script";

    public bool IsExact { get; init; } = true;

    public string Cost => "nothing";

    public Task<Verdict> VerifyAsync(Problem problem, string text, CancellationToken cancellationToken = default) => Task.FromResult(verdict(text));
}
