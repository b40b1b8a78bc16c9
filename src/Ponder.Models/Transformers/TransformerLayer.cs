using Ponder.Models.Configuration;
using Ponder.Numerics.Kernels;

namespace Ponder.Models.Transformers;

/// <summary>One layer: attention and feed-forward, each with its norms where the family has them.</summary>
internal sealed unsafe class TransformerLayer
{
    private readonly Compute _compute;
    private readonly int _width;
    private readonly AttentionBlock _attention;
    private readonly FeedForward _feedForward;
    private readonly Norms _attentionNorms, _feedForwardNorms;

    public TransformerLayer(Compute compute, WeightSource source, ModelConfig config, int layer, RotaryEmbedding? rope)
    {
        _compute = compute;
        _width = config.Width;
        _attention = new AttentionBlock(compute, source, config, layer, rope);
        _feedForward = new FeedForward(compute, source, config, layer);
        var placement = config.Architecture.Placement;
        bool before = placement is NormPlacement.Before or NormPlacement.BeforeAndAfter;
        bool after = placement is NormPlacement.After or NormPlacement.BeforeAndAfter;
        bool onResidual = placement is NormPlacement.OnResidual;
        Norm? Load(bool present, string name) => present ? Norm.Load(compute, source, config, $"blk.{layer}.{name}", config.Width) : null;
        _attentionNorms = new Norms(Load(before, "attn_norm"), Load(after, "post_attention_norm"), Load(onResidual, "attn_output_norm"));
        _feedForwardNorms = new Norms(Load(before, "ffn_norm"), Load(after, "post_ffw_norm"), Load(onResidual, "layer_output_norm"));
    }

    /// <summary>x: [T, d], in place.</summary>
    public void Apply(Batch batch, Workspace space)
    {
        Enter(_attentionNorms, batch.Rows, space);              // h: [T, d]
        _attention.Apply(batch, space, space.H);                // reads and extends the KV pages
        Join(_attentionNorms, batch.Rows, space);               // x += h
        Enter(_feedForwardNorms, batch.Rows, space);
        _feedForward.Apply(batch.Rows, space, space.H);
        Join(_feedForwardNorms, batch.Rows, space);
    }

    private void Enter(Norms norms, int rows, Workspace space)
    {
        if (norms.Before is not null)
            norms.Before.Apply(space.X, rows, space.H);
        else
            Buffer.MemoryCopy(space.X, space.H, (long)rows * _width * sizeof(float), (long)rows * _width * sizeof(float));
        _compute.Profile?.Mark(StepPart.NormAndResidual);
    }

    private void Join(Norms norms, int rows, Workspace space)
    {
        norms.After?.Apply(space.H, rows, space.H);
        VectorAdd.Apply(_compute.Width, space.H, (long)rows * _width, space.X);
        norms.OnResidual?.Apply(space.X, rows, space.X);
        _compute.Profile?.Mark(StepPart.NormAndResidual);
    }

    /// <summary>The norms around one block; null where the family has none.</summary>
    private readonly record struct Norms(Norm? Before, Norm? After, Norm? OnResidual);
}
