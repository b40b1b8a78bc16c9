using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Models.Tokenizers;

namespace Ponder.Reasoning.Policies;

/// <summary>A branch of an engine.</summary>
internal sealed class EngineBranch(Branch branch, Tokenizer tokenizer) : IPolicyBranch
{
    private Completion? _ended;                                 // the latest extension, if its last tokens are no part of its text

    public Branch Branch => branch;

    /// <inheritdoc/>
    public int Length => branch.Length;

    /// <inheritdoc/>
    public IPolicyBranch Fork(ulong key) => new EngineBranch(branch.Fork(key), tokenizer) { _ended = _ended };

    /// <inheritdoc/>
    public int Append(string text, bool mayNameTokens = false)
    {
        string rest = DropEnd();
        int before = branch.Length;
        if (!mayNameTokens)
        {
            branch.Append(rest + text);
        }
        else
        {
            branch.Append(rest);
            branch.Append(tokenizer.Encode(text, new EncodeOptions { ParseSpecial = true }));
        }
        return branch.Length - before;
    }

    /// <inheritdoc/>
    public IReadOnlyList<int>? TokenIds() => branch.TokenIds();

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended = null;
        branch.Dispose();
    }

    /// <summary>Notes how an extension ended.</summary>
    public void EndedWith(Completion completion) =>
        _ended = completion.Finish is FinishReason.EndToken or FinishReason.StopToken or FinishReason.StopText ? completion : null;

    // Rolls back to the last token that lies wholly in the text, and returns what of the text is lost with that.
    private string DropEnd()
    {
        if (_ended is not { } ended)
            return "";
        _ended = null;
        var ids = ended.Ids;
        int start = branch.Length - ids.Count, kept = ids.Count - 1;
        while (ended.Finish == FinishReason.StopText && kept > 0 && !ended.Text.StartsWith(TextOf(ids, kept), StringComparison.Ordinal))
            kept--;
        string text = ended.Finish == FinishReason.StopText ? ended.Text[TextOf(ids, kept).Length..] : "";
        branch.RollBack(start + kept);
        return text;
    }

    private string TextOf(IReadOnlyList<int> ids, int count) => count == 0 ? "" : tokenizer.Decode([.. ids.Take(count)]);
}
