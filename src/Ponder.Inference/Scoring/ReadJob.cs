using Ponder.Inference.Branches;
using Ponder.Inference.Sampling;
using Ponder.Inference.Scheduling;
using Ponder.Models.Transformers;

namespace Ponder.Inference.Scoring;

/// <summary>
/// Computes what of a branch is not computed yet and hands out the outputs of its tokens from a position on, a chunk at a time, so that logits of a
/// long text never lie in memory at once.
/// </summary>
/// <param name="branch">The branch.</param>
/// <param name="first">The first token whose outputs, or hidden states, are read: it is computed even if it was before.</param>
/// <param name="read">Called for every token from there on; null to read no outputs.</param>
internal sealed class ReadJob(Branch branch, int first, OutputReader? read) : Job(branch)
{
    private const int MaxOutputBytes = 16 << 20;

    private int _next = first;                                  // the first token of which nothing was handed out: also after the job lost its place

    /// <summary>Receives the hidden states from the first token on.</summary>
    public HiddenStateReceiver? States { get; init; }

    /// <summary>Computes the text in one piece: encoders see all of it from every token.</summary>
    public bool Whole { get; init; }

    public override bool IsWhole => Whole;

    public override int FirstOutput => Whole ? 0 : _next;

    public override bool GoesOnFromOutputs =>
        Branch.Outputs is not null && _next == Branch.Length - 1 && read is not null && States is null && !Whole;

    public override HiddenStateReceiver? HiddenStates => Whole || Branch.Kv!.Length > _next ? States : null;

    /// <summary>Computes a branch and keeps the outputs of its last token with it.</summary>
    public static ReadJob OfLast(Branch branch) =>
        new(branch, branch.Length - 1, (_, outputs) => branch.Outputs = outputs.ToArray()) { Whole = branch.MustBeWhole };

    public override (int Rows, OutputRows Outputs) Plan(int rows)
    {
        int position = Branch.Kv!.Length, end = position + rows;
        if (end <= _next)
            return (rows, OutputRows.None);
        if (position < _next && !Whole && (States is not null || end > _next + 1))
            return (_next - position, OutputRows.None);
        if (read is null)
            return (rows, OutputRows.None);
        if (end == _next + 1)
            return (rows, OutputRows.Last);
        return Whole ? (rows, OutputRows.All) : (Math.Min(rows, Math.Max(1, MaxOutputBytes / (sizeof(float) * Branch.OutputWidth))), OutputRows.All);
    }

    public override void Digest(ReadOnlySpan<float> outputs, Sampler sampler)
    {
        int width = Branch.OutputWidth;
        // In one piece all rows gave outputs, also those that nobody asked for.
        int skipped = Whole && outputs.Length / width == Tokens.Count ? _next : 0;
        for (int row = skipped; row * width < outputs.Length; row++)
            read!(_next + row - skipped, outputs.Slice(row * width, width));
    }

    public override bool Deliver()
    {
        _next = Math.Max(_next, Branch.Kv!.Length);
        return Pending == 0;
    }
}
