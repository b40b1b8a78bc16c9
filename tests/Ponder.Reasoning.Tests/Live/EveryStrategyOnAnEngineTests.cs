using Ponder.Inference;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tasks;

namespace Ponder.Reasoning.Tests.Live;

/// <summary>What holds for every strategy on a real engine: the budget to the token, no page left, the same from the same seed.</summary>
public sealed class EveryStrategyOnAnEngineTests
{
    private const long Tokens = 150;

    public static TheoryData<string> Names => [.. StrategyTable.All.Where(row => row.HasDefaults).Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_keeps_its_budget_leaves_no_page_and_repeats_itself(string name)
    {
        using var workers = new SharedWorkers(2);
        using var reward = RewardTable.Create("puzzles", new RewardSettings { Engine = new EngineOptions { Workers = workers, CachePrefixes = false } });
        var runs = new List<string>();
        for (int run = 0; run < 2; run++)
        {
            using var engine = Engine.Load(EmbeddedModels.Policy, new EngineOptions { Workers = workers, CachePrefixes = false });
            var problem = TaskFile.One("countdown", "Make 84 from 13 24 36 37");
            var policy = new EnginePolicy(engine);
            var settings = new SolveSettings
            {
                Drafter = policy,
                Seed = 4,
                MaxTokens = 60,
                StepDelimiter = "\n",
                Reward = reward,
                Budget = new Budget { Tokens = Tokens },
            };
            var outcome = await new Solver(policy, StrategyTable.Create(name), settings).SolveAsync(problem);

            outcome.Ledger.GeneratedTokens.ShouldBe(engine.Statistics.GeneratedTokens);
            outcome.Ledger.PromptTokens.ShouldBe(engine.Statistics.PromptTokens);
            outcome.Ledger.GeneratedTokens.ShouldBeInRange(1, Tokens);
            engine.KvPagesInUse.ShouldBe(0);
            ((HeadReward)reward).Engine.KvPagesInUse.ShouldBe(0);
            runs.Add($"{outcome.Chosen?.Number} {outcome.Confidence:R} {string.Join('|', outcome.Thoughts.Select(thought => thought.Text))}");
        }
        runs[1].ShouldBe(runs[0]);
    }
}
