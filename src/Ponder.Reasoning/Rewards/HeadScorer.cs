using System.Runtime.InteropServices;
using Ponder.Inference;
using Ponder.Inference.Branches;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Rewards;

/// <summary>
/// Scores the thoughts of a session. The branches of the reward model form the same tree as the thoughts: that of a thought is forked from that of the nearest
/// thought above it that was scored, gets the new tokens alone, and is read at the new steps alone. Thoughts with the same tokens, which short steps often
/// come to, are computed once.
/// </summary>
/// <param name="reward">The model.</param>
/// <param name="session">Whose thoughts are scored.</param>
/// <param name="mark">Ends a step; empty for none.</param>
/// <param name="sharesTokens">Whether the policy's ids are the model's.</param>
internal sealed class HeadScorer(HeadReward reward, SolveSession session, string mark, bool sharesTokens) : IScorer
{
    private readonly Dictionary<Thought, Root> _roots = [];     // by the thoughts that are prompts
    private readonly Dictionary<Thought, Reading> _readings = [];

    private Engine Engine => reward.Engine;

    public async Task<IReadOnlyList<Score>> ScoreAsync(IReadOnlyList<Thought> thoughts, CancellationToken cancellationToken)
    {
        if (!sharesTokens)
            session.Note($"The reward model {reward.Name} does not share the policy's tokens: it reads the thoughts' texts in its own.");
        var work = new List<Work>();
        foreach (var thought in Planned(thoughts))
        {
            if (Plan(thought) is { } planned)
                work.Add(planned);
        }
        Dictionary<Root, long> before = work.Select(w => w.Root).Distinct().ToDictionary(root => root, root => root.Computed);
        foreach (var level in work.GroupBy(w => w.Thought.Depth).OrderBy(level => level.Key))
        {
            Work[][] alike = [.. level.GroupBy(w => w, new SameTokens()).Select(group => group.ToArray())];
            // All are forked before the first starts: a branch that computes cannot be forked.
            (Work Work, int From)[] started = [.. alike.Select(group => (group[0], Prepare(group[0])))];
            await Task.WhenAll(started.Select(s => ReadAsync(s.Work, s.From, cancellationToken))).ConfigureAwait(false);
            foreach (var group in alike)
            {
                foreach (var twin in group[1..])
                    Copy(group[0].Thought, twin.Thought);
            }
        }
        var tokens = Share(thoughts, work, before);
        foreach (var done in work.Where(w => !w.Thought.IsOpen))
            Free(done.Thought);
        var planOf = work.ToDictionary(w => w.Thought, w => w.Plan);
        return [.. thoughts.Select(thought => ScoreOf(thought, planOf.GetValueOrDefault(thought), tokens))];
    }

    public void Forget(Thought thought)
    {
        // One that came to its end by itself is released before it is scored for the last time: its branch is kept until then.
        bool isAwaited = thought.End is not (null or ThoughtEnd.Rejected) && _readings.TryGetValue(thought, out var reading) && !reading.IsWhole;
        if (!isAwaited)
            Free(thought);
    }

    public void Dispose()
    {
        foreach (var reading in _readings.Values)
            reading.Branch?.Dispose();
        foreach (var root in _roots.Values)
            root.Branch.Dispose();
    }

    /// <summary>The thoughts, each once, and those above several of them that were not scored yet, so that what these share is computed once.</summary>
    private List<Thought> Planned(IReadOnlyList<Thought> thoughts)
    {
        var children = new Dictionary<Thought, HashSet<Thought>>();
        foreach (var thought in thoughts)
        {
            for (var child = thought; child.Parent is { Parent: not null } parent; child = parent)
            {
                if (!children.TryGetValue(parent, out var forks))
                    children.Add(parent, forks = []);
                forks.Add(child);
            }
        }
        return [.. thoughts.Concat(children.Where(c => c.Value.Count > 1 && !(_readings.TryGetValue(c.Key, out var known) && known.IsScored)).Select(c => c.Key)).Distinct()];
    }

