using System.Runtime.InteropServices;
using Ponder.Inference.Branches;
using Ponder.Inference.Sampling;
using Ponder.Models.Transformers;

namespace Ponder.Inference.Scheduling;

/// <summary>
/// Work on one branch that takes part in steps until it is done. The engine's loop owns it; it ends exactly once, done, failed or cancelled.
/// </summary>
internal abstract class Job(Branch branch)
{
    private const int RoomForTokens = 128;                      // most extensions are shorter: they allocate nothing on the way

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _registration;
    private CancellationToken _stop;
    private int _start;                                         // tokens before the first that this job adds

    public Branch Branch => branch;

    public RequestGroup Group => branch.Group;

    /// <summary>Ends when the job does.</summary>
    public Task Ended => _ended.Task;

    /// <summary>All tokens of the branch, with those that this job adds; filled when the job first takes part.</summary>
    public List<int> Tokens { get; } = [];

    /// <summary>Tokens whose keys and values are still to be computed.</summary>
    public int Pending => Tokens.Count - branch.Kv!.Length;

    /// <summary>True once it takes part in steps.</summary>
    public bool IsRunning { get; set; }

    /// <summary>True once it has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Somebody asked it to stop; it ends before the next step.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Its receiver has no room for more; it waits without taking part.</summary>
    public virtual bool IsStalled => false;

    /// <summary>Drops the branch when the job ends.</summary>
    public bool OwnsBranch { get; init; }

    /// <summary>The text must be computed in one piece, and nothing of it can be taken from the prefix tree.</summary>
    public virtual bool IsWhole => false;

    /// <summary>It goes on from the outputs that its branch has.</summary>
    public virtual bool GoesOnFromOutputs => false;

    /// <summary>The most tokens that may be taken from the prefix tree: those from here on give outputs.</summary>
    public abstract int FirstOutput { get; }

    /// <summary>The most tokens whose keys and values the branch can come to hold, where that is known.</summary>
    public virtual int MostTokens => branch.Length;

    /// <summary>Rows that ride behind the pending token, drafts of what may follow it: asked for before every decode.</summary>
    public virtual int PrepareDrafts() => 0;

    /// <summary>The pending token with the drafts behind it, as many as <see cref="PrepareDrafts"/> said.</summary>
    public virtual ReadOnlySpan<int> DraftedRows => [];

    /// <summary>How many of the next <paramref name="rows"/> tokens can be computed together, and which of them give outputs.</summary>
    public abstract (int Rows, OutputRows Outputs) Plan(int rows);

    /// <summary>Receives a layer's hidden states of the tokens computed in this step; null where nobody asks.</summary>
    public virtual HiddenStateReceiver? HiddenStates => null;

    /// <summary>Does what takes time with a step's outputs; runs beside other jobs, on any worker. An error ends the job.</summary>
    /// <param name="outputs">[rows that gave outputs, outputs].</param>
    /// <param name="sampler">For this call alone.</param>
    public virtual void Digest(ReadOnlySpan<float> outputs, Sampler sampler)
    {
    }

    /// <summary>Takes over what <see cref="Digest"/> made and hands it out; on the loop's thread. True when the job is done.</summary>
    public abstract bool Deliver();

    /// <summary>What Digest threw.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Tells whoever listens, apart from <see cref="Ended"/>, that the job is over.</summary>
    protected virtual void OnEnded(Exception? error)
    {
    }

    /// <summary>Lets a token cancel the job; under the gate, before its first step.</summary>
    public void Watch(EngineLoop loop, CancellationToken stop)
    {
        _stop = stop;
        _registration = stop.UnsafeRegister(_ => loop.Cancel(this), null);
    }

    /// <summary>Marks the job as one that must end.</summary>
    public void MarkCancelled() => IsCancelled = true;

    /// <summary>Copies the branch's tokens, when the job first takes part.</summary>
    public void TakeTokens()
    {
        if (Tokens.Count > 0)
            return;
        int count = branch.Path.Count;
        Tokens.EnsureCapacity(Math.Min(MostTokens, count + 4096) + 1);
        CollectionsMarshal.SetCount(Tokens, count);
        branch.Path.CopyIds(0, CollectionsMarshal.AsSpan(Tokens));
        branch.Path.Reserve(Math.Min(MostTokens + 1 - count, RoomForTokens));
        _start = count;
    }

    /// <summary>How many tokens of a range were given, not drawn.</summary>
    public int CountGiven(int from, int end)
    {
        int given = 0;
        for (int i = from; i < Math.Min(end, _start); i++)
            given += branch.Path[i].IsGenerated ? 0 : 1;
        return given;
    }

    /// <summary>Ends the job; called once, by the loop.</summary>
    /// <param name="error">Null when it is done.</param>
    public void End(Exception? error)
    {
        IsOver = true;
        _registration.Unregister();                             // without waiting for a cancellation that waits for the gate
        OnEnded(error);
        if (error is null)
            _ended.TrySetResult();
        else if (error is OperationCanceledException)
            _ended.TrySetCanceled(_stop.IsCancellationRequested ? _stop : new CancellationToken(true));
        else if (_ended.TrySetException(error))
            _ = _ended.Task.Exception;                          // seen: most who start jobs hear of their ends in another way
    }
}

/// <summary>Receives a layer's hidden states of consecutive tokens of a branch.</summary>
/// <param name="layer">0: the embeddings; i: after layer i; the last one is after the final norm.</param>
/// <param name="firstPosition">The position of the first token.</param>
/// <param name="states">[tokens, width]; valid during the call.</param>
internal delegate void HiddenStateReceiver(int layer, int firstPosition, ReadOnlySpan<float> states);
