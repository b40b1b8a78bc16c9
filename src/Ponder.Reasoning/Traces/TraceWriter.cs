using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;

namespace Ponder.Reasoning.Traces;

/// <summary>
/// Writes what happens in a run as lines of JSON, as it happens: a run that is killed leaves a trace that can be read up to its last whole line. Every line
/// has a <c>kind</c>. The first is <c>trace</c>, with <c>version</c> 1, the strategy, the policy, the reward and the seed; all others have the <c>problem</c>'s
/// index and the time <c>at</c> which it happened, in seconds since the problem was begun:
/// <list type="bullet">
/// <item><c>problem</c>: <c>id</c>, <c>task</c>, <c>question</c>. Before all others of its problem.</item>
/// <item><c>thought</c>: a thought that came to the end of a step or to its end: <c>number</c>, <c>parent</c> (null for a prompt, which has <c>prompt</c>),
/// <c>depth</c>, <c>is_answer</c>, <c>started</c> in seconds, <c>text</c> and <c>tokens</c> (how many), <c>ids</c> and <c>pieces</c> (each token's id and text), <c>logprobs</c>
/// where they are known, <c>end</c> (finished, length, budget, time, rejected; null while it is open) and <c>answer</c>. Text and tokens are the thought's own, without
/// its parent's; a thought that grows in several steps has a line for each with what is new. A parent's line stands before its children's.</item>
/// <item><c>score</c>: <c>number</c>, <c>reward</c>, <c>step_rewards</c> and <c>reward_tokens</c>, all that were computed for this thought so far.</item>
/// <item><c>verdict</c>: <c>number</c>, <c>correct</c>, <c>answer</c>, <c>reason</c>. <c>rejected</c>: <c>number</c>.</item>
/// <item><c>step</c>: an entry of the ledger. <c>note</c>: <c>text</c>.</item>
/// <item><c>outcome</c>: <c>chosen</c> (a thought's number), <c>answer</c>, <c>confidence</c>, <c>correct</c>, the numbers of thoughts that are <c>right</c> and <c>wrong</c>, and the
/// <c>ledger</c>'s sums. The last of its problem.</item>
/// </list>
/// What is not known is null or left out. Safe to use from many threads.
/// </summary>
public sealed class TraceWriter : IDisposable
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stream _file;
    private readonly IReadOnlyList<Problem> _problems;
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;
    private readonly Dictionary<int, Told> _told = [];
    private Exception? _failure;

    /// <summary>Begins a trace.</summary>
    /// <param name="file">Where to; it is disposed of with this. A line is one write to it.</param>
    /// <param name="head">What the run is.</param>
    /// <param name="problems">What is thought about, in the order of the run.</param>
    public TraceWriter(Stream file, TraceHead head, IReadOnlyList<Problem> problems)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(problems);
        (_file, _problems) = (file, problems);
        _json = new Utf8JsonWriter(_line, Compact);
        Write(json => TraceJson.Write(json, head));
    }

    /// <summary>Writes what happened. A file that cannot be written any more is told of by <see cref="End"/>, not here, on a thread of the policy's.</summary>
    /// <param name="problem">The problem's index.</param>
    /// <param name="what">What happened.</param>
    public void Take(int problem, SolveEvent what)
    {
        ArgumentNullException.ThrowIfNull(what);
        lock (_gate)
        {
            var told = Begin(problem);
            switch (what)
            {
                case SolveEvent.Grew(var thought):
                    WriteGrowth(told, thought);
                    break;
                case SolveEvent.Scored(var thought):
                    WriteGrowth(told, thought, onlyIfNew: true);
                    Write(new TraceLine.Scored(problem, what.At, thought.Number, thought.Reward, [.. thought.StepRewards.Select(Finite)], thought.RewardTokens));
                    break;
                case SolveEvent.Verified({ Verdict: { } verdict } thought):
                    WriteGrowth(told, thought, onlyIfNew: true);
                    Write(new TraceLine.Verified(problem, what.At, thought.Number, verdict.IsCorrect, verdict.Answer, verdict.Reason));
                    break;
                case SolveEvent.Rejected(var thought):
                    WriteGrowth(told, thought, onlyIfNew: true);
                    Write(new TraceLine.Rejected(problem, thought.Ended, thought.Number));
                    break;
                case SolveEvent.Spent(var step, _):
                    Write(new TraceLine.Spent(problem, what.At, step));
                    break;
                case SolveEvent.Noted(var text):
                    told.Notes.Add(text);
                    Write(new TraceLine.Noted(problem, what.At, text));
                    break;
            }
        }
    }

    /// <summary>Writes what came of a problem, and what was not told of yet.</summary>
    /// <param name="problem">The problem's index.</param>
    /// <param name="outcome">What came of it.</param>
    /// <exception cref="IOException">The file could not be written, now or before.</exception>
    public void End(int problem, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        lock (_gate)
        {
            var told = Begin(problem);
            var time = outcome.Ledger.Time;
            foreach (var thought in outcome.Thoughts)
                WriteGrowth(told, thought, onlyIfNew: true);
            foreach (string note in outcome.Notes.Where(note => !told.Notes.Contains(note)))
                Write(new TraceLine.Noted(problem, time, note));
            Write(new TraceLine.Ended(problem, time)
            {
                Chosen = outcome.Chosen?.Number,
                Answer = outcome.Answer,
                Confidence = outcome.Confidence,
                IsCorrect = outcome.IsCorrect,
                Right = Graded(outcome, isCorrect: true),
                Wrong = Graded(outcome, isCorrect: false),
                Ledger = outcome.Ledger,
            });
            _told.Remove(problem);
            if (_failure is not null)
                throw new IOException($"The trace could not be written: {_failure.Message}", _failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _json.Dispose();
            _file.Dispose();
        }
    }

    private Told Begin(int problem)
    {
        if (_told.TryGetValue(problem, out var told))
            return told;
        _told.Add(problem, told = new Told(problem));
        var of = _problems[problem];
        Write(new TraceLine.Began(problem, of.Id, of.Task, of.Question.TrimEnd('\n')));
        return told;
    }

    // What is new of a thought, behind the lines of those that it was forked from.
    private void WriteGrowth(Told told, Thought thought, bool onlyIfNew = false)
    {
        var missing = new Stack<Thought>();
        for (var above = thought.Parent; above is not null && !told.Thoughts.ContainsKey(above.Number); above = above.Parent)
            missing.Push(above);
        while (missing.TryPop(out var above))
            WriteLine(told, above);
        if (!onlyIfNew || !told.Thoughts.TryGetValue(thought.Number, out var before) || before.Text != thought.OwnText.Length)
            WriteLine(told, thought);
    }

    private void WriteLine(Told told, Thought thought)
    {
        var (text, tokens) = told.Thoughts.GetValueOrDefault(thought.Number);
        string own = thought.OwnText;
        ThoughtToken[] drawn = [.. thought.OwnTokens.Skip(tokens)];
        Write(new TraceLine.Grew(told.Problem, thought.Ended, thought.Number)
        {
            Parent = thought.Parent?.Number,
            Depth = thought.Depth,
            IsAnswer = thought.IsAnswer,
            Started = thought.Started,
            Prompt = thought.Parent is null ? thought.Prompt.AsText() : null,
            Text = own[text..],
            Tokens = [.. drawn.Select(token => new TraceToken(token.Id, token.Text, Finite(token.LogProbability)))],
            Count = drawn.Sum(token => token.Count),
            End = thought.End,
            Answer = thought.Answer,
        });
        told.Thoughts[thought.Number] = (own.Length, thought.OwnTokens.Count);
    }

    private void Write(TraceLine line) => Write(json => TraceJson.Write(json, line));

    private void Write(Action<Utf8JsonWriter> write)
    {
        if (_failure is not null)
            return;
        _line.ResetWrittenCount();
        _json.Reset();
        write(_json);
        _json.Flush();
        _line.Write("\n"u8);
        try
        {
            _file.Write(_line.WrittenSpan);
            _file.Flush();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _failure = error;
        }
    }

    // What is half a thought, or was given up, is neither: the solver does not grade it.
    private static int[] Graded(Outcome outcome, bool isCorrect) =>
        [.. outcome.Thoughts.Where(thought => thought.IsCorrect == isCorrect).Select(thought => thought.Number)];

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    /// <summary>What was told of a problem: of each thought the characters and the tokens.</summary>
    private sealed record Told(int Problem)
    {
        public Dictionary<int, (int Text, int Tokens)> Thoughts { get; } = [];

        public HashSet<string> Notes { get; } = new(StringComparer.Ordinal);
    }
}
