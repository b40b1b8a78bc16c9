using System.Buffers.Binary;
using System.Security.Cryptography;
using Ponder.Models.Files;

namespace Ponder.Inference.Branches.Saving;

/// <summary>
/// The file of a saved branch, all numbers in little-endian order: 8 bytes <c>PONDERBR</c>, the format's version (uint32), the header's bytes
/// (uint32), the pages' bytes (uint64); the header; the SHA-256 of everything so far; the pages; the SHA-256 of everything so far. The first checksum
/// lets a file of another model be refused, and one that memory does not hold, before its pages are read.
/// </summary>
internal sealed class SavedBranchFile : IDisposable
{
    /// <summary>Changes when an older program could not read what a newer one writes. Files of all versions can be read; 2 added the confidence of tokens.</summary>
    public const int Version = 2;

    private const int StartBytes = 24, ChecksumBytes = 32, PieceBytes = 1 << 20;

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private SavedBranchFile(string path, FileStream stream)
    {
        _path = path;
        _stream = stream;
    }

    private static ReadOnlySpan<byte> Magic => "PONDERBR"u8;

    /// <summary>The version that the file was written with.</summary>
    public int FormatVersion { get; private set; }

    /// <summary>The header, whose checksum was found right.</summary>
    public byte[] Header { get; private set; } = [];

    /// <summary>Bytes of the pages.</summary>
    public long PageBytes { get; private set; }

    /// <summary>Writes a file, which has its name once it is complete: until then, and if this fails, what was there before stays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">The header.</param>
    /// <param name="pages">All of it is written.</param>
    /// <param name="stop">Leaves everything as it was.</param>
    /// <exception cref="SavedBranchException">The system refuses, as when the disk is full.</exception>
    public static void Write(string path, ReadOnlySpan<byte> header, ChunkedMemory pages, CancellationToken stop)
    {
        Span<byte> start = stackalloc byte[StartBytes], checksum = stackalloc byte[ChecksumBytes];
        Magic.CopyTo(start);
        BinaryPrimitives.WriteInt32LittleEndian(start[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(start[12..], header.Length);
        BinaryPrimitives.WriteInt64LittleEndian(start[16..], pages.Length);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            using var file = new AtomicFile(path);
            Append(file, hash, start);
            Append(file, hash, header);
            hash.GetCurrentHash(checksum);
            Append(file, hash, checksum);
            for (pages.Position = 0; pages.Rest is { Length: > 0 } rest; pages.Position += rest.Length)
            {
                stop.ThrowIfCancellationRequested();
                Append(file, hash, rest);
            }
            hash.GetCurrentHash(checksum);
            file.Write(checksum);
            file.Commit();
        }
        catch (ModelFileException e)
        {
            throw new SavedBranchException(path, $"it cannot be written: {e.InnerException?.Message}", e);
        }
    }

    /// <summary>Opens a file and checks its size and its header.</summary>
    /// <exception cref="SavedBranchException">It is absent, not a saved branch, of a newer version, cut off, or damaged.</exception>
    public static SavedBranchFile Open(string path)
    {
        if (Directory.Exists(path))
            throw new SavedBranchException(path, "it is a folder, but a saved branch is wanted");
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new SavedBranchException(path, "there is no such file");
        if (info.Length == 0)                                   // also pipes and devices, whose opening could block
            throw new SavedBranchException(path, "it is empty");
        SavedBranchFile? file = null;
        try
        {
            file = new SavedBranchFile(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, PieceBytes));
            file.ReadHeader();
            return file;
        }
        catch (Exception e)
        {
            file?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
                throw Unreadable(path, e);
            throw;
        }
    }

    /// <summary>Reads the pages and checks all that was read.</summary>
    /// <exception cref="SavedBranchException">The file is damaged.</exception>
    public void ReadPages(Stream pages, CancellationToken stop)
    {
        try
        {
            byte[] piece = new byte[(int)Math.Min(PieceBytes, PageBytes)];
            for (long left = PageBytes; left > 0;)
            {
                stop.ThrowIfCancellationRequested();
                var part = piece.AsSpan(0, (int)Math.Min(piece.Length, left));
                Read(part);
                pages.Write(part);
                left -= part.Length;
            }
            CheckSum("pages");
        }
        catch (IOException e)
        {
            throw Unreadable(_path, e);
        }
    }

    public void Dispose()
    {
        _hash.Dispose();
        _stream.Dispose();
    }

    private void ReadHeader()
    {
        long length = _stream.Length;
        Span<byte> start = stackalloc byte[(int)Math.Min(StartBytes, length)];
        Read(start);
        int common = Math.Min(start.Length, Magic.Length);
        if (!start[..common].SequenceEqual(Magic[..common]))
            throw new SavedBranchException(_path, "it is not a saved branch");
        if (start.Length < StartBytes)
            throw new SavedBranchException(_path, $"it is cut off after {length} bytes");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (version > Version)
            throw new SavedBranchException(_path, $"it has version {version} of the format, but this version of Ponder reads up to {Version}");
        if (version < 1)
            throw new SavedBranchException(_path, $"it is damaged: version {version} of the format never was");
        FormatVersion = (int)version;
        uint header = BinaryPrimitives.ReadUInt32LittleEndian(start[12..]);
        ulong pages = BinaryPrimitives.ReadUInt64LittleEndian(start[16..]);
        UInt128 wanted = (UInt128)StartBytes + header + ChecksumBytes + pages + ChecksumBytes;
        if (wanted != (UInt128)length)
        {
            throw new SavedBranchException(
                _path, $"it is {(wanted > (UInt128)length ? "cut off" : "damaged")}: it has {length} bytes, but its beginning speaks of {wanted}");
        }
        if (header > Array.MaxLength)
            throw new SavedBranchException(_path, $"it is damaged: a header of {header} bytes is too long");
        PageBytes = (long)pages;
        Header = new byte[header];
        Read(Header);
        CheckSum("header");
    }

    private void Read(Span<byte> bytes)
    {
        _stream.ReadExactly(bytes);
        _hash.AppendData(bytes);
    }

    private void CheckSum(string what)
    {
        Span<byte> computed = stackalloc byte[ChecksumBytes], written = stackalloc byte[ChecksumBytes];
        _hash.GetCurrentHash(computed);
        Read(written);
        if (!computed.SequenceEqual(written))
            throw new SavedBranchException(_path, $"it is damaged: the checksum of its {what} does not match");
    }

    private static void Append(AtomicFile file, IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        file.Write(bytes);
    }

    private static SavedBranchException Unreadable(string path, Exception e) => new(path, $"it cannot be read: {e.Message}", e);
}
