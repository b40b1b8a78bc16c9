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

    /// <summary>The linear layers, to repack their weights.</summary>
    public IEnumerable<Linear> Linears => _attention.Linears.Concat(_feedForward.Linears);

    /// <summary>x: [T, d], in place.</summary>
    public void Apply(Batch batch, Workspace space)
    {
        int rows = batch.Rows;
        var input = new Activations(_compute, space.H, rows, _width, space.Prepared, _attention.Needs);
        _compute.ForRows(rows, new Between(this, space, null, _attentionNorms, input));             // h = norm(x): [T, d]
        _compute.Profile?.Mark(StepPart.NormAndResidual);
        _attention.Apply(input, batch, space, space.H);                                             // reads and extends the KV pages
        input = new Activations(_compute, space.H, rows, _width, space.Prepared, _feedForward.Needs);
        _compute.ForRows(rows, new Between(this, space, _attentionNorms, _feedForwardNorms, input)); // x += h, h = norm(x)
        _compute.Profile?.Mark(StepPart.NormAndResidual);
        _feedForward.Apply(input, space, space.H);
        _compute.ForRows(rows, new Between(this, space, _feedForwardNorms, null, input));           // x += h
        _compute.Profile?.Mark(StepPart.NormAndResidual);
    }

    /// <summary>What lies between two blocks, row by row: joining the residual stream with the one, entering the other.</summary>
    private readonly struct Between(TransformerLayer layer, Workspace space, Norms? join, Norms? enter, Activations input) : IRowBody
    {
        public void Run(int row)
        {
            float* x = space.X + (nint)row * layer._width, h = input.Row(row);
            if (join is not null)
            {
                join.After?.Apply(h, 1, h);
                VectorAdd.Apply(layer._compute.Width, h, layer._width, x);
                join.OnResidual?.Apply(x, 1, x);
            }
            if (enter is null)
                return;
            if (enter.Before is not null)
                enter.Before.Apply(x, 1, h);
            else
                new ReadOnlySpan<float>(x, layer._width).CopyTo(new Span<float>(h, layer._width));
            input.Prepare(row);
        }
    }

    /// <summary>The norms around one block; null where the family has none.</summary>
    private sealed record Norms(Norm? Before, Norm? After, Norm? OnResidual);
}
