using System.Buffers;
using System.Net;

namespace Ponder.Models.Hub;

/// <summary>Fetches one blob into its partial file, going on after cut connections from the byte where they were cut.</summary>
/// <param name="transport">Sends the requests.</param>
/// <param name="options">How patient to be.</param>
/// <param name="address">Where the file is.</param>
/// <param name="subject">Which file of which repository, at which commit.</param>
/// <param name="hash">Its hash.</param>
/// <param name="bytes">Its size.</param>
/// <param name="report">Told how many bytes are on disk.</param>
/// <param name="note">Told what is worth a line.</param>
internal sealed class BlobDownload(
    HubTransport transport,
    HubOptions options,
    Uri address,
    HubSubject subject,
    string hash,
    long bytes,
    Action<long> report,
    Action<string> note)
{
    private const int BufferSize = 1 << 17;

    // An attempt that brought less than this counts as failed, or a server that gives one byte at a time would keep us for ever.
    private const long Progress = 1 << 20;

    /// <summary>Fetches the blob and gives it its final name.</summary>
    /// <exception cref="HubException">It cannot be had; or its size or hash is wrong, and it was removed.</exception>
    public async Task RunAsync(string partialPath, string finalPath, CancellationToken stop)
    {
        var partial = await PartialBlob.OpenAsync(partialPath, hash, bytes, stop).ConfigureAwait(false);
        await using (partial.ConfigureAwait(false))
        {
            bool resumed = partial.Length > 0;
            report(partial.Length);
            await ReceiveAllAsync(partial, stop).ConfigureAwait(false);
            bool matches = partial.Matches();
            if (!matches && resumed)
            {
                note("what an earlier download left does not fit; starting over");
                partial.Restart();
                await ReceiveAllAsync(partial, stop).ConfigureAwait(false);
                matches = partial.Matches();
            }
            if (!matches)
            {
                await partial.DiscardAsync().ConfigureAwait(false);
                throw new HubException($"The content of {subject} does not have its hash {hash}; it was removed, pull again.");
            }
            await partial.KeepAsync(finalPath).ConfigureAwait(false);
        }
    }

    private async Task ReceiveAllAsync(PartialBlob partial, CancellationToken stop)
    {
        var attempts = new Attempts(options, options.Attempts, $"Pulling {subject}", note);
        long mark = partial.Length;
        while (partial.Length < bytes)
        {
            try
            {
                await ReceiveAsync(partial, stop).ConfigureAwait(false);
            }
            catch (TransientFailure failure)
            {
                if (partial.Length - mark >= Progress)
                {
                    mark = partial.Length;
                    attempts.Reset();
                }
                await attempts.WaitAsync(failure, stop).ConfigureAwait(false);
            }
        }
    }

    private async Task ReceiveAsync(PartialBlob partial, CancellationToken stop)
    {
        using var answer = await transport.SendAsync(HttpMethod.Get, address, partial.Length, subject, stop).ConfigureAwait(false);
        await CheckAsync(answer, partial).ConfigureAwait(false);
        string host = answer.Response.RequestMessage?.RequestUri?.Host ?? address.Host;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var body = await answer.Response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
            while (true)
            {
                Task<int> Read(CancellationToken patience) => body.ReadAsync(buffer, patience).AsTask();
                int got = await transport.WithinAsync(Read, host, stop).ConfigureAwait(false);
                if (got == 0)
                    break;
                if (got > bytes - partial.Length)
                    throw await WrongSizeAsync(partial, "more").ConfigureAwait(false);
                await partial.AppendAsync(buffer.AsMemory(0, got)).ConfigureAwait(false);
                report(partial.Length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        if (partial.Length < bytes)
            throw new TransientFailure($"{host} ended the file after {partial.Length} of {bytes} bytes");
    }

    /// <summary>Compares what the answer says about itself with what was asked for, before any byte of it is read.</summary>
    private async Task CheckAsync(HubAnswer answer, PartialBlob partial)
    {
        var (commit, linkedHash, linkedBytes) = answer.Described;
        if (commit is not null && !commit.Equals(subject.Revision, StringComparison.OrdinalIgnoreCase))
            throw new HubException($"The hub gives {subject} from commit {SafeText.Of(commit)} where {subject.Revision} was asked for.");
        if (BlobHash.IsKnown(linkedHash) && linkedHash!.Length == hash.Length && linkedHash != hash)
            throw new HubException($"The hub gives {subject} with hash {linkedHash} where its listing says {hash}; pull again.");
        if (linkedBytes is not null && linkedBytes != bytes)
            throw await WrongSizeAsync(partial, $"{linkedBytes}").ConfigureAwait(false);

        var content = answer.Response.Content.Headers;
        switch (answer.Response.StatusCode)
        {
            case HttpStatusCode.PartialContent:
                if (content.ContentRange?.From != partial.Length || content.ContentRange.Length is { } whole && whole != bytes)
                {
                    throw new HubException(
                        $"The server answers with '{content.ContentRange}' of {subject} where {partial.Length}- of {bytes} was asked for.");
                }
                break;
            case HttpStatusCode.OK:
                if (partial.Length > 0)
                {
                    note("the server cannot go on where the download stopped; starting over");
                    partial.Restart();
                    report(0);
                }
                break;
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                partial.Restart();
                report(0);
                throw new TransientFailure($"the server does not have the rest of {subject}");
            default:
                throw new HubException($"The server answers {HubRefusal.Status(answer.Response)} when asked for {subject}.");
        }
        if (content.ContentEncoding.Count > 0)
            throw new HubException($"The server sends {subject} as {SafeText.List(content.ContentEncoding)}, which was not asked for.");
        if (content.ContentLength is { } length && length != bytes - partial.Length)
            throw await WrongSizeAsync(partial, $"{length + partial.Length}").ConfigureAwait(false);
    }

    private async Task<HubException> WrongSizeAsync(PartialBlob partial, string actual)
    {
        await partial.DiscardAsync().ConfigureAwait(false);
        return new HubException($"{subject} should have {bytes} bytes, but the server has {actual}; what had come was removed.");
    }
}
