using Ponder.Inference.Sampling;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Statistics;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Auto;

/// <summary>
/// Whole answers to problems, scored, checked and graded. Strategies that only draw such answers and choose from them need not be run: what they would
/// come to at any size and budget is replayed on the pool, in several orders.
/// </summary>
internal sealed class SamplePool
{
    private const int Orders = 16;
    private const ulong Draws = 0x506f6f6c_4f726472;            // apart from the thoughts' own draws

    private readonly IReadOnlyList<Outcome> _outcomes;
    private readonly Thought[][] _samples;
    private readonly double _lowestReward;

    private SamplePool(IReadOnlyList<Outcome> outcomes, double lowestReward)
    {
        (_outcomes, _lowestReward) = (outcomes, lowestReward);
        _samples = [.. outcomes.Select(outcome => outcome.Samples.ToArray())];
        AnswerTokens = Math.Max(1, _samples.SelectMany(samples => samples).Select(sample => (double)sample.OwnTokens.Count).DefaultIfEmpty(1).Average());
    }

    /// <summary>Tokens of a usual answer.</summary>
    public double AnswerTokens { get; }

    /// <summary>Tokens that the pool cost.</summary>
    public long Tokens => _outcomes.Sum(outcome => outcome.Ledger.GeneratedTokens);

    /// <summary>The samples with the truth, by the reward's word.</summary>
    public IReadOnlyList<LabelledProblem> ByReward => [.. _outcomes.Select((outcome, i) => LabelledProblem.From(outcome.Problem.Id, _samples[i], outcome.Problem.Answers))];

    /// <summary>The samples with the truth, by the verifier's word: 1 for right, 0 for wrong.</summary>
    public IReadOnlyList<LabelledProblem> ByVerifier => [.. ByReward.Select((problem, i) => problem with
    {
        Samples = [.. problem.Samples.Select((sample, j) => sample with { Reward = _samples[i][j].Verdict?.IsCorrect is bool accepts ? accepts ? 1 : 0 : null })],
    })];

    /// <summary>Draws a pool.</summary>
    /// <param name="policy">Who thinks.</param>
    /// <param name="problems">The problems.</param>
    /// <param name="samples">Answers to each.</param>
    /// <param name="options">How.</param>
    /// <param name="report">Told after every problem; null for nobody.</param>
    /// <param name="stop">Cancels within one step.</param>
    public static async Task<SamplePool> DrawAsync(
        IPolicy policy, IReadOnlyList<Problem> problems, int samples, CalibrationOptions options, Action? report, CancellationToken stop)
    {
        var settings = options.Settings with { Budget = Budgets.Budget.Unlimited };
        var solver = new Solver(policy, new DrawAll(samples), settings) { Parallel = options.Parallel };
        var outcomes = new List<Outcome>();
        await foreach (var outcome in solver.SolveAsync(problems, stop: stop).ConfigureAwait(false))
        {
            outcomes.Add(outcome);
            report?.Invoke();
        }
        double low = settings.Reward?.Range.Low ?? 0;
        return new SamplePool(outcomes, low);
    }

    /// <summary>Whether a strategy can be replayed.</summary>
    public static bool CanReplay(string name) => name is "single" or "majority" or "best-of-n" or "weighted-best-of-n" or "repeated-sampling";

    /// <summary>What the first samples of a problem show of its difficulty, and the part of all that are right.</summary>
    public (ProbeFigures Figures, double Right) Probe(int problem, int probes) => (
        ProbeFigures.Of(_samples[problem][..Math.Min(probes, _samples[problem].Length)], _outcomes[problem].Problem.Answers),
        _samples[problem].Length == 0 ? 0 : _samples[problem].Average(sample => sample.IsCorrect == true ? 1.0 : 0.0));

    /// <summary>How often a strategy is right about a problem, and the tokens that it draws for it: means over orders of the samples.</summary>
    /// <param name="problem">The problem's number.</param>
    /// <param name="name">The strategy's name.</param>
    /// <param name="size">Answers that it draws.</param>
    /// <param name="budget">Tokens that it may spend.</param>
    public (double Right, double Tokens) Replay(int problem, string name, int size, long budget)
    {
        double right = 0, tokens = 0;
        for (int order = 0; order < Orders; order++)
        {
            var (choice, spent) = Run(problem, name, Shuffled(problem, order), size, budget);
            right += choice.Thought?.IsCorrect == true ? 1.0 / Orders : 0;
            tokens += (double)spent / Orders;
        }
        return (right, tokens);
    }

    private (Choice Choice, long Tokens) Run(int problem, string name, Thought[] samples, int size, long budget)
    {
        var about = _outcomes[problem].Problem;
        bool stopsAtFirst = name == "repeated-sampling" && about.Verifier?.IsExact == true;
        var whole = new List<Thought>();
        long spent = 0;
        foreach (var sample in samples.Take(size))
        {
            // What the budget cuts came to no answer.
            bool fits = spent + sample.OwnTokens.Count <= budget;
            spent = Math.Min(budget, spent + sample.OwnTokens.Count);
            if (fits && sample.End == ThoughtEnd.Finished)
                whole.Add(sample);
            if (!fits || (stopsAtFirst && whole.Count > 0 && whole[^1].Verdict?.IsCorrect == true))
                break;
        }
        Thought[] answers = [.. whole.Where(thought => thought.Answer is not null)];
        return (name switch
        {
            "single" => new Choice(answers.FirstOrDefault(), null),
            "majority" => Choice.ByMajority(answers, about.Answers),
            "best-of-n" => Choice.Best(answers, thought => thought.Reward),
            "weighted-best-of-n" => WeightedBestOfN.Choose(answers, about.Answers, _lowestReward),
            _ => RepeatedSampling.Settle(whole, stopsAtFirst, about.Answers),
        }, spent);
    }

    // Fisher and Yates. The first order is that in which they were drawn.
    private Thought[] Shuffled(int problem, int order)
    {
        Thought[] samples = [.. _samples[problem]];
        ulong branch = Draws + ((ulong)problem * Orders) + (ulong)order;
        for (int i = samples.Length - 1; i > 0 && order > 0; i--)
        {
            int j = (int)(CounterRandom.Uniform(0, branch, (ulong)i) * (i + 1));
            (samples[i], samples[j]) = (samples[j], samples[i]);
        }
        return samples;
    }

    /// <summary>Draws answers, and has all that can judge them do so.</summary>
    private sealed class DrawAll(int samples) : IStrategy
    {
        public string Name => "pool";

        public PolicyFeatures Needs => PolicyFeatures.None;

        public async Task<Choice> SolveAsync(SolveSession session)
        {
            var drawn = await session.SampleAsync(samples, session.ToScore()).ConfigureAwait(false);
            if (session.Settings.Reward is not null)
                await session.ScoreAnswersAsync(drawn).ConfigureAwait(false);
            if (session.Verifier is not null)
                await session.VerifyAsync([.. drawn.Where(thought => thought.End == ThoughtEnd.Finished)]).ConfigureAwait(false);
            return Choice.ByMajority(drawn, session.Problem.Answers);
        }
    }
}
