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

    /// <summary>h: [T, d] to h: [T, d].</summary>
    public void Apply(int rows, Workspace space, float* h)
    {
        long count = (long)rows * _up.Outputs;
        if (_gate is null)
        {
            _up.Apply(h, rows, space.Up);                       // [T, feedForward]
            _compute.Profile?.Mark(StepPart.GateUp);
            Activation.Apply(_compute.Width, _activation, space.Up, null, count, space.Up);
        }
        else
        {
            Linear.Apply(h, rows, _gate, space.Gate, _up, space.Up);    // both [T, feedForward]
            _compute.Profile?.Mark(StepPart.GateUp);
            Activation.Apply(_compute.Width, _activation, space.Gate, space.Up, count, space.Up);
        }
        _compute.Profile?.Mark(StepPart.Activation);
        _down.Apply(space.Up, rows, h);                         // [T, d]
        _compute.Profile?.Mark(StepPart.Down);
    }
}
