using Ponder.Inference.Generation;
using Ponder.Models.Tokenizers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;

namespace Ponder.Reasoning.Tests.Scripted;

/// <summary>What a script is asked to go on from.</summary>
/// <param name="Prompt">The prompt as text.</param>
/// <param name="Text">All text behind it.</param>
/// <param name="Key">The branch's name in the draws: the number of its thought.</param>
/// <param name="Seed">The seed of the sampling options.</param>
/// <param name="Temperature">Their temperature.</param>
internal sealed record ScriptedState(string Prompt, string Text, ulong Key, ulong Seed = 0, double Temperature = 1);

/// <summary>
/// A policy that follows a script in lockstep, as the engine does: every step gives each branch that runs one token. The script gives the rest of a
/// thought as tokens; behind the last one the policy draws an end token.
/// </summary>
/// <param name="script">The tokens that follow a state; texts with what else a test cares for.</param>
internal sealed class ScriptedPolicy(Func<ScriptedState, IEnumerable<ThoughtToken>> script) : IPolicy
{
    /// <summary>The id of the end token.</summary>
    public const int EndToken = 0;

    private int _open;

    public string Name => "script";

    public PolicyFeatures Features { get; init; } = PolicyFeatures.All;

    /// <summary>What the ids of the script's tokens are ids of; null where they are none.</summary>
    public Tokenizer? Tokenizer { get; init; }

    /// <summary>How likely given texts are to come next.</summary>
    public Func<ScriptedState, string, double> Choice { get; init; } = (_, _) => throw new NotSupportedException("The script has no choices.");

    /// <summary>The hidden state behind a text.</summary>
    public Func<ScriptedState, float[]> Hidden { get; init; } = _ => throw new NotSupportedException("The script has no hidden states.");

    /// <summary>The prompts that branches were started with, in order.</summary>
    public List<string> Prompts { get; } = [];

    /// <summary>Branches that were not disposed.</summary>
    public int OpenBranches => _open;

    /// <summary>Tokens drawn, end tokens included.</summary>
    public long Drawn { get; private set; }

    /// <summary>Steps in lockstep.</summary>
    public long Steps { get; private set; }

    /// <summary>Called before every step with its number, from 0.</summary>
    public Action<long>? BeforeStep { get; init; }

    /// <summary>A script that knows the answers by the number of the thought: the first fork of the root has number 1. Partial answers go on.</summary>
    public static ScriptedPolicy OfAnswers(params IReadOnlyList<string> answers) => new(state => Rest(answers[(int)state.Key - 1], state.Text));

    /// <summary>What is left of an answer behind its beginning, as tokens; behind another text all of it.</summary>
    public static IEnumerable<ThoughtToken> Rest(string answer, string text) =>
        Words(answer.StartsWith(text, StringComparison.Ordinal) ? answer[text.Length..] : answer);

