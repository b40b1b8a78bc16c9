using Ponder.Models.Configuration;
using Ponder.Numerics.Kernels;

namespace Ponder.Models.Transformers;

/// <summary>The feed-forward part of a layer, gated or not.</summary>
internal sealed unsafe class FeedForward
{
    private readonly Compute _compute;
    private readonly ActivationKind _activation;
    private readonly Linear? _gate;
    private readonly Linear _up, _down;

    public FeedForward(Compute compute, WeightSource source, ModelConfig config, int layer)
    {
        _compute = compute;
        _activation = config.Activation;
        string name = $"blk.{layer}.";
        int inner = config.FeedForwardWidth;
        if (config.Architecture.FusedGateUp)
        {
            var both = Linear.Load(compute, source, name + "ffn_up", 2 * inner, config.Width);
            (_gate, _up) = (both.Slice(0, inner), both.Slice(inner, inner));
        }
        else
        {
            _gate = config.Architecture.Gated ? Linear.Load(compute, source, name + "ffn_gate", inner, config.Width) : null;
            _up = Linear.Load(compute, source, name + "ffn_up", inner, config.Width);
        }
        _down = Linear.Load(compute, source, name + "ffn_down", config.Width, inner);
    }

    /// <summary>The layers, to repack their weights.</summary>
    public IEnumerable<Linear> Linears => _gate is null ? [_up, _down] : [_gate, _up, _down];

    /// <summary>In what form the block reads its input.</summary>
    public InputNeeds Needs => Linear.NeedsOf(_gate, _up);

    /// <summary>x: [T, d] to h: [T, d].</summary>
    public void Apply(in Activations x, Workspace space, float* h)
    {
        if (_gate is null)
            _up.Apply(x, space.Up);                                     // [T, feedForward]
        else
            Linear.Apply(x, _gate, space.Gate, _up, space.Up);    // both [T, feedForward]
        _compute.Profile?.Mark(StepPart.GateUp);
        var inner = new Activations(_compute, space.Up, x.Rows, _up.Outputs, space.Prepared, _down.Needs);
        _compute.ForRows(x.Rows, new ActivateRow(this, space, inner));
        _compute.Profile?.Mark(StepPart.Activation);
        _down.Apply(inner, h);                                          // [T, d]
        _compute.Profile?.Mark(StepPart.Down);
    }

    private readonly struct ActivateRow(FeedForward block, Workspace space, Activations inner) : IRowBody
    {
        public void Run(int row)
        {
            int count = block._up.Outputs;
            float* up = inner.Row(row);
            float* gate = block._gate is null ? up : space.Gate + (nint)row * count;
            Activation.Apply(block._compute.Width, block._activation, gate, block._gate is null ? null : up, count, up);
            inner.Prepare(row);
        }
    }
}
