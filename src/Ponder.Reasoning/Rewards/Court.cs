using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Rewards;

/// <summary>
/// Where opinions are asked for: of the policy that thinks, within its session and its budget, or of another one beside it, whose tokens are the reward's.
/// </summary>
internal sealed class Court : IDisposable
{
    private readonly SolveSession _asked;
    private readonly SolveSession? _own;

    /// <summary>A court.</summary>
    /// <param name="session">The session whose thoughts are judged.</param>
    /// <param name="judge">Who judges; null for the session's policy.</param>
    public Court(SolveSession session, IPolicy? judge)
    {
        _asked = session;
        if (judge is null)
            return;
        TimeSpan? left = session.Settings.Budget.Time - session.Ledger.Time;
        var settings = session.Settings with
        {
            // Of the budget the time alone is shared: it goes on while the judge draws.
            Budget = new Budget { Time = left is TimeSpan time && time <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : left },
            Reward = null,
            LogProbabilities = false,
            Observer = null,
        };
        _own = new SolveSession(session.Problem, judge, settings, PolicyFeatures.None, session.Stop);
    }

    /// <summary>Where opinions are drawn.</summary>
    public SolveSession Session => _own ?? _asked;

    /// <summary>Tokens that another policy than the session's computed so far: given and drawn.</summary>
    public long Spent => _own?.Ledger is Ledger ledger ? ledger.PromptTokens + ledger.GeneratedTokens : 0;

    /// <summary>Draws opinions on cases, all in one batch.</summary>
    /// <param name="cases">A prompt for each case.</param>
    /// <param name="votes">Opinions on each, at least 1.</param>
    /// <param name="maxTokens">Most tokens of an opinion; null for no limit but the session's.</param>
    /// <returns>For each case those opinions that were given in full, or to that limit.</returns>
    public async Task<IReadOnlyList<Thought>[]> HearAsync(IReadOnlyList<Prompt> cases, int votes, int? maxTokens = null)
    {
        Thought[] roots = [.. cases.Select(prompt => Session.Start(prompt))];
        IReadOnlyList<Thought>[] opinions = [.. roots.Select(root => Session.Fork(root, votes))];
        // The first opinion on each case before the second on any: where the budget ends, all were heard about as often.
        Thought[] inTurn = [.. Enumerable.Range(0, votes).SelectMany(vote => opinions.Select(all => all[vote]))];
        await Session.ExtendAsync(inTurn, new ExtendOptions { Step = "judge", MaxTokens = maxTokens }).ConfigureAwait(false);
        foreach (var thought in inTurn.Concat(roots))
            Session.Release(thought);
        if (_own is not null)
        {
            foreach (string note in _own.Notes)
                _asked.Note($"Of the judge: {note}");
        }
        return [.. opinions.Select(all => all.Where(opinion => opinion.End is ThoughtEnd.Finished or null).ToArray())];
    }

    /// <summary>The mean of what opinions say; NaN where none says anything.</summary>
    /// <param name="opinions">The opinions.</param>
    /// <param name="read">What an opinion says; null for nothing.</param>
    public static double Mean(IReadOnlyList<Thought> opinions, Func<string, double?> read)
    {
        double[] said = [.. opinions.Select(opinion => read(opinion.Text)).OfType<double>()];
        return said.Length == 0 ? double.NaN : said.Average();
    }

    /// <inheritdoc/>
    public void Dispose() => _own?.Dispose();
}
