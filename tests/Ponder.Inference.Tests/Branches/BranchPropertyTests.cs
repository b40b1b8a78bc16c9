using FsCheck.Fluent;
using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;

namespace Ponder.Inference.Tests.Branches;

/// <summary>Any interleaving of what branches can do gives the tokens that a naive engine draws.</summary>
public sealed class BranchPropertyTests : IDisposable
{
    private static readonly SamplingOptions Sampling = new() { Temperature = 1.2, TopK = 50, Seed = 77 };

    private readonly NaiveEngine _naive = new();

    public void Dispose() => _naive.Dispose();

    [Theory]
    [InlineData(64)]
    [InlineData(9)]                                             // pages: every long branch takes the memory of others
    public async Task Forks_extensions_rollbacks_and_drops_draw_what_a_naive_engine_draws(int pages)
    {
        const long page = PuzzleModels.PageBytes;
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, KvMemoryBytes = pages * page, ChunkTokens = 7 });
        var operations = Gen.Choose(0, 1 << 20).ListOf(24);
        foreach (var numbers in operations.Sample(8, 10))
            await RunAsync(engine, [.. numbers]);
        engine.KvPagesInUse.ShouldBe(0);
    }

    private async Task RunAsync(Engine engine, int[] numbers)
    {
        var twins = new List<Twin>();
        var running = new List<Task>();
        foreach (int number in numbers)
        {
            int choice = number % 6, n = number / 6;
            var twin = twins.Count == 0 ? null : twins[n / 8 % twins.Count];
            if (twin is null || (choice == 0 && twins.Count < 6))
            {
                int[] prompt = PuzzleModels.Prompts[n % PuzzleModels.Prompts.Count];
                twins.Add(new Twin(engine.CreateBranch(prompt, new BranchOptions { Key = (ulong)n }), [.. prompt], prompt.Length));
                continue;
            }
            switch (choice)
            {
                case 1 when twins.Count < 8:
                    twins.Add(twin.Fork());
                    break;
                case 2:
                    int length = 1 + n % twin.Tokens.Count;
                    twin.Branch.RollBack(length);
                    twin.Tokens.RemoveRange(length, twin.Tokens.Count - length);
                    twin.Prompt = Math.Min(twin.Prompt, length);
                    break;
                case 3:
                    twin.Branch.Dispose();
                    twins.Remove(twin);
                    break;
                default:
                    Twin[] chosen = choice == 4 ? [twin] : [.. twins];
                    var options = new GenerationOptions { Sampling = Sampling, MaxTokens = 1 + n % 20 };
                    var added = await Task.WhenAll(engine.ExtendAsync([.. chosen.Select(t => t.Branch)], options));
                    for (int i = 0; i < chosen.Length; i++)
                    {
                        int before = chosen[i].Tokens.Count;
                        await _naive.ExtendAsync(chosen[i].Tokens, chosen[i].Prompt, chosen[i].Branch.Key, Sampling, options.MaxTokens.Value);
                        added[i].Ids.ShouldBe(chosen[i].Tokens[before..]);
                    }
                    break;
            }
            foreach (var each in twins)
                each.Branch.TokenIds().ShouldBe(each.Tokens);
        }
        twins.ForEach(twin => twin.Branch.Dispose());
        engine.KvPagesInUse.ShouldBe(0);
    }

    /// <summary>A branch and the tokens that it should have.</summary>
    private sealed class Twin(Branch branch, List<int> tokens, int prompt)
    {
        public Branch Branch => branch;

        public List<int> Tokens => tokens;

        public int Prompt { get; set; } = prompt;

        public Twin Fork() => new(branch.Fork(), [.. tokens], Prompt);
    }
}
