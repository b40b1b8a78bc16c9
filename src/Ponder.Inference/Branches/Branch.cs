using Ponder.Inference.Generation;
using Ponder.Inference.Kv;
using Ponder.Inference.Sampling;
using Ponder.Inference.Scheduling;
using Ponder.Models.Tokenizers;

namespace Ponder.Inference.Branches;

/// <summary>
/// A sequence of tokens in a tree: it shares the memory of its beginning with the branches that it was forked from, grows by what the model draws
/// or by what it is given, rolls back, and frees what is its own when it is disposed. One thing at a time: while an extension runs, other changes
/// throw <see cref="InvalidOperationException"/>. Different branches may be used from any threads.
/// </summary>
/// <remarks>
/// Keys and values may be given to others when memory is short, and are then computed again; results never depend on it. What a branch draws
/// depends on the model, its tokens, the seed, its <see cref="Key"/>, the options and the instruction set alone.
/// </remarks>
public sealed partial class Branch : IDisposable
{
    private readonly EngineLoop _loop;

    internal Branch(EngineLoop loop, RequestGroup group, TokenPath path, ulong key, bool longRope)
    {
        _loop = loop;
        Group = group;
        Path = path;
        Key = key;
        LongRope = longRope;
        Prompt = path.Count;
    }

    /// <summary>The branch's name in the draws; a fork gets one of its own.</summary>
    public ulong Key { get; }

    /// <summary>Tokens.</summary>
    public int Length => Path.Count;

    /// <summary>What was computed and drawn for this branch, its forks and those it was forked from.</summary>
    public BranchUsage Usage => new(Group);

    internal RequestGroup Group { get; }

    internal TokenPath Path { get; set; }

    internal bool LongRope { get; }

    /// <summary>Outputs of a token.</summary>
    internal int OutputWidth => _loop.Config.Outputs;

    /// <summary>Every token sees all others: the text is computed in one piece.</summary>
    internal bool MustBeWhole => !_loop.Config.Architecture.Causal;

    /// <summary>Keys and values of the first tokens; null while there are none.</summary>
    internal KvSequence? Kv { get; set; }

    /// <summary>The outputs of the last token, if they are known.</summary>
    internal float[]? Outputs { get; set; }

    /// <summary>The beginning that this branch has still to take over.</summary>
    internal Stem? Stem { get; set; }

    /// <summary>What is running.</summary>
    internal Job? Job { get; set; }

    /// <summary>Tokens that were computed once already: more than <see cref="Kv"/> holds after its memory was taken.</summary>
    internal int Computed { get; set; }

    /// <summary>Given tokens before the first that was drawn.</summary>
    internal int Prompt { get; set; }

    /// <summary>The stem that this branch computes for others.</summary>
    internal Stem? TrunkOf { get; set; }

    /// <summary>Forks so far: each has a name of its own.</summary>
    internal int Forks { get; set; }

    /// <summary>What the latest draw left for the next; null if it left nothing.</summary>
    internal SamplerState? Sampling
    {
        get
        {
            int last = Path.Count - 1;
            while (last >= Prompt && !Path[last].IsGenerated)
                last--;
            return last < Prompt || double.IsNaN(Path[last].SamplerBound) ? null : new SamplerState(Path[last].SamplerBound);
        }
    }

    internal LinkedListNode<Branch>? Resting { get; set; }

    /// <summary>The ids of all tokens.</summary>
    public int[] TokenIds()
    {
        lock (_loop.Gate)
        {
            var ids = new int[Path.Count];
            Path.CopyIds(0, ids);
            return ids;
        }
    }

