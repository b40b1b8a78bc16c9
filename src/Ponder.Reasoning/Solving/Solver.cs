using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Solving;

/// <summary>Solves problems by a strategy: spends a budget on each, returns the best answer with a confidence, and accounts for every token.</summary>
public sealed class Solver
{
    private readonly IPolicy _policy;
    private readonly IStrategy _strategy;
    private readonly SolveSettings _settings;

    /// <summary>Prepares a solver.</summary>
    /// <param name="policy">Who thinks.</param>
    /// <param name="strategy">How the budget is spent.</param>
    /// <param name="settings">The budget, and how thoughts are drawn and judged.</param>
    /// <exception cref="StrategyException">The strategy needs what the policy or the settings do not have.</exception>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public Solver(IPolicy policy, IStrategy strategy, SolveSettings settings)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(strategy);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Budget.Validated();
        settings.Sampling.Validated();
        var missing = (strategy.Needs | settings.Reward?.Needs ?? strategy.Needs) & ~policy.Features;
        if (missing != PolicyFeatures.None)
        {
            string who = (strategy.Needs & missing) != 0 ? $"The strategy {strategy.Name}" : $"The reward {settings.Reward!.Name}";
            throw new StrategyException($"{who} needs {missing.Describe()}, which {policy.Name} does not give; use an engine in this process.");
        }
        if (strategy.NeedsReward && settings.Reward is null)
            throw new StrategyException($"The strategy {strategy.Name} needs a reward model; name one, such as self-certainty or the path of a reward model.");
        if (strategy.NeedsDrafter && settings.Drafter is null)
            throw new StrategyException($"The strategy {strategy.Name} needs a drafter: a smaller policy that drafts the steps, in the setting {nameof(SolveSettings.Drafter)}.");
        if (strategy.NeedsDrafter && !settings.Drafter!.Features.HasFlag(PolicyFeatures.Branches))
            throw new StrategyException($"The drafter {settings.Drafter.Name} cannot be driven step by step; use an engine in this process.");
        (_policy, _strategy, _settings) = (policy, strategy, settings);
    }

    /// <summary>Problems that are thought about at the same time; more keep the engine's batch full while some come to their ends. At least 1.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>The number of the first problem, from 0: above 0 for the rest of a row of problems, so that each has the seed that it has in the whole row.</summary>
    public int First { get; init; }

    /// <summary>Solves one problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="stop">Cancels within one step of the engine.</param>
    /// <exception cref="StrategyException">The strategy needs a verifier, and there is none.</exception>
    public Task<Outcome> SolveAsync(Problem problem, CancellationToken stop = default) => SolveAsync(problem, _settings, stop);

    /// <summary>Solves problems, some at a time, and hands out the outcomes in the order of the problems. Each has a seed of its own, made of the settings' and its number, counted from <see cref="First"/>.</summary>
    /// <param name="problems">The problems.</param>
    /// <param name="observer">Told what happens, with the number of the problem from 0, on any thread; must return quickly.</param>
    /// <param name="stop">Cancels within one step of the engine.</param>
    public async IAsyncEnumerable<Outcome> SolveAsync(
        IReadOnlyList<Problem> problems, Action<int, SolveEvent>? observer = null, [EnumeratorCancellation] CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(problems);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var started = Channel.CreateBounded<Task<Outcome>>(Math.Max(1, Parallel));
        using var room = new SemaphoreSlim(Math.Max(1, Parallel));
        var starting = StartAllAsync();
        try
        {
            await foreach (var task in started.Reader.ReadAllAsync(stop).ConfigureAwait(false))
                yield return await task.ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await ((Task)starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task StartAllAsync()
        {
            var running = new List<Task>();
            try
            {
                for (int i = 0; i < problems.Count; i++)
                {
                    await room.WaitAsync(ending.Token).ConfigureAwait(false);
                    var task = SolveNumberAsync(i);
                    running.Add(task);
                    await started.Writer.WriteAsync(task, ending.Token).ConfigureAwait(false);
                }
            }
            finally
            {
                started.Writer.Complete();
                await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        async Task<Outcome> SolveNumberAsync(int number)
        {
            try
            {
                var settings = _settings with
                {
                    Seed = CounterRandom.Bits(_settings.Seed, (ulong)(First + number), 0),
                    Observer = observer is null ? _settings.Observer : happened => observer(number, happened),
                };
                return await SolveAsync(problems[number], settings, ending.Token).ConfigureAwait(false);
            }
            catch (ContextLengthException error)
            {
                // One problem that is too long does not end the others.
                return new Outcome { Problem = problems[number], Strategy = _strategy.Name, Thoughts = [], Ledger = new Ledger(), Notes = [$"There is no answer: {error.Message}"] };
            }
            finally
            {
                room.Release();
            }
        }
    }

    private async Task<Outcome> SolveAsync(Problem problem, SolveSettings settings, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (_strategy.NeedsVerifier && (settings.Verifier ?? problem.Verifier) is null)
            throw new StrategyException($"The strategy {_strategy.Name} needs a verifier, and the task {problem.Task} has none; name one.");
        Outcome outcome;
        using (var session = new SolveSession(problem, _policy, settings, _strategy.Needs, stop))
        {
            var choice = await _strategy.SolveAsync(session).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            if (choice.Thought is null && choice != Choice.Abstained)
                session.Note(WhyNothing(session));
            outcome = new Outcome
            {
                Problem = problem,
                Strategy = _strategy.Name,
                Chosen = choice.Thought,
                Confidence = choice.Confidence,
                Thoughts = session.Thoughts,
                Ledger = session.Ledger,
                Notes = session.Notes,
            };
        }
        if (problem.Grader is IVerifier grader)
            await GradeAsync(outcome, grader, settings.VerifierTime, stop).ConfigureAwait(false);
        return outcome;
    }

    // What is true is found out afterwards, so that no strategy can lean on it. Inner nodes of a search, and what was given up, are no answers.
    private static async Task GradeAsync(Outcome outcome, IVerifier grader, TimeSpan time, CancellationToken stop)
    {
        var known = new Dictionary<string, bool?>(StringComparer.Ordinal);
        foreach (var thought in outcome.Samples.Where(thought => thought.End is not (null or ThoughtEnd.Rejected)))
        {
            if (!known.TryGetValue(thought.Text, out bool? isCorrect))
            {
                bool wasAsked = thought.Verdict is not null && outcome.Problem.Verifier == grader;
                var verdict = wasAsked ? thought.Verdict! : await VerdictGuard.CheckAsync(grader, outcome.Problem, thought.Text, time, stop).ConfigureAwait(false);
                known.Add(thought.Text, isCorrect = verdict.IsCorrect);
            }
            thought.IsCorrect = isCorrect;
        }
    }

    private static string WhyNothing(SolveSession session)
    {
        Thought[] samples = [.. session.Thoughts.Where(thought => thought is { IsAnswer: true, IsPart: false, Parent: not null })];
        int cut = samples.Count(thought => thought.End == ThoughtEnd.Length);
        if (samples.Length == 0 || samples.All(thought => thought.End is ThoughtEnd.Budget or ThoughtEnd.Time))
            return "There is no answer: the budget did not suffice for one.";
        return cut == samples.Length
            ? $"There is no answer: every thought was cut at {session.Settings.MaxTokens} tokens; allow longer ones."
            : "There is no answer: no thought came to one.";
    }
}