    /// <summary>What is to be read of a thought; null where the model's context does not hold it.</summary>
    private Work? Plan(Thought thought)
    {
        var root = RootOf(thought);
        if (root is null)
            return null;
        IReadOnlyList<int> ids = sharesTokens && thought.TokenIds() is { } own
            ? own
            : [.. root.Ids, .. Engine.Tokenizer.Encode(thought.Text)];
        var plan = StepReading.Of(Engine.Tokenizer, ids, root.Ids.Length, thought.Text.Length, mark, reward.Tag);
        if (plan.Ids.Length <= Engine.Context)
            return new Work(thought, root, plan);
        session.Note($"A thought is longer than the {Engine.Context} tokens that the reward model {reward.Name} reads; such thoughts count as not scored.");
        return null;
    }

    private Root? RootOf(Thought thought)
    {
        while (thought.Parent is not null)
            thought = thought.Parent;
        if (_roots.TryGetValue(thought, out var root))
            return root;
        int[] ids = [.. (sharesTokens ? thought.TokenIds() : null) ?? Encode(thought.Prompt)];
        if (ids.Length > Engine.Context)
        {
            session.Note($"The prompt is longer than the {Engine.Context} tokens that the reward model {reward.Name} reads; no thought is scored.");
            return null;
        }
        _roots.Add(thought, root = new Root(ids, Engine.CreateBranch(ids)));
        return root;
    }

    private int[] Encode(Prompt prompt) =>
        prompt.Text is string text ? Engine.EncodePrompt(text)
        : Engine.Model.ChatTemplate is not null ? Engine.EncodeChat(prompt.Turns)
        : Engine.EncodePrompt(prompt.AsText() + "\n\n");

    /// <summary>Gives a thought its branch with all its tokens. Returns the first that must be read; behind the last when none must.</summary>
    private int Prepare(Work work)
    {
        var (ids, places) = (work.Plan.Ids, work.Plan.Places);
        if (!_readings.TryGetValue(work.Thought, out var reading))
            _readings.Add(work.Thought, reading = new Reading());
        if (places.All(reading.Values.ContainsKey) && ids.AsSpan().SequenceEqual(reading.Ids))
            return ids.Length;                                  // nothing is new: no branch is needed
        var source = reading.Branch is not null ? reading : Above(work.Thought);
        int known = source is null ? work.Root.Ids.Length : Common(source.Ids, ids);
        if (reading.Branch is null)
        {
            reading.Branch = (source?.Branch ?? work.Root.Branch).Fork();
            reading.Values.Clear();
            foreach (var (place, value) in source?.Values ?? [])
                reading.Values[place] = value;
        }
        reading.Branch.RollBack(known);
        foreach (int place in reading.Values.Keys.Where(place => place >= known).ToList())
            reading.Values.Remove(place);
        if (ids.Length > known)
            reading.Branch.Append(ids[known..]);
        work.Appended = ids.Length - known;
        reading.Ids = ids;
        return places.FirstOrDefault(place => !reading.Values.ContainsKey(place), ids.Length);
    }

    private async Task ReadAsync(Work work, int from, CancellationToken stop)
    {
        var reading = _readings[work.Thought];
        if (from < work.Plan.Ids.Length)
        {
            var places = work.Plan.Places.ToHashSet();
            await reading.Branch!.ComputeAsync(from, Read, stop).ConfigureAwait(false);

            void Read(int position, ReadOnlySpan<float> outputs)
            {
                if (places.Contains(position))
                    reading.Values[position] = reward.Head.Read(outputs);
            }
        }
        (reading.IsScored, reading.IsWhole) = (true, !work.Thought.IsOpen);
    }

    /// <summary>Takes over what was read of another thought with the same tokens.</summary>
    private void Copy(Thought from, Thought to)
    {
        if (_readings.Remove(to, out var old))
            old.Branch?.Dispose();
        var source = _readings[from];
        _readings.Add(to, new Reading(source) { IsScored = true, IsWhole = !to.IsOpen });
    }

    private Reading? Above(Thought thought)
    {
        for (var above = thought.Parent; above is not null; above = above.Parent)
        {
            if (_readings.TryGetValue(above, out var reading) && reading.Branch is not null)
                return reading;
        }
        return null;
    }

