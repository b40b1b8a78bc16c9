using Ponder.Inference;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Layers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Tasks;

namespace Ponder.Reasoning.Tests.Live;

/// <summary>Layers on a real engine: the budget to the token, no page left, the same from the same seed.</summary>
public sealed class LayersOnAnEngineTests
{
    // Answers and a search side by side, of which the best vote; the second reward reads from the memory of answers that have ended.
    [Theory]
    [InlineData("exact-steps", 1000)]
    [InlineData("exact-steps", 150)]
    [InlineData("self-eval", 400)]
    public async Task A_plan_keeps_its_budget_leaves_no_page_and_repeats_itself(string rewardName, long tokens)
    {
        var plan = new LayerPlan([
            new PlanLayer([PlanPart.Of("generate", ("samples", "6")), PlanPart.Of("generate", ("strategy", "rebase width=4"), ("temperature", "0.9"))]),
            new PlanLayer([PlanPart.Of("rank", ("keep", "3"), ("by", "reward"))])]);
        var problem = TaskFile.One("countdown", "Make 84 from 13 24 36 37");
        var runs = new List<string>();
        for (int run = 0; run < 2; run++)
        {
            using var engine = Engine.Load(EmbeddedModels.Policy, new EngineOptions { Threads = 2, CachePrefixes = false });
            using var reward = RewardTable.Create(rewardName);
            var settings = new SolveSettings { Seed = 4, MaxTokens = 60, StepDelimiter = "\n", Reward = reward, Budget = new Budget { Tokens = tokens } };

            var outcome = await new Solver(new EnginePolicy(engine), new LayerStrategy(plan), settings).SolveAsync(problem);

            outcome.Chosen!.Reward.ShouldNotBeNull();
            outcome.Ledger.GeneratedTokens.ShouldBe(engine.Statistics.GeneratedTokens);
            outcome.Ledger.GeneratedTokens.ShouldBeInRange(1, tokens);
            engine.KvPagesInUse.ShouldBe(0);
            runs.Add($"{outcome.Chosen.Number} {outcome.Confidence:R} {string.Join('|', outcome.Thoughts.Select(thought => thought.Text))}");
        }
        runs[1].ShouldBe(runs[0]);
    }
}