    /// <summary>A text as tokens: a word with the blank or line feed behind it each.</summary>
    public static IEnumerable<ThoughtToken> Words(string text)
    {
        int from = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is ' ' or '\n' || i == text.Length - 1)
            {
                yield return new ThoughtToken(1, text[from..(i + 1)]);
                from = i + 1;
            }
        }
    }

    /// <summary>A text as tokens of the tokenizer.</summary>
    public static IEnumerable<ThoughtToken> Tokens(Tokenizer tokenizer, string text) =>
        tokenizer.Encode(text).Select(id => new ThoughtToken(id, tokenizer.Decode([id])));

    public IPolicySession Open() => new Session(this);

    private sealed class Session(ScriptedPolicy policy) : IPolicySession
    {
        private long _prompt, _generated, _steps;

        public PolicyUsage Usage => new(_prompt, _generated, 0, 0, _steps, 0, 0, 0, 0);

        public IPolicyBranch Start(Prompt prompt, ulong key)
        {
            _prompt += Words(prompt.AsText()).Count();
            policy.Prompts.Add(prompt.AsText());
            return new Branch(policy, prompt.AsText(), key);
        }

        public IReadOnlyList<Task<FinishReason>> Extend(IReadOnlyList<Continuation> continuations, CancellationToken cancellationToken)
        {
            Running[] running = [.. continuations.Select(c => new Running(c, policy))];
            _ = Task.Run(() => Run(running, cancellationToken), CancellationToken.None);
            return [.. running.Select(r => r.Done.Task)];
        }

        public Task<double[]> ChoicesAsync(IPolicyBranch branch, IReadOnlyList<string> choices, CancellationToken cancellationToken) =>
            Task.FromResult(choices.Select(choice => policy.Choice(((Branch)branch).State(), choice)).ToArray());

        public Task<float[]> HiddenStatesAsync(IPolicyBranch branch, IReadOnlyList<int> layers, CancellationToken cancellationToken) =>
            Task.FromResult(policy.Hidden(((Branch)branch).State()));

        public void Dispose()
        {
        }

        private void Run(Running[] running, CancellationToken stop)
        {
            while (Array.Exists(running, r => !r.IsDone))
            {
                policy.BeforeStep?.Invoke(policy.Steps);
                policy.Steps++;
                _steps++;
                foreach (var branch in running.Where(r => !r.IsDone))
                {
                    if (stop.IsCancellationRequested)
                        branch.Cancel(stop);
                    else
                        _generated += branch.Step();
                }
            }
        }
    }

    private sealed class Running
    {
        private readonly Continuation _continuation;
        private readonly ScriptedPolicy _policy;
        private readonly IEnumerator<ThoughtToken> _rest;
        private readonly StopMatch _stop;
        private int _drawn;

        public Running(Continuation continuation, ScriptedPolicy policy)
        {
            (_continuation, _policy) = (continuation, policy);
            var (seed, temperature) = (continuation.Sampling.Seed, continuation.Sampling.Temperature);
            _rest = policy.Script(((Branch)continuation.Branch).State() with { Seed = seed, Temperature = temperature }).GetEnumerator();
            _stop = new StopMatch(continuation.Rules);
        }

        public TaskCompletionSource<FinishReason> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsDone { get; private set; }

        public int Step()
        {
            try
            {
                bool hasNext = _rest.MoveNext();
                var token = hasNext ? _rest.Current : new ThoughtToken(_policy.Tokenizer?.Special.Eos ?? EndToken, "") { LogProbability = 0, Entropy = 0 };
                bool isEnd = !hasNext && !_continuation.IgnoreEnd;
                _policy.Drawn++;
                _drawn++;
                var (text, reason) = _stop.Add(token.Text);
                ((Branch)_continuation.Branch).Add(token.Id, text);
                bool stops = _continuation.OnToken(token with { Text = text, IsEnd = isEnd || reason is FinishReason.StopText });
                if (isEnd)
                    End(FinishReason.EndToken);
                else if (reason is not null)
                    End(reason.Value);
                else if (stops)
                    End(FinishReason.Callback);
                else if (_drawn >= _continuation.MaxTokens)
                    End(FinishReason.Length);
            }
            catch (Exception error)
            {
                IsDone = true;
                Done.SetException(error);
            }
            return 1;
        }

        public void Cancel(CancellationToken stop)
        {
            IsDone = true;
            Done.SetCanceled(stop);
        }

        private void End(FinishReason reason)
        {
            IsDone = true;
            Done.SetResult(reason);
        }
    }

    // Texts that end an answer, on whole tokens: enough for scripts, which choose their own.
    private sealed class StopMatch(IReadOnlyList<StopRule> rules)
    {
        private string _text = "";

        public (string Shown, FinishReason? Reason) Add(string piece)
        {
            int before = _text.Length;
            _text += piece;
            foreach (var rule in rules)
            {
                if (rule is StopRule.Text stop && _text.IndexOf(stop.Value, StringComparison.Ordinal) is >= 0 and int at)
                    return (_text[Math.Min(before, at)..at], FinishReason.StopText);
                if (rule is StopRule.Delimiter end && _text.IndexOf(end.Value, StringComparison.Ordinal) is >= 0 and int from)
                    return (_text[before..Math.Max(before, from + end.Value.Length)], FinishReason.Delimiter);
            }
            return (piece, null);
        }
    }

    private Func<ScriptedState, IEnumerable<ThoughtToken>> Script => script;

    private sealed class Branch : IPolicyBranch
    {
        private readonly ScriptedPolicy _policy;
        private readonly string _prompt;
        private readonly ulong _key;
        private readonly List<int> _ids = [];
        private string _text = "";
        private bool _isDisposed;

        public Branch(ScriptedPolicy policy, string prompt, ulong key)
        {
            (_policy, _prompt, _key) = (policy, prompt, key);
            Length = Words(prompt).Count();
            policy.Tokenizer?.Encode(prompt, _ids, new EncodeOptions { AddSpecial = true });
            Interlocked.Increment(ref policy._open);
        }

        public int Length { get; private set; }

        public IPolicyBranch Fork(ulong key)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var fork = new Branch(_policy, _prompt, key) { _text = _text, Length = Length };
            fork._ids.Clear();
            fork._ids.AddRange(_ids);
            return fork;
        }

        public int Append(string text, bool mayNameTokens = false)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _text += text;
            _policy.Tokenizer?.Encode(text, _ids);
            int tokens = Words(text).Count();
            Length += tokens;
            return tokens;
        }

        public IReadOnlyList<int>? TokenIds() => _policy.Tokenizer is null ? null : [.. _ids];

        public void Add(int id, string text)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _ids.Add(id);
            _text += text;
            Length++;
        }

        public ScriptedState State() => new(_prompt, _text, _key);

        public void Dispose()
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            Interlocked.Decrement(ref _policy._open);
        }
    }
}
