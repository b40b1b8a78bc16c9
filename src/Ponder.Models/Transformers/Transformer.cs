using Ponder.Models.Configuration;
using Ponder.Models.Files;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Workers;

namespace Ponder.Models.Transformers;

/// <summary>
/// The transformer of every family: what differs between them is data in <see cref="ModelConfig"/>. One forward pass at a time; the weights
/// stay in the mapped file until <see cref="Repack"/> copies those that the instructions in use want in another layout.
/// </summary>
public sealed unsafe class Transformer : IDisposable
{
    private readonly Compute _compute;
    private readonly WeightSource _weights;
    private readonly Workspace _space;
    private readonly Matrix _embedding;
    private readonly Matrix? _positions;
    private readonly float* _segment;
    private readonly Norm? _embeddingNorm, _finalNorm;
    private readonly RotaryEmbedding? _rope, _localRope;
    private readonly TransformerLayer[] _layers;
    private readonly Linear? _head;
    private readonly NativeBuffer<float> _segmentRow;
    private PanelStore? _panels;

    /// <summary>Finds and checks all weights.</summary>
    /// <param name="config">The shape.</param>
    /// <param name="file">The weights; must stay open as long as this object lives.</param>
    /// <param name="usesGgufNames">True for GGUF files, false for safetensors.</param>
    /// <param name="pool">The threads.</param>
    /// <param name="path">How kernels compute.</param>
    /// <param name="kvFormat">The format of the numbers in the KV pages.</param>
    /// <exception cref="ModelFileException">A tensor is missing or has a shape that does not fit the config.</exception>
    public Transformer(ModelConfig config, ITensorFile file, bool usesGgufNames, WorkerPool pool, ExecutionPath path, KvFormat kvFormat = KvFormat.F32)
    {
        Config = config;
        _compute = new Compute(pool, path);
        _space = new Workspace(config, kvFormat, _compute.Packed);
        _weights = new WeightSource(file, config.Architecture, usesGgufNames);
        _embedding = _weights.Matrix("token_embd.weight", config.Vocabulary, config.Width);
        _positions = config.Architecture.LearnedPositions ? _weights.Matrix("position_embd.weight", config.Context, config.Width) : null;
        _segmentRow = new NativeBuffer<float>(config.Width);
        _segment = Segment();
        bool isEncoder = config.Architecture.Placement == NormPlacement.OnResidual;
        _embeddingNorm = isEncoder ? Norm.Load(_compute, _weights, config, "token_embd_norm", config.Width) : null;
        _finalNorm = isEncoder ? null : Norm.Load(_compute, _weights, config, "output_norm", config.Width);
        _rope = config.Rope is null ? null : new RotaryEmbedding(config.Rope, config.RotaryDimensions);
        _localRope = config.LocalRope is null ? null : new RotaryEmbedding(config.LocalRope, config.RotaryDimensions);
        _layers = [.. config.Layers.Select((layer, i) => new TransformerLayer(
            _compute, _weights, config, i, !layer.UsesRope ? null : layer.LocalRope ? _localRope : _rope))];
        _head = LoadHead();
    }

    /// <summary>The shape.</summary>
    public ModelConfig Config { get; }

    /// <summary>How the KV pages lie that the forward pass reads and writes.</summary>
    public KvLayout KvLayout => _space.KvLayout;

    /// <summary>Bytes of all weight matrices.</summary>
    public long MatrixBytes => _weights.MatrixBytes;

    /// <summary>True when the output matrix is the embedding.</summary>
    public bool IsTied { get; private set; }

    /// <summary>
    /// Repacks the weights for the instructions in use, matrix by matrix on all threads, and gives the file's memory back. To be called once, before the
    /// first forward pass; without it, and for formats without panels, weights are decoded to float32 as they are read.
    /// </summary>
    /// <param name="cacheFolder">Keeps the repacked weights in a file of this folder for the next time, and takes them from there; null for neither.</param>
    /// <param name="progress">Gets the part that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops after a matrix; the model can then only be disposed.</param>
    /// <exception cref="Ponder.Numerics.PonderException">The system has no memory left for it, or the folder cannot be written.</exception>
    public void Repack(string? cacheFolder = null, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        if (_panels is not null)
            throw new InvalidOperationException("The weights are repacked already.");
        _panels = new PanelStore(_compute, _weights, [.. Linears.Where(linear => linear.CanRepack)]);
        _panels.Fill(cacheFolder, progress, cancellationToken);
    }

    /// <summary>Gets the time of each part of the passes to come; null, the default, measures nothing.</summary>
    public StepProfile? Profile
    {
        get => _compute.Profile;
        set => _compute.Profile = value;
    }

