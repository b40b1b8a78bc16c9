using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ponder.Models.Files;
using Ponder.Numerics.Memory;

namespace Ponder.Models.Transformers;

/// <summary>
/// All repacked weights of a model, one after the other in one piece of memory, or in a cache file that is mapped instead. A cache file is a page with
/// a key of 32 bytes (a digest of what the panels were made from), then the panels; it is valid on every machine with the same byte order.
/// </summary>
/// <param name="compute">Where the layers compute.</param>
/// <param name="source">The original weights.</param>
/// <param name="linears">The layers to repack, in an order that is always the same.</param>
internal sealed unsafe class PanelStore(Compute compute, WeightSource source, Linear[] linears) : IDisposable
{
    // Changes when panels are laid out in another way.
    private const int LayoutVersion = 1;
    private const int Alignment = 4096, KeyBytes = 32, WriteBytes = 1 << 20;

    private PageBuffer? _memory;
    private MappedFile? _file;

    private long Bytes => linears.Sum(BytesOf);

    /// <summary>Gives every layer its panels.</summary>
    /// <param name="cacheFolder">Where a cache file is looked for and, in its absence, written; null for no cache.</param>
    /// <param name="progress">Gets the part that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops after a matrix.</param>
    public void Fill(string? cacheFolder, Action<double>? progress, CancellationToken cancellationToken)
    {
        if (linears.Length == 0)
            return;
        byte[] key = Key();
        string? path = cacheFolder is null ? null : Path.Combine(cacheFolder, $"{Convert.ToHexStringLower(key, 0, 16)}.panels");
        if (path is not null && TryOpen(path, key))
        {
            byte* panels = _file!.Pointer + Alignment;
            foreach (var linear in linears)
            {
                linear.Use(compute.Packed!.Attach(linear.Weight, panels));
                panels += BytesOf(linear);
            }
            progress?.Invoke(1);
            return;
        }
        Repack(progress, cancellationToken);
        if (path is not null)
            Write(path, key);
    }

    public void Dispose()
    {
        _memory?.Dispose();
        _file?.Dispose();
    }

    private long BytesOf(Linear linear) => (compute.Packed!.BytesOf(linear.Weight) + Alignment - 1) / Alignment * Alignment;

    private void Repack(Action<double>? progress, CancellationToken cancellationToken)
    {
        long bytes = Bytes, done = 0;
        _memory = new PageBuffer(bytes);
        foreach (var linear in linears)
        {
            cancellationToken.ThrowIfCancellationRequested();
            linear.Use(compute.Packed!.Pack(compute.Pool, linear.Weight, _memory.Pointer + done));
            source.GiveBack(linear.Weight);
            done += BytesOf(linear);
            progress?.Invoke(done / (double)bytes);
        }
    }

    // The model file by name, size and time, and every matrix by place, format and shape.
    private byte[] Key()
    {
        var text = new StringBuilder();
        var file = new FileInfo(source.File.Path);
        text.Append(CultureInfo.InvariantCulture, $"{LayoutVersion} {file.FullName} {source.File.FileBytes} {file.LastWriteTimeUtc.Ticks}\n");
        foreach (var linear in linears)
            text.Append(CultureInfo.InvariantCulture, $"{linear.Weight.Format} {linear.Weight.Rows} {linear.Weight.Columns} {BytesOf(linear)}\n");
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private bool TryOpen(string path, byte[] key)
    {
        if (!File.Exists(path))
            return false;
        var file = MappedFile.Open(path);
        if (file.Length == Alignment + Bytes && file.Slice(0, KeyBytes).SequenceEqual(key))
        {
            _file = file;
            return true;
        }
        file.Dispose();
        return false;
    }

    private void Write(string path, byte[] key)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"its folder cannot be made: {e.Message}", e);
        }
        using var file = new AtomicFile(path);
        file.Write(key);
        file.Write(new byte[Alignment - KeyBytes]);
        for (long done = 0; done < _memory!.Length; done += WriteBytes)
            file.Write(new ReadOnlySpan<byte>(_memory.Pointer + done, (int)Math.Min(WriteBytes, _memory.Length - done)));
        file.Commit();
    }
}
