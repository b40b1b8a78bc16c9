using Ponder.Inference.Generation;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Composition;

/// <summary>A small policy that drafts the steps of another's answer, in its own tokens and its own memory, and follows what becomes of them.</summary>
internal sealed class Drafter : IDisposable
{
    private readonly SolveSession _session;                     // within the one of the large policy, and of its budget
    private Thought? _path;                                     // the answer so far; null once it cannot follow any more

    /// <summary>A drafter at the beginning of an answer.</summary>
    /// <param name="session">The large policy's.</param>
    /// <param name="policy">Who drafts.</param>
    public Drafter(SolveSession session, IPolicy policy)
    {
        _session = session.Within(policy: policy);
        Keep(() => _path = _session.Start(session.Problem.Prompt));
    }

    /// <summary>Drafts a step behind the answer so far.</summary>
    /// <param name="room">Most tokens of it.</param>
    /// <returns>The step: what is its own of the thought; null where there is none.</returns>
    public async Task<Thought?> DraftAsync(int room)
    {
        if (_path is null)
            return null;
        var draft = _session.Fork(_path, 1)[0];
        var options = new ExtendOptions
        {
            Delimiter = _session.Settings.StepDelimiter,
            Stop = _session.Settings.Stop,                      // it is part of an answer, though it counts as none
            MaxTokens = room,
            Step = "draft",
            Hold = true,
        };
        await _session.ExtendAsync([draft], options).ConfigureAwait(false);
        if (draft.End is null or ThoughtEnd.Finished)
            return draft;
        _session.Release(draft);                                // cut: by the budget, or at the end of its context
        return null;
    }

    /// <summary>The draft is part of the answer.</summary>
    public void Accept(Thought draft)
    {
        _session.Release(_path!);
        _path = draft;
    }

    /// <summary>The draft is none of it.</summary>
    public void Refuse(Thought draft) => _session.Reject(draft);

    /// <summary>The answer goes on with this text.</summary>
    public void Follow(string step)
    {
        if (_path is not null && step.Length > 0)
            Keep(() => _session.Append(_path, step));
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private void Keep(Action follow)
    {
        try
        {
            follow();
        }
        catch (ContextLengthException error)
        {
            Leave(error);
        }
    }

    private void Leave(ContextLengthException error)
    {
        if (_path is not null)
            _session.Release(_path);
        _path = null;
        _session.Note($"The drafter {_session.Policy.Name} cannot follow any more, and drafts no more steps: {error.Message}");
    }
}