    /// <summary>Runs the model over a ragged batch of tokens.</summary>
    /// <param name="batch">T tokens of some sequences, with positions and KV pages.</param>
    /// <param name="outputs">Receives [L, <see cref="ModelConfig.Outputs"/>] for the L rows that asked for outputs.</param>
    public void Forward(Batch batch, Span<float> outputs)
    {
        int rows = batch.Rows, wanted = batch.OutputRows.Length;
        if (outputs.Length < (long)wanted * Config.Outputs)
            throw new ArgumentException($"{outputs.Length} values do not hold {wanted} rows of {Config.Outputs} outputs.", nameof(outputs));
        if (rows > 0 && batch.Groups != KvLayout.Groups.Count)
            throw new ArgumentException($"The batch has pages for {batch.Groups} groups of layers, the model has {KvLayout.Groups.Count}.", nameof(batch));
        _space.Reserve(rows);
        Profile?.Begin();
        Embed(batch);                                                       // x: [T, d]
        _rope?.Prepare(batch.Positions, batch.LongRope);
        _localRope?.Prepare(batch.Positions, batch.LongRope);
        Profile?.Mark(StepPart.Embedding);
        Report(batch, 0, _space.X);
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i].Apply(batch, _space);                                // x: [T, d]
            if (i < _layers.Length - 1)
                Report(batch, i + 1, _space.X);
        }
        if (batch.HiddenStates is not null)
        {
            Normalise(_space.X, rows, _space.H);
            Report(batch, _layers.Length, _space.H);
        }
        for (int i = 0; i < wanted; i++)                                    // h: [L, d], the rows that asked
            Row(_space.X, batch.OutputRows[i]).CopyTo(Row(_space.H, i));
        fixed (float* target = outputs)
            Project(wanted, target);                                        // outputs: [L, outputs]
        Profile?.Mark(StepPart.Head);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rope?.Dispose();
        _localRope?.Dispose();
        _space.Dispose();
        _panels?.Dispose();
        _weights.Dispose();
        _segmentRow.Dispose();
    }

    private IEnumerable<Linear> Linears => _layers.SelectMany(layer => layer.Linears).Concat(_head is null ? [] : [_head]);

    private Span<float> Row(float* x, int row) => new(x + (nint)row * Config.Width, Config.Width);

    private void Embed(Batch batch)
    {
        foreach (int token in batch.Tokens)
        {
            if ((uint)token >= (uint)Config.Vocabulary)
                throw new ArgumentOutOfRangeException(nameof(batch), token, $"Token ids run from 0 to {Config.Vocabulary - 1}.");
        }
        if (_positions is not null)
        {
            foreach (int position in batch.Positions)
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Config.Context, nameof(batch));
        }
        _compute.ForRows(batch.Rows, new EmbedRow(this, batch));
    }

    private readonly struct EmbedRow(Transformer model, Batch batch) : IRowBody
    {
        public void Run(int row)
        {
            int width = model.Config.Width;
            var vectors = model._compute.Width;
            float* x = model._space.X + (nint)row * width;
            model._embedding.DecodeRow(vectors, batch.Tokens[row], x);
            if (model.Config.EmbeddingScale != 1)
            {
                for (int i = 0; i < width; i++)
                    x[i] *= model.Config.EmbeddingScale;
            }
            if (model._positions is { } positions)
            {
                float* position = model._space.H + (nint)row * width;       // not in use yet
                positions.DecodeRow(vectors, batch.Positions[row], position);
                VectorAdd.Apply(vectors, position, width, x);
            }
            if (model._segment is not null)
                VectorAdd.Apply(vectors, model._segment, width, x);
            model._embeddingNorm?.Apply(x, 1, x);
        }
    }

    private void Normalise(float* x, int rows, float* y)
    {
        if (_finalNorm is not null)
            _finalNorm.Apply(x, rows, y);
        else if (x != y)
            new ReadOnlySpan<float>(x, rows * Config.Width).CopyTo(new Span<float>(y, rows * Config.Width));
    }

    private void Project(int rows, float* outputs)
    {
        if (rows == 0)
            return;
        var h = new Activations(_compute, _space.H, rows, Config.Width, _space.Prepared, Linear.NeedsOf(_head));
        _compute.ForRows(rows, new FinishRow(this, h));
        if (_head is null)
        {
            new ReadOnlySpan<float>(h.Values, rows * Config.Width).CopyTo(new Span<float>(outputs, rows * Config.Width));
            return;
        }
        _head.Apply(h, outputs);
        if (Config.FinalSoftcap > 0)
        {
            for (nint i = 0; i < (nint)rows * Config.Outputs; i++)
                outputs[i] = Config.FinalSoftcap * MathF.Tanh(outputs[i] / Config.FinalSoftcap);
        }
    }

    private readonly struct FinishRow(Transformer model, Activations h) : IRowBody
    {
        public void Run(int row)
        {
            model.Normalise(h.Row(row), 1, h.Row(row));
            h.Prepare(row);
        }
    }

    private Linear? LoadHead()
    {
        if (Config.Head == HeadKind.HiddenState)
            return null;
        if (Config.Head != HeadKind.LanguageModel)
            return Linear.Load(_compute, _weights, "score", Config.Labels, Config.Width);
        var output = _weights.TryMatrix("output.weight", Config.Vocabulary, Config.Width);
        IsTied = output is null;
        return new Linear(_compute, output ?? _embedding, _weights.TryVector("output.bias", Config.Vocabulary), fine: true);
    }

    // BERT adds the embedding of a text's segment; Ponder's texts are all of segment 0.
    private float* Segment()
    {
        if (Config.Architecture.Placement != NormPlacement.OnResidual || _weights.TryRows("token_types.weight", Config.Width) is not { Rows: > 0 } segments)
            return null;
        segments.DecodeRow(_compute.Width, 0, _segmentRow.Pointer);
        return _segmentRow.Pointer;
    }

    private void Report(Batch batch, int layer, float* x) =>
        batch.HiddenStates?.Invoke(layer, new ReadOnlySpan<float>(x, batch.Rows * Config.Width));
}
