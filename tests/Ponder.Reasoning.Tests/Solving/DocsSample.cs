using Ponder.Inference;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tasks;

namespace Ponder.Reasoning.Tests.Solving;

/// <summary>The sample in README.md and docs/reasoning.md, as it stands there but for the model's path and the console.</summary>
public sealed class DocsSample
{
    [Fact]
    public async Task It_solves_a_puzzle_within_its_budget()
    {
        using var engine = Engine.Load(EmbeddedModels.Policy);
        using var reward = RewardTable.Create("puzzles");
        var problem = TaskFile.One("countdown", "Make 84 from 13 24 36 37");
        var settings = new SolveSettings { Budget = new Budget { Tokens = 2_000 }, Reward = reward, StepDelimiter = "\n", Seed = 7 };

        var solver = new Solver(new EnginePolicy(engine), StrategyTable.Create("weighted-best-of-n"), settings);
        Outcome outcome = await solver.SolveAsync(problem);
        string line = $"{outcome.Answer} ({outcome.Confidence:P0}) for {outcome.Ledger.GeneratedTokens} tokens";

        outcome.IsCorrect.ShouldBe(true);
        line.ShouldContain("left 84");
        outcome.Ledger.GeneratedTokens.ShouldBeLessThanOrEqualTo(2_000);
    }
}
