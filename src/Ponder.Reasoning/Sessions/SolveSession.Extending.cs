using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Reasoning.Policies;

namespace Ponder.Reasoning.Sessions;

public sealed partial class SolveSession
{
    /// <summary>
    /// Extends thoughts, all from the same step of the engine on, until each comes to its end or to what the options say. When the budget does not hold
    /// all of them at their longest, later ones wait until earlier ones have left something; what is left for none is cut: <see cref="ThoughtEnd.Budget"/>.
    /// </summary>
    /// <param name="thoughts">Those that are not open are left as they are.</param>
    /// <param name="options">How far; null for to the end.</param>
    public async Task ExtendAsync(IReadOnlyList<Thought> thoughts, ExtendOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(thoughts);
        options ??= ExtendOptions.ToEnd;
        Stop.ThrowIfCancellationRequested();
        Thought[] open = [.. thoughts.Where(thought => thought.IsOpen)];
        if (open.Length == 0)
            return;
        using var entry = _book.Begin(options.Step, open.Length);
        var plan = new Plan(this, options);
        var running = new Dictionary<Growth, Task>();
        int next = 0;
        while (next < open.Length || running.Count > 0)
        {
            var batch = new List<Growth>();
            for (; next < open.Length; next++)
            {
                bool othersRun = running.Count + batch.Count > 0;
                int given = _book.Reserve(plan.Wanted(open[next]), mustWait: othersRun);
                if (given == 0 && othersRun)
                    break;                                      // until one of those before it has left something
                if (given > 0)
                    batch.Add(new Growth(open[next], options, given));
                else
                    Settle(open[next], _limit.IsCancellationRequested ? ThoughtEnd.Time : ThoughtEnd.Budget, options);
            }
            if (batch.Count > 0)
            {
                var tasks = _work.Extend([.. batch.Select(plan.Continue)], _limit.Token);
                for (int i = 0; i < tasks.Count; i++)
                    running.Add(batch[i], SettleAsync(tasks[i], batch[i], entry));
            }
            // With tokens to spare nobody waits for what others leave, and all can be awaited at once.
            Task awaited = next < open.Length && running.Count > 0 ? Task.WhenAny(running.Values) : Task.WhenAll(running.Values);
            await awaited.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var (growth, task) in running.Where(pair => pair.Value.IsCompleted).ToList())
            {
                running.Remove(growth);
                if (task.IsCompletedSuccessfully)
                    continue;
                await Task.WhenAll(running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await task.ConfigureAwait(false);               // one that fails has ended them all: nothing goes on unseen
            }
        }
        foreach (string note in _work.Notes)
            Note(note);
        Stop.ThrowIfCancellationRequested();
    }

    // As soon as a thought has come to its end: whoever watches sees it, and its memory is free for others.
    private async Task SettleAsync(Task<FinishReason> task, Growth growth, Bookkeeper.Entry entry)
    {
        await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        entry.Add(growth.Drawn, growth.Before);
        _book.Return(growth.Given);
        if (task.IsFaulted)
        {
            await _limit.CancelAsync().ConfigureAwait(false);
            await task.ConfigureAwait(false);
        }
        Settle(growth.Thought, EndOf(task, growth), growth.Options);
    }

    private ThoughtEnd? EndOf(Task<FinishReason> task, Growth growth)
    {
        if (task.IsCanceled)
            return ThoughtEnd.Time;                             // of the caller's cancellation the end of the extension tells
        return task.Result switch
        {
            FinishReason.EndToken or FinishReason.StopText or FinishReason.StopToken => ThoughtEnd.Finished,
            FinishReason.Delimiter or FinishReason.StopPattern or FinishReason.Callback => AtLimit(growth),
            _ when growth.Drawn == growth.Options.MaxTokens => AtLimit(growth),
            _ when growth.Drawn < growth.Given || growth.Thought.GeneratedTokens >= Settings.MaxTokens => ThoughtEnd.Length,
            _ => ThoughtEnd.Budget,
        };
    }

    private ThoughtEnd? AtLimit(Growth growth) => growth.Thought.GeneratedTokens >= Settings.MaxTokens ? ThoughtEnd.Length : null;

    private void Settle(Thought thought, ThoughtEnd? end, ExtendOptions options)
    {
        lock (_settling)
        {
            (thought.End, thought.Ended) = (end, _book.Elapsed);
            if (end == ThoughtEnd.Finished && thought.IsAnswer)
                thought.Answer = Problem.Answers.Read(thought.Text);
            if (end is not null && !options.Hold)
                Release(thought);
        }
        Tell(new SolveEvent.Grew(thought));
    }

    /// <summary>How the thoughts of one call are extended.</summary>
    private sealed class Plan(SolveSession session, ExtendOptions options)
    {
        private readonly SamplingOptions _sampling = (options.Sampling ?? session.Settings.Sampling) with { Seed = session.Settings.Seed };
        private readonly long _sequential = session.SequentialTokensLeft;
        private readonly IReadOnlyList<StopRule> _answers = Rules(options, session.Settings.Stop.Concat(options.Stop));
        private readonly IReadOnlyList<StopRule> _opinions = Rules(options, options.Stop);

        /// <summary>The most that a thought may draw now.</summary>
        public int Wanted(Thought thought)
        {
            int most = Math.Min(options.MaxTokens ?? int.MaxValue, session.Settings.MaxTokens - thought.GeneratedTokens);
            return session._limit.IsCancellationRequested ? 0 : (int)Math.Min(most, _sequential);
        }

        public Continuation Continue(Growth growth)
        {
            var thought = growth.Thought;
            growth.Before = thought.Branch.Length;
            return new Continuation(thought.Branch, _sampling, growth.Given)
            {
                Rules = thought.IsAnswer ? _answers : _opinions,
                IgnoreEnd = options.IgnoreEnd,
                LogProbabilities = session._logProbabilities,
                OnToken = growth.Take,
                OnRest = thought.AddText,
            };
        }

        private static List<StopRule> Rules(ExtendOptions options, IEnumerable<string> stop)
        {
            List<StopRule> rules = [.. stop.Select(text => new StopRule.Text(text)), .. options.Rules];
            if (options.Delimiter is string delimiter)
                rules.Add(new StopRule.Delimiter(delimiter));
            return rules;
        }
    }

    /// <summary>A thought while it is extended.</summary>
    private sealed class Growth(Thought thought, ExtendOptions options, int given)
    {
        public Thought Thought => thought;

        public ExtendOptions Options => options;

        /// <summary>The most that it may draw.</summary>
        public int Given => given;

        public int Drawn { get; private set; }

        /// <summary>Tokens that stood before.</summary>
        public int Before { get; set; }

        public bool Take(ThoughtToken token)
        {
            Drawn += token.Count;
            thought.Add(token);
            return options.Until?.Invoke(thought, token) == true;
        }
    }
}