    private static int Common(int[] known, int[] ids) => known.AsSpan().CommonPrefixLength(ids);

    /// <summary>What each thought cost: its own new tokens; the first with a prompt pays for the rest.</summary>
    private static Dictionary<Thought, int> Share(IReadOnlyList<Thought> thoughts, List<Work> work, Dictionary<Root, long> before)
    {
        var tokens = new Dictionary<Thought, int>();
        var all = thoughts.ToHashSet();
        foreach (var (root, start) in before)
        {
            long left = root.Computed - start;
            Work[] asked = [.. work.Where(w => w.Root == root && all.Contains(w.Thought))];
            foreach (var w in asked)
            {
                tokens[w.Thought] = (int)Math.Min(left, w.Appended);
                left -= tokens[w.Thought];
            }
            if (asked.Length > 0)
                tokens[asked[0].Thought] += (int)left;
        }
        return tokens;
    }

    private Score ScoreOf(Thought thought, StepReading? plan, Dictionary<Thought, int> tokens)
    {
        if (plan is null)
            return new Score(double.NaN, []);
        var values = _readings[thought].Values;
        double[] steps = [.. plan.Places.Select(place => values[place])];
        tokens.Remove(thought, out int paid);                   // who is asked for twice is paid for once
        return new Score(reward.Options.Aggregation.Of(steps), steps, paid);
    }

    /// <summary>Frees a thought's branch. What was forked from the thought and not scored yet takes over first.</summary>
    private void Free(Thought thought)
    {
        if (!_readings.TryGetValue(thought, out var reading) || reading.Branch is null)
            return;
        for (int i = thought.Forks.First; i <= thought.Forks.Last; i++)
        {
            var fork = session.Thoughts[i];
            if (fork.Parent == thought && fork.End != ThoughtEnd.Rejected && !_readings.ContainsKey(fork))
                _readings.Add(fork, new Reading(reading));
        }
        reading.Branch.Dispose();
        reading.Branch = null;
    }

    /// <summary>A prompt.</summary>
    private sealed record Root(int[] Ids, Branch Branch)
    {
        /// <summary>Tokens that were computed behind it and of it.</summary>
        public long Computed => Branch.Usage is var usage ? usage.PromptTokens + usage.RecomputedTokens : 0;
    }

    /// <summary>Whether two thoughts are the same to the model.</summary>
    private sealed class SameTokens : IEqualityComparer<Work>
    {
        public bool Equals(Work? a, Work? b) =>
            a!.Root == b!.Root && a.Plan.Ids.AsSpan().SequenceEqual(b.Plan.Ids) && a.Plan.Places.AsSpan().SequenceEqual(b.Plan.Places);

        public int GetHashCode(Work work)
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(work.Plan.Ids.AsSpan()));
            return hash.ToHashCode();
        }
    }

    /// <summary>What is to be done for a thought.</summary>
    private sealed class Work(Thought thought, Root root, StepReading plan)
    {
        public Thought Thought => thought;

        public Root Root => root;

        public StepReading Plan => plan;

        /// <summary>Tokens that its branch did not have.</summary>
        public int Appended { get; set; }
    }

    /// <summary>What was read of a thought.</summary>
    private sealed class Reading
    {
        public Reading()
        {
        }

        /// <summary>What was read of the thought above, or of one with the same tokens, before anything is read of this one.</summary>
        public Reading(Reading above)
        {
            (Branch, Ids, Values) = (above.Branch?.Fork(), above.Ids, new Dictionary<int, double>(above.Values));
        }

        /// <summary>Its tokens in the reward model; null once it is freed.</summary>
        public Branch? Branch { get; set; }

        public int[] Ids { get; set; } = [];

        /// <summary>The rewards behind its tokens, as far as they were read.</summary>
        public Dictionary<int, double> Values { get; } = [];

        public bool IsScored { get; set; }

        /// <summary>It was scored after its thought had come to its end.</summary>
        public bool IsWhole { get; set; }
    }
}
