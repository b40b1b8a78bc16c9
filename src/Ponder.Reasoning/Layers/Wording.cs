using Ponder.Inference.Generation;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Layers;

/// <summary>How parts ask the policy.</summary>
/// <param name="Temperature">Null for the settings'.</param>
/// <param name="MaxTokens">Null for the settings'.</param>
internal sealed record Wording(double? Temperature = null, int? MaxTokens = null)
{
    private const int ShortReply = 8;

    private const string TemperatureName = "temperature", MaxTokensName = "max_tokens";

    private static readonly string[] Replies = ["Yes", "No"];

    /// <summary>The option of every part that asks the policy: how tokens are drawn.</summary>
    public static StrategyOption TemperatureOption { get; } = StrategyOption.FromSettings(TemperatureName, "The temperature.", 0, 100);

    /// <summary>The same of an answer's length.</summary>
    public static StrategyOption MaxTokensOption { get; } = StrategyOption.FromSettings(MaxTokensName, "Most tokens of an answer.", 1, 1_000_000) with { IsWhole = true };

    /// <summary>The same of what is no answer, with a length of its own where none is given.</summary>
    public static StrategyOption Length(int tokens, string help) => StrategyOption.Whole(MaxTokensName, tokens, help);

    /// <summary>What the options of a part say.</summary>
    public static Wording Of(PartValues values) => new(values.NumberOrNull(TemperatureName), values.WholeOrNull(MaxTokensName));

    /// <summary>As options for a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="step">The step's name in the ledger.</param>
    public ExtendOptions For(SolveSession session, string step) => new()
    {
        Step = step,
        MaxTokens = MaxTokens,
        Sampling = Temperature is double temperature ? session.Settings.Sampling with { Temperature = temperature } : null,
    };

    /// <summary>The same as settings, for a session within.</summary>
    public SolveSettings In(SolveSettings settings) => settings with
    {
        Budget = Budgets.Budget.Unlimited,
        Sampling = Temperature is double temperature ? settings.Sampling with { Temperature = temperature } : settings.Sampling,
        MaxTokens = Math.Min(MaxTokens ?? int.MaxValue, settings.MaxTokens),
    };

    /// <summary>Draws a reply to each request, all in one batch.</summary>
    /// <param name="session">The session.</param>
    /// <param name="requests">The prompts.</param>
    /// <param name="step">The step's name in the ledger.</param>
    /// <returns>For each request the reply's text, whole or to its most tokens; null where the budget or the policy's context holds none.</returns>
    public async Task<string?[]> AskAsync(SolveSession session, IReadOnlyList<Prompt> requests, string step)
    {
        Thought?[] roots = [.. requests.Select(request => Start(session, request, isAnswer: false))];
        Thought?[] replies = [.. roots.Select(root => root is null ? null : session.Fork(root, 1)[0])];
        await session.ExtendAsync([.. replies.OfType<Thought>()], For(session, step)).ConfigureAwait(false);
        foreach (var thought in roots.Concat(replies).OfType<Thought>())
            session.Release(thought);
        return [.. replies.Select(reply => reply?.End is null or ThoughtEnd.Finished && reply?.Text.Trim() is { Length: > 0 } text ? text : null)];
    }

    /// <summary>Draws answers to the problem, in whatever words it is put.</summary>
    /// <param name="session">The session.</param>
    /// <param name="request">The prompt; null for the problem's own.</param>
    /// <param name="count">How many.</param>
    /// <param name="step">The step's name in the ledger.</param>
    /// <returns>Those that came to an answer; what is longer than it may be is given up.</returns>
    public async Task<IReadOnlyList<Thought>> AnswerAsync(SolveSession session, Prompt? request, int count, string step)
    {
        var root = request is null ? session.Root : Start(session, request, isAnswer: true);
        if (root is null)
            return [];
        // Where the reward reads from a thought's memory, it is kept to the end of the plan.
        bool isHeld = session.Settings.Reward?.Needs is { } needs && (needs & (PolicyFeatures.Choices | PolicyFeatures.HiddenStates)) != 0;
        var answers = await session.SampleAsync(count, For(session, step) with { Hold = isHeld }, root).ConfigureAwait(false);
        session.Reject(answers.Where(answer => answer.IsOpen));
        if (request is not null)
            session.Release(root);
        return [.. answers.Where(answer => answer.Answer is not null)];
    }

    /// <summary>Asks questions to be answered by yes or no, all in one batch: for the likelihood of both where the policy tells it, else for a short reply.</summary>
    /// <returns>For each how likely yes is; null where the budget or the policy's context holds no reply, or it says neither.</returns>
    public static async Task<double?[]> IsSoAsync(SolveSession session, IReadOnlyList<Prompt> questions)
    {
        if (!session.Policy.Features.HasFlag(PolicyFeatures.Choices))
        {
            var replies = await new Wording(MaxTokens: ShortReply).AskAsync(session, questions, "check").ConfigureAwait(false);
            return [.. replies.Select(reply => reply is null ? null : JudgePrompts.ReadYes(reply))];
        }
        Thought?[] roots = [.. questions.Select(question => Start(session, question, isAnswer: false))];
        double[][] likely = await session.ChoicesAsync([.. roots.OfType<Thought>()], "", Replies).ConfigureAwait(false);
        var told = new Queue<double[]>(likely);
        var answers = new double?[roots.Length];
        for (int i = 0; i < roots.Length; i++)
        {
            if (roots[i] is not { } root)
                continue;
            double[] both = told.Dequeue();
            answers[i] = both[0] + both[1] > 0 ? both[0] / (both[0] + both[1]) : null;
            session.Release(root);
        }
        return answers;
    }

    private static Thought? Start(SolveSession session, Prompt prompt, bool isAnswer)
    {
        try
        {
            return session.Start(prompt, isAnswer);
        }
        catch (ContextLengthException error)
        {
            session.Note($"A layer left a request out: {error.Message}");
            return null;
        }
    }
}
