using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Numerics;
using Xunit.Abstractions;

namespace Ponder.Inference.Tests.Branches.Saving;

/// <summary>Files that are not what was saved are refused in one sentence, whatever is wrong with them.</summary>
public sealed class DamagedBranchTests(ITestOutputHelper output) : IDisposable
{
    private const int StartBytes = 24, ChecksumBytes = 32;

    private readonly string _folder = Directory.CreateTempSubdirectory("ponder-damaged-").FullName;
    private readonly Engine _engine = PuzzleModels.LoadPolicy();

    private string Damaged => Path.Combine(_folder, "damaged.bin");

    public void Dispose()
    {
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task No_byte_can_be_changed()
    {
        byte[] file = await SaveAsync();
        var random = new Random(3);
        for (int i = 0; i < file.Length; i += i < HeaderEnd(file) || i >= file.Length - ChecksumBytes ? 1 : 53)
        {
            byte[] changed = [.. file];
            changed[i] ^= (byte)random.Next(1, 256);
            await RefusesAsync(changed);
        }
        _engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task No_end_can_be_cut_off_and_nothing_added()
    {
        byte[] file = await SaveAsync();
        for (int length = 0; length < file.Length; length += length < HeaderEnd(file) || length >= file.Length - ChecksumBytes ? 1 : 53)
            await RefusesAsync(file[..length]);
        (await RefusesAsync(file[..^1])).ShouldContain("cut off");
        await RefusesAsync([.. file, 0]);
        _engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task A_file_with_right_checksums_gives_a_branch_or_a_reason()
    {
        byte[] file = await SaveAsync();
        int header = HeaderEnd(file) - ChecksumBytes, pages = HeaderEnd(file);
        var random = new Random(4);
        int accepted = 0;
        for (int i = StartBytes; i < pages + 64; i++)
        {
            if (i >= header && i < pages)
                continue;                                       // the checksum itself
            byte[] changed = [.. file];
            changed[i] ^= (byte)(random.Next(2) == 0 ? 0x80 : random.Next(1, 256));
            Seal(changed);
            await File.WriteAllBytesAsync(Damaged, changed);
            try
            {
                using var branch = await _engine.RestoreBranchAsync(Damaged);
                accepted++;
                if (accepted % 16 == 0)
                    await branch.ExtendAsync(new GenerationOptions { MaxTokens = 2 });
            }
            catch (PonderException e)
            {
                e.ShouldBeOfType<SavedBranchException>();
            }
        }
        output.WriteLine($"{accepted} of {pages + 32 - StartBytes} changes make another branch");
        accepted.ShouldBeGreaterThan(0);                        // the key, for one
        _engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task Every_reason_has_its_sentence()
    {
        byte[] file = await SaveAsync();
        (await RefusesAsync([])).ShouldContain("empty");
        (await RefusesAsync("GGUF and so on, long enough"u8.ToArray())).ShouldContain("not a saved branch");
        (await RefusesAsync(file[..20])).ShouldContain("cut off after 20 bytes");
        (await RefusesAsync(With(8, 3))).ShouldContain("version 3 of the format, but this version of Ponder reads up to 2");
        (await RefusesAsync(With(8, 0))).ShouldContain("never was");
        (await RefusesAsync(With(20, int.MaxValue))).ShouldContain("cut off");
        (await RefusesAsync(With(StartBytes + 60, 0))).ShouldContain("checksum of its header");
        (await RefusesAsync(With(file.Length - 200, -1))).ShouldContain("checksum of its pages");
        (await Should.ThrowAsync<SavedBranchException>(_engine.RestoreBranchAsync(_folder))).Message.ShouldContain("folder");
        (await Should.ThrowAsync<SavedBranchException>(_engine.RestoreBranchAsync(Path.Combine(_folder, "absent")))).Message.ShouldContain("no such file");

        byte[] With(int offset, int value)
        {
            byte[] changed = [.. file];
            BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(offset), value);
            return changed;
        }
    }

    [Fact]
    public async Task A_file_of_the_first_version_is_read_and_knows_no_confidence_of_tokens()
    {
        const int tokenBytes = 33, confidenceFrom = 17, confidenceEnd = 25, tailBytes = 4;      // behind the tokens: no outputs
        byte[] file = await SaveAsync();
        int tokens = PuzzleModels.Prompts[0].Length + 3, first = HeaderEnd(file) - ChecksumBytes - tailBytes - tokens * tokenBytes;
        byte[] old = [.. file.Where((_, i) => (i - first) / tokenBytes is int token && !(i >= first && token < tokens
            && (i - first) % tokenBytes is >= confidenceFrom and < confidenceEnd))];
        BinaryPrimitives.WriteInt32LittleEndian(old.AsSpan(8), 1);
        BinaryPrimitives.WriteInt32LittleEndian(old.AsSpan(12), BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12)) - 8 * tokens);
        Seal(old);
        await File.WriteAllBytesAsync(Damaged, old);
        using var branch = await _engine.RestoreBranchAsync(Damaged);
        using var same = await _engine.RestoreBranchAsync(Path.Combine(_folder, "sound.bin"));
        branch.Tokens().ShouldBe(same.Tokens().Select(token => token with { SelfCertainty = float.NaN, Confidence = float.NaN }));
        var options = new GenerationOptions { MaxTokens = 5, IgnoreEnd = true };
        (await branch.ExtendAsync(options)).Ids.ShouldBe((await same.ExtendAsync(options)).Ids);
    }

    [Fact]
    public async Task A_reading_that_is_cancelled_leaves_nothing()
    {
        byte[] file = await SaveAsync();
        await File.WriteAllBytesAsync(Damaged, file);
        await Should.ThrowAsync<OperationCanceledException>(_engine.RestoreBranchAsync(Damaged, new CancellationToken(true)));
        _engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task Saving_and_restoring_take_as_long_as_reading_a_checksum_does()
    {
        using var branch = _engine.CreateBranch([.. Enumerable.Repeat(PuzzleModels.Prompts[0], 30).SelectMany(ids => ids).Take(_engine.Context)]);
        await branch.OutputsAsync();
        await branch.SaveAsync(Damaged);                        // reads the weights
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 10; i++)
            await branch.SaveAsync(Damaged);
        double save = Stopwatch.GetElapsedTime(start).TotalMilliseconds / 10;
        start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 10; i++)
            (await _engine.RestoreBranchAsync(Damaged)).Dispose();
        double restore = Stopwatch.GetElapsedTime(start).TotalMilliseconds / 10;
        output.WriteLine($"{new FileInfo(Damaged).Length / 1024} KiB: {save:0.0} ms to save, {restore:0.0} ms to restore");
        restore.ShouldBeLessThan(2000);
    }