    /// <summary>The tokens from a position on, with what is known of how they were drawn.</summary>
    /// <param name="from">0 to <see cref="Length"/>.</param>
    public IReadOnlyList<TokenTrace> Tokens(int from = 0)
    {
        lock (_loop.Gate)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(from);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(from, Path.Count);
            return Path.ToArray(from);
        }
    }

    /// <summary>The text of the tokens from a position on.</summary>
    /// <param name="from">0 to <see cref="Length"/>.</param>
    public string Text(int from = 0)
    {
        var tokens = Tokens(from);
        return _loop.Tokenizer.Decode([.. tokens.Select(token => token.Id)]);
    }

    /// <summary>Another branch with the same tokens. Takes the same short time whatever their number, and no KV memory until one of the two grows.</summary>
    /// <param name="key">Its name in the draws; null makes one from this branch's name and the number of the fork.</param>
    /// <exception cref="InvalidOperationException">An extension is running.</exception>
    public Branch Fork(ulong? key = null)
    {
        lock (_loop.Gate)
        {
            DemandIdle();
            Stem.ShareBeginning(_loop, this);
            var path = Path;
            Path = path.GoOnAfter(path.Count);
            var fork = new Branch(_loop, Group, path.GoOnAfter(path.Count), key ?? CounterRandom.Bits(Key, (ulong)Length, (ulong)++Forks), LongRope)
            {
                Kv = Kv?.Fork(),
                Outputs = Outputs,
                Stem = Stem,
                Computed = Computed,
                Prompt = Prompt,
            };
            Stem?.Hold();
            _loop.Resting.Add(fork);
            return fork;
        }
    }

    /// <summary>Adds given tokens; they are computed with the next extension.</summary>
    /// <exception cref="ContextLengthException">They do not fit the context.</exception>
    public void Append(IReadOnlyList<int> tokens)
    {
        _loop.Checks.DemandTokens(tokens, "The text");
        lock (_loop.Gate)
        {
            DemandIdle();
            if (Length + tokens.Count > _loop.Config.Context)
                throw new ContextLengthException(Length + tokens.Count, _loop.Config.Context, "The branch with the text");
            if (Prompt == Length)
                Prompt += tokens.Count;
            foreach (int token in tokens)
                Path.Add(TokenTrace.Given(token));
            Outputs = null;
        }
    }

    /// <summary>Adds a given text; no special tokens are put before it.</summary>
    /// <inheritdoc cref="Append(IReadOnlyList{int})"/>
    public void Append(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > 0)
            Append(_loop.Tokenizer.Encode(text, new EncodeOptions()));
    }

    /// <summary>
    /// Forgets all but the first tokens. What is drawn after them again, with the same options, is the same again; fork, or change the seed, for
    /// something else.
    /// </summary>
    /// <param name="length">1 to <see cref="Length"/>.</param>
    public void RollBack(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        lock (_loop.Gate)
        {
            DemandIdle();
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
            if (length == Length)
                return;
            Stem.TakeOver(_loop, this, length);
            Path = Path.GoOnAfter(length);
            Outputs = null;
            Computed = Math.Min(Computed, length);
            Prompt = Math.Min(Prompt, length);
            if (Kv?.Length > length)
                Kv.Truncate(length);
        }
    }

    /// <summary>Draws tokens until a rule ends the extension.</summary>
    /// <param name="options">How, and until when; null for the model's own distribution, to the end.</param>
    /// <param name="cancellationToken">Stops within one step; what was drawn stays.</param>
    /// <exception cref="InvalidOperationException">An extension is running already.</exception>
    /// <exception cref="ContextLengthException">The branch fills the context.</exception>
    /// <exception cref="KvMemoryException">The KV memory does not hold the branch even alone.</exception>
    public Task<Completion> ExtendAsync(GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Extension.RunAsync(_loop, [new BranchExtension(this, options ?? new GenerationOptions())], cancellationToken)[0];

    /// <summary>
    /// Draws tokens until a rule ends the extension, one by one as they are read. Leaving the loop stops within one step; what was drawn stays. A reader
    /// that falls behind makes this branch wait and no other.
    /// </summary>
    /// <inheritdoc cref="ExtendAsync"/>
    public IAsyncEnumerable<GeneratedToken> StreamAsync(GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new GenerationOptions();
        _loop.Checks.DemandLanguageModel("generate text");
        _loop.Checks.DemandOptions(options);
        return Extension.StreamAsync(_loop, this, options, ownsBranch: false, cancellationToken);
    }

    /// <summary>Ends what runs and frees the memory that no other branch shares. What was computed may serve later branches with the same beginning.</summary>
    public void Dispose()
    {
        lock (_loop.Gate)
        {
            if (IsDropped)
                return;
            if (Job is { } job)
            {
                IsDropped = true;
                _loop.Cancel(job);
            }
            else
            {
                Drop();
            }
        }
    }

    /// <summary>Frees the memory; under the gate.</summary>
    internal void Drop()
    {
        IsDropped = true;
        Stem?.LetGo();
        Stem = null;
        _loop.Release(this);
        Outputs = null;
        Path.Trim();
    }

    /// <summary>True once nobody will use the branch again.</summary>
    internal bool IsDropped { get; private set; }

    /// <summary>Throws unless a job of this loop may start.</summary>
    internal void DemandIdle(EngineLoop loop)
    {
        if (loop != _loop)
            throw new ArgumentException("The branch belongs to another engine.");
        DemandIdle();
    }

    internal void DemandIdle()
    {
        ObjectDisposedException.ThrowIf(IsDropped, this);
        if (Job is not null)
            throw new InvalidOperationException("The branch is being extended; wait for the end of that first.");
    }
}
