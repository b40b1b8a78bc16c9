using System.Runtime.InteropServices;
using Ponder.Models.Transformers;
using Ponder.Numerics.Memory;

namespace Ponder.Inference.Scheduling;

/// <summary>What is computed together: some tokens of each picked job, and where its outputs come to lie.</summary>
internal sealed class Step(Transformer transformer) : IDisposable
{
    private readonly List<Pick> _picks = [];
    private NativeBuffer<float> _outputs = new(0);

    /// <summary>A job's part of a step.</summary>
    /// <param name="Job">The job.</param>
    /// <param name="Position">The position of its first token.</param>
    /// <param name="FirstRow">That token's row.</param>
    /// <param name="Rows">Tokens; 0 for a job that goes on from outputs that its branch has already.</param>
    /// <param name="FirstOutput">Its first row of outputs.</param>
    /// <param name="Outputs">Rows of outputs.</param>
    /// <param name="Drafts">The last of its tokens, that many, are drafts.</param>
    public readonly record struct Pick(Job Job, int Position, int FirstRow, int Rows, int FirstOutput, int Outputs, int Drafts);

    public Batch Batch { get; } = new();

    public ReadOnlySpan<Pick> Picks => CollectionsMarshal.AsSpan(_picks);

    public void Clear()
    {
        _picks.Clear();
        Batch.Clear();
    }

    /// <summary>Adds a job that draws from the outputs that its branch has.</summary>
    public void Add(Job job) => _picks.Add(new Pick(job, 0, 0, 0, 0, 0, 0));

    /// <summary>Adds tokens of a job whose branch has room for them.</summary>
    public void Add(Job job, ReadOnlySpan<int> tokens, int position, OutputRows outputs, int drafts = 0)
    {
        int firstRow = Batch.Rows, firstOutput = Batch.OutputRows.Length;
        Batch.Add(tokens, position, job.Branch.Kv!.Pages, job.Branch.LongRope, outputs);
        _picks.Add(new Pick(job, position, firstRow, tokens.Length, firstOutput, Batch.OutputRows.Length - firstOutput, drafts));
    }

    public bool Contains(Job job)
    {
        foreach (var pick in Picks)
        {
            if (pick.Job == job)
                return true;
        }
        return false;
    }

    public void Forward()
    {
        long needed = (long)Batch.OutputRows.Length * transformer.Config.Outputs;
        if (_outputs.Length < needed)
        {
            _outputs.Dispose();
            _outputs = new NativeBuffer<float>(0);              // should there be no memory for the larger one
            _outputs = new NativeBuffer<float>(needed);
        }
        foreach (var pick in Picks)
        {
            if (pick.Job.HiddenStates is not null)
            {
                Batch.HiddenStates = HandOutStates;
                break;
            }
        }
        transformer.Forward(Batch, _outputs.Span);
    }

    /// <summary>The outputs of a job: [rows that gave outputs, outputs].</summary>
    public ReadOnlySpan<float> OutputsOf(in Pick pick)
    {
        if (pick.Rows == 0)
            return pick.Job.Branch.Outputs;
        int width = transformer.Config.Outputs;
        return _outputs.Span.Slice(pick.FirstOutput * width, pick.Outputs * width);
    }

    public void Dispose() => _outputs.Dispose();

    private void HandOutStates(int layer, ReadOnlySpan<float> states)
    {
        int width = transformer.Config.Width;
        foreach (var pick in Picks)
            pick.Job.HiddenStates?.Invoke(layer, pick.Position, states.Slice(pick.FirstRow * width, pick.Rows * width));
    }
}
