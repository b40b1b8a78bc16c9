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
        var sampling = (options.Sampling ?? Settings.Sampling) with { Seed = Settings.Seed };
        long sequential = SequentialTokensLeft;
        var running = new Dictionary<Task<FinishReason>, Growth>();
        int next = 0;
        while (next < open.Length || running.Count > 0)
        {
            var batch = new List<Growth>();
            for (; next < open.Length; next++)
            {
                int wanted = Wanted(open[next], options, sequential);
                int given = _book.Reserve(wanted, mustWait: running.Count + batch.Count > 0);
                if (given == 0 && running.Count + batch.Count > 0)
                    break;                                      // until one of those before it has left something
                if (given > 0)
                    batch.Add(new Growth(open[next], options, given));
                else
                    Settle(open[next], _limit.IsCancellationRequested ? ThoughtEnd.Time : ThoughtEnd.Budget, options);
            }
            Continuation[] continuations = [.. batch.Select(growth => Continue(growth, sampling))];
            if (continuations.Length > 0)
            {
                var tasks = _work.Extend(continuations, _limit.Token);
                for (int i = 0; i < tasks.Count; i++)
                    running.Add(tasks[i], batch[i]);
            }
            if (running.Count == 0)
                continue;
            // With tokens to spare nobody waits for what others leave, and all can be awaited at once.
            Task awaited = next < open.Length ? Task.WhenAny(running.Keys) : Task.WhenAll(running.Keys);
            await awaited.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var (task, growth) in running.Where(pair => pair.Key.IsCompleted).OrderBy(pair => pair.Value.Thought.Number).ToList())
            {
                running.Remove(task);
                entry.Add(growth.Drawn, growth.Before);
                _book.Return(growth.Given);
                if (task.IsFaulted)
                    await FailAsync(task, running).ConfigureAwait(false);
                Settle(growth.Thought, EndOf(task, growth), options);
            }
        }
        foreach (string note in _work.Notes)
            Note(note);
        Stop.ThrowIfCancellationRequested();
    }

    // The most that a thought may draw now.
    private int Wanted(Thought thought, ExtendOptions options, long sequential)
    {
        int most = Math.Min(options.MaxTokens ?? int.MaxValue, Settings.MaxTokens - thought.GeneratedTokens);
        return _limit.IsCancellationRequested ? 0 : (int)Math.Min(most, sequential);
    }

    private Continuation Continue(Growth growth, SamplingOptions sampling)
    {
        var options = growth.Options;
        var stop = growth.Thought.IsAnswer ? Settings.Stop.Concat(options.Stop) : options.Stop;
        List<StopRule> rules = [.. stop.Select(text => new StopRule.Text(text)), .. options.Rules];
        if (options.Delimiter is string delimiter)
            rules.Add(new StopRule.Delimiter(delimiter));
        growth.Before = growth.Thought.Branch.Length;
        return new Continuation(growth.Thought.Branch, sampling, growth.Given)
        {
            Rules = rules,
            IgnoreEnd = options.IgnoreEnd,
            LogProbabilities = _logProbabilities,
            OnToken = growth.Take,
            OnRest = growth.Thought.AddText,
        };
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
        thought.End = end;
        if (end == ThoughtEnd.Finished && thought.IsAnswer)
            thought.Answer = Problem.Answers.Read(thought.Text);
        if (end is not null && !options.Hold)
            Release(thought);
        Settings.Observer?.Invoke(new SolveEvent.Grew(thought));
    }

    // One that fails ends them all: nothing goes on unseen behind an exception.
    private async Task FailAsync(Task failed, Dictionary<Task<FinishReason>, Growth> rest)
    {
        await _limit.CancelAsync().ConfigureAwait(false);
        await ((Task)Task.WhenAll(rest.Keys)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await failed.ConfigureAwait(false);
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