    private async Task<byte[]> SaveAsync()
    {
        using var branch = _engine.CreateBranch(PuzzleModels.Prompts[0]);
        await branch.ExtendAsync(new GenerationOptions { MaxTokens = 3, IgnoreEnd = true, LogProbabilities = true });
        string path = Path.Combine(_folder, "sound.bin");
        await branch.SaveAsync(path);
        (await _engine.RestoreBranchAsync(path)).Dispose();
        return await File.ReadAllBytesAsync(path);
    }

    private async Task<string> RefusesAsync(byte[] file)
    {
        await File.WriteAllBytesAsync(Damaged, file);
        var error = await Should.ThrowAsync<SavedBranchException>(_engine.RestoreBranchAsync(Damaged));
        error.Path.ShouldBe(Damaged);
        error.Message.ShouldStartWith(Damaged);
        return error.Message;
    }

    private static int HeaderEnd(byte[] file) => StartBytes + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12)) + ChecksumBytes;

    /// <summary>Makes both checksums right.</summary>
    private static void Seal(byte[] file)
    {
        int end = HeaderEnd(file);
        SHA256.HashData(file.AsSpan(0, end - ChecksumBytes), file.AsSpan(end - ChecksumBytes));
        SHA256.HashData(file.AsSpan(0, file.Length - ChecksumBytes), file.AsSpan(file.Length - ChecksumBytes));
    }
}
