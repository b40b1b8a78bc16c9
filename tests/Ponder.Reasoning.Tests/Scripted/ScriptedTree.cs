using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Tests.Scripted;

/// <summary>A search that grows a tree of a given size: every thought that is kept goes on in several ways, those with the lower rewards are given up.</summary>
internal static class ScriptedTree
{
    /// <summary>A policy whose steps are lines of a few words, and whose answers come at the fifth.</summary>
    public static ScriptedPolicy Policy() => new(state =>
    {
        int steps = state.Text.Count(c => c == '\n');
        return ScriptedPolicy.Words(steps < 4 ? $"step {steps} of thought {state.Key} goes on\n" : $"so it is ={state.Key % 7}");
    });

    /// <summary>Rewards that differ from thought to thought, 0 to 1.</summary>
    public static ScriptedReward Reward() => new(text => text.Aggregate(17, (hash, c) => ((hash * 31) + c) & 0xffff) / 65535.0);

    /// <summary>Grows the tree until it has so many thoughts.</summary>
    /// <returns>The thought with the best reward of those that came to their ends.</returns>
    public static async Task<Choice> GrowAsync(SolveSession session, int thoughts, int ways = 10)
    {
        var frontier = new Queue<Thought>([session.Root]);
        var ended = new List<Thought>();
        while (session.Thoughts.Count <= thoughts && frontier.Count > 0)
        {
            var forks = new List<Thought>();
            while (forks.Count < 40 * ways && frontier.TryDequeue(out var parent) && session.Thoughts.Count <= thoughts)
            {
                forks.AddRange(session.Fork(parent, Math.Min(ways, thoughts + 1 - session.Thoughts.Count)));
                if (parent.Parent is not null)
                    session.Release(parent);
            }
            await session.ExtendAsync(forks, new ExtendOptions { Delimiter = "\n", Step = "step" });
            await session.ScoreAsync(forks);
            session.Reject(forks.Where(fork => fork.IsOpen && fork.Reward < 0.3));
            ended.AddRange(forks.Where(fork => fork.End == ThoughtEnd.Finished));
            foreach (var fork in forks.Where(fork => fork.IsOpen))
                frontier.Enqueue(fork);
        }
        return Choice.Best(ended, thought => thought.Reward);
    }
}
