using Ponder.Inference.Scoring;

namespace Ponder.Inference.Branches;

public sealed partial class Branch
{
    /// <summary>
    /// The outputs of the last token: logits, a reward model's scores, or an encoder's hidden state. Computes what is not computed yet.
    /// </summary>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <returns>[outputs].</returns>
    public async Task<IReadOnlyList<float>> OutputsAsync(CancellationToken cancellationToken = default)
    {
        if (Outputs is null || Stem is not null)
            await _loop.RunAsync(ReadJob.OfLast(this), cancellationToken).ConfigureAwait(false);
        return Outputs!;
    }

    /// <summary>Reads the outputs of the tokens from a position on; those that were computed before are computed again.</summary>
    /// <param name="from">First position, 0 to <see cref="Length"/> - 1.</param>
    /// <param name="read">Called for every token with its position and its outputs, valid during the call.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    public async Task ReadOutputsAsync(int from, OutputReader read, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        await ReadAsync(from, branch => new ReadJob(branch, from, read), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Computes what is not computed yet and reads the outputs of the tokens from a position on. Unlike <see cref="ReadOutputsAsync"/> it keeps what it computes,
    /// for this branch and its later forks; until it has ended, the branch can do nothing else. Read a text that grows from where its last reading ended, and
    /// nothing is computed twice.
    /// </summary>
    /// <param name="from">First position, 0 to <see cref="Length"/> - 1; those from here on that were computed before are computed again.</param>
    /// <param name="read">Called for every token with its position and its outputs, valid during the call.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <exception cref="InvalidOperationException">An extension is running.</exception>
    public async Task ComputeAsync(int from, OutputReader read, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        int last = Length - 1;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, last);
        var job = new ReadJob(this, from, Read) { Whole = MustBeWhole };
        await _loop.RunAsync(job, cancellationToken).ConfigureAwait(false);

        void Read(int position, ReadOnlySpan<float> outputs)
        {
            read(position, outputs);
            if (position == last)
                Outputs = outputs.ToArray();                    // forks go on from them
        }
    }

    /// <summary>Reads hidden states of layers and tokens; what was computed before is computed again from the first of these tokens on.</summary>
    /// <param name="layers">0: the embeddings; i: after layer i; the number of layers: after the final norm.</param>
    /// <param name="positions">Tokens, 0 to <see cref="Length"/> - 1.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <returns>[layers][positions][width].</returns>
    public async Task<float[][][]> HiddenStatesAsync(
        IReadOnlyList<int> layers, IReadOnlyList<int> positions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(positions);
        foreach (int layer in layers)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(layer, nameof(layers));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(layer, _loop.Config.Layers.Count, nameof(layers));
        }
        foreach (int position in positions)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(positions));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Length, nameof(positions));
        }
        if (positions.Count == 0)
            return [.. layers.Select(_ => Array.Empty<float[]>())];
        var states = new StateCollector(layers, positions, _loop.Config.Width);
        int first = positions.Min();
        await ReadAsync(first, branch => new ReadJob(branch, first, null) { States = states.Receive }, cancellationToken).ConfigureAwait(false);
        return states.Values;
    }

    /// <summary>
    /// Writes the branch to a file with the keys and values that are computed, from which <see cref="Engine.RestoreBranchAsync"/> makes it again. Waits for the
    /// step that runs; other branches go on while the file is written. The first save of an engine reads all its weights once, to know them again.
    /// </summary>
    /// <param name="path">The file; one that is there stays as it is until the new one is complete.</param>
    /// <param name="cancellationToken">Leaves everything as it was.</param>
    /// <exception cref="InvalidOperationException">An extension is running.</exception>
    /// <exception cref="SavedBranchException">The file cannot be written.</exception>
    public Task SaveAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return _loop.Archive.SaveAsync(this, path, cancellationToken);
    }

    // On a fork, so that this branch keeps what it has.
    private async Task ReadAsync(int from, Func<Branch, ReadJob> makeJob, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(from, Length);
        using var fork = Fork(Key);
        await _loop.RunAsync(makeJob(fork), cancellationToken).ConfigureAwait(false);
    }
}
