using System.Text;
using Ponder.Inference.Kv;
using Ponder.Inference.Scheduling;
using Ponder.Models.Transformers;

namespace Ponder.Inference.Branches.Saving;

/// <summary>
/// Saves branches to files and takes them up again. The header of a file is a list of settings (count, then names and values), the hash of the
/// weights, and the fields of a <see cref="SavedBranch"/>; its pages are what <see cref="KvSequence.Write"/> writes. Pages are copied to and from
/// memory between two steps; files are read and written while steps go on.
/// </summary>
internal sealed class BranchArchive(EngineLoop loop, KvPool pool, EngineIdentity identity)
{
    private const int ChunkTokens = 256;                        // layers with a window let go of pages in between
    private const int ShownCharacters = 120;                    // of a value that a file has; it may be anything

    /// <inheritdoc cref="Branch.SaveAsync"/>
    public async Task SaveAsync(Branch branch, string path, CancellationToken stop)
    {
        using var pages = new ChunkedMemory();
        var saved = await loop.BetweenStepsAsync(() => SavedBranch.Of(branch, loop, pages), stop).ConfigureAwait(false);
        string weights = await identity.WeightsAsync(stop).ConfigureAwait(false);
        await Task.Run(() => SavedBranchFile.Write(path, HeaderOf(saved, weights), pages, stop), stop).ConfigureAwait(false);
    }

    /// <inheritdoc cref="Engine.RestoreBranchAsync"/>
    public Task<Branch> RestoreAsync(string path, CancellationToken stop) => Task.Run(() => ReadAsync(path, stop), stop);

    private async Task<Branch> ReadAsync(string path, CancellationToken stop)
    {
        using var file = SavedBranchFile.Open(path);
        using var pages = new ChunkedMemory();
        var (saved, weights) = Parse(path, file.Header, file.FormatVersion);
        string own = await identity.WeightsAsync(stop).ConfigureAwait(false);
        if (weights != own)
            throw Foreign(path, new EngineIdentity.Setting("SHA-256 of the weights", own, true), weights);
        if (!pool.CanHold(saved.KvLength, ChunkTokens))
            throw TooLong(saved.KvLength);
        if (file.PageBytes > MostPageBytes(saved.KvLength))
            throw new SavedBranchException(path, $"it is damaged: {file.PageBytes} bytes are more than {saved.KvLength} positions take");
        file.ReadPages(pages, stop);
        return await loop.BetweenStepsAsync(() => Restore(path, saved, pages), stop).ConfigureAwait(false);
    }

    private Branch Restore(string path, SavedBranch saved, ChunkedMemory pages)
    {
        var group = new RequestGroup(saved.Priority);
        var branch = saved.Restore(loop, group);
        if (pages.Length == 0 && saved.KvLength == 0)
            return branch;
        MakeRoom(saved.KvLength);
        pages.Position = 0;
        try
        {
            branch.Kv = KvSequence.Read(pool, pages, saved.KvLength, group.Meter);
        }
        catch (SavedKvException e)
        {
            throw new SavedBranchException(path, e.Message, e);
        }
        if (branch.Kv.Length != saved.KvLength || pages.Position != pages.Length)
        {
            branch.Kv.Dispose();
            throw new SavedBranchException(path, "it is damaged: its pages do not hold as much as its header says");
        }
        loop.Resting.Add(branch);
        return branch;
    }

    /// <summary>Takes the memory of branches that rest, as for a branch that is extended, until so many positions fit.</summary>
    private void MakeRoom(int tokens)
    {
        using var room = pool.Create();
        while (room.Length < tokens)
        {
            if (!room.TryExtend(Math.Min(ChunkTokens, tokens - room.Length)) && !loop.Resting.TakeOldest())
                throw TooLong(tokens);
        }
    }

    private byte[] HeaderOf(SavedBranch saved, string weights)
    {
        using var header = new MemoryStream();
        using (var writer = new BinaryWriter(header, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(identity.Settings.Count);
            foreach (var setting in identity.Settings)
            {
                writer.Write(setting.Name);
                writer.Write(setting.Value);
            }
            writer.Write(weights);
            saved.Write(writer);
        }
        return header.ToArray();
    }

    private (SavedBranch Saved, string Weights) Parse(string path, byte[] header, int version)
    {
        using var reader = new BinaryReader(new MemoryStream(header), Encoding.UTF8);
        try
        {
            var settings = new Dictionary<string, string>();
            for (int left = reader.ReadInt32(); left > 0; left--)
                settings[reader.ReadString()] = reader.ReadString();
            foreach (var own in identity.Settings)
            {
                string saved = settings.GetValueOrDefault(own.Name, "not known");
                if (saved != own.Value)
                    throw Foreign(path, own, saved);
            }
            string weights = reader.ReadString();
            var branch = SavedBranch.Read(reader, version, loop.Config);
            if (reader.BaseStream.Position != header.Length)
                throw new InvalidDataException("its header has more than a branch");
            return (branch, weights);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException)       // FormatException: of the length of a text
        {
            throw new SavedBranchException(path, $"it is damaged: {e.Message}", e);
        }
    }

    private static SavedBranchException Foreign(string path, EngineIdentity.Setting own, string saved)
    {
        string shown = saved.Length <= ShownCharacters && !saved.Any(char.IsControl) ? saved : "something else";
        return new SavedBranchException(
            path,
            own.IsOfModel
                ? $"it belongs to another model: its {own.Name} is {shown}, this engine's {own.Value}"
                : $"it was saved with another {own.Name}: {shown}, where this engine has {own.Value}");
    }

    private KvMemoryException TooLong(int tokens) =>
        pool.DoesNotHold($"the {tokens} computed tokens of the saved branch beside what runs; raise it or wait");

    // A little more than KvSequence.Write writes: the pages, and a few numbers for every group of layers.
    private long MostPageBytes(int tokens) =>
        KvLayout.PagesFor(tokens) * (pool.Layout.BytesPerPage + 64L * pool.Layout.Groups.Count) + 64L * (1 + pool.Layout.Groups.Count);
}
