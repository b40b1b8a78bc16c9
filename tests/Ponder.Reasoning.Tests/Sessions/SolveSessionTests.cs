using Ponder.Inference.Generation;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Sessions;

public sealed class SolveSessionTests
{
    [Fact]
    public async Task Thoughts_that_end_before_they_are_awaited_may_have_one_task()
    {
        // The runtime keeps one completed task for a type's default value: two that ended by an end token are told apart by nothing.
        using var session = ScriptedSession.Open(new AtOnce(ScriptedPolicy.OfAnswers("= 1", "so = 2", "= 3")));

        var thoughts = await session.SampleAsync(3);

        thoughts.Select(thought => thought.Answer).ShouldBe(["1", "2", "3"]);
        session.Ledger.GeneratedTokens.ShouldBe(3 + 4 + 3);
    }

    /// <summary>A policy that is done when it returns.</summary>
    private sealed class AtOnce(IPolicy policy) : IPolicy
    {
        public string Name => policy.Name;

        public PolicyFeatures Features => policy.Features;

        public IPolicySession Open() => new Session(policy.Open());

        private sealed class Session(IPolicySession inner) : IPolicySession
        {
            public PolicyUsage Usage => inner.Usage;

            public IPolicyBranch Start(Prompt prompt, ulong key) => inner.Start(prompt, key);

            public IReadOnlyList<Task<FinishReason>> Extend(IReadOnlyList<Continuation> continuations, CancellationToken cancellationToken)
            {
                var tasks = inner.Extend(continuations, cancellationToken);
                Task.WaitAll([.. tasks], CancellationToken.None);
                var done = Task.FromResult(FinishReason.EndToken);
                return [.. tasks.Select(_ => done)];
            }

            public Task<double[]> ChoicesAsync(IPolicyBranch branch, IReadOnlyList<string> choices, CancellationToken cancellationToken) =>
                inner.ChoicesAsync(branch, choices, cancellationToken);

            public Task<float[]> HiddenStatesAsync(IPolicyBranch branch, IReadOnlyList<int> layers, CancellationToken cancellationToken) =>
                inner.HiddenStatesAsync(branch, layers, cancellationToken);

            public void Dispose() => inner.Dispose();
        }
    }
}
