using Ponder.Inference;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Tasks;
using Xunit.Abstractions;

namespace Ponder.Reasoning.Tests.Traces;

/// <summary>What a tree of ten thousand thoughts takes besides KV memory, on a real engine.</summary>
[CollectionDefinition(nameof(TreeMemoryTests), DisableParallelization = true)]          // it watches the memory of the whole process
[Collection(nameof(TreeMemoryTests))]
public sealed class TreeMemoryTests(ITestOutputHelper output)
{
    private const int Width = 500, Levels = 20, TokensOfThought = 9, MostBytes = 2048;

    [Fact]
    public async Task A_thought_takes_less_than_two_kilobytes()
    {
        using var engine = Engine.Load(EmbeddedModels.Policy, new EngineOptions { Threads = 2, CachePrefixes = false });
        var problem = TaskFile.One("countdown", "Make 84 from 13 24 36 37");
        await PrepareAsync(engine, problem);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using var session = await GrowAsync(engine, problem);
        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / session.Thoughts.Count;
        output.WriteLine($"{each} bytes for each of {session.Thoughts.Count} thoughts");
        engine.KvPagesInUse.ShouldBeLessThan(10, "the prompt's alone");
        session.Thoughts.Skip(1).ShouldAllBe(thought => thought.OwnTokens.Count == TokensOfThought);
        session.Thoughts[^1].Tokens().Count.ShouldBe(Levels * TokensOfThought);
        session.Thoughts[^1].TokenIds()!.Count.ShouldBeGreaterThan(Levels * TokensOfThought);
        each.ShouldBeLessThan(MostBytes);
    }

    // What the engine makes room for once is not counted. Apart, so that nothing here holds that first tree.
    private static async Task PrepareAsync(Engine engine, Problem problem)
    {
        using var session = await GrowAsync(engine, problem);
        session.Thoughts.Count.ShouldBe(1 + (Width * Levels));
    }

    private static async Task<SolveSession> GrowAsync(Engine engine, Problem problem)
    {
        var session = new SolveSession(problem, new EnginePolicy(engine), new SolveSettings { MaxTokens = Levels * TokensOfThought }, PolicyFeatures.LogProbabilities, CancellationToken.None);
        var level = session.Fork(session.Root, Width);
        for (int depth = 1; ; depth++)
        {
            await session.ExtendAsync(level, new ExtendOptions { MaxTokens = TokensOfThought, IgnoreEnd = true });
            foreach (var thought in level)
                _ = thought.Text;                               // as rewards and answers read it
            var next = depth == Levels ? [] : level.SelectMany(thought => session.Fork(thought, 1)).ToArray();
            foreach (var thought in level)
                session.Release(thought);
            if (depth == Levels)
                return session;
            level = next;
        }
    }
}
