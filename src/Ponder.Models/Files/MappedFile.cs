using System.IO.MemoryMappedFiles;
using Ponder.Numerics.Memory;

namespace Ponder.Models.Files;

/// <summary>A whole file mapped into memory for reading. Pages are read by the system when they are touched.</summary>
/// <remarks>
/// The file must not be shortened while it is mapped. There is no finalizer on purpose: pointers into the mapping may outlive
/// a forgotten owner, and a mapping that stays until the process ends is better than one that vanishes under a reader.
/// </remarks>
public sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _pointer;

    private MappedFile(string path, long length, MemoryMappedFile file)
    {
        Path = path;
        Length = length;
        _file = file;
        _view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _pointer);
        _pointer += _view.PointerOffset;
    }

    /// <summary>Wraps memory that someone else owns, so that the readers work on it as on a file.</summary>
    internal MappedFile(string path, byte* pointer, long length)
    {
        Path = path;
        Length = length;
        _pointer = pointer;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its size in bytes, at least 1.</summary>
    public long Length { get; }

    /// <summary>The first byte; valid until disposal.</summary>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public byte* Pointer => _pointer is null ? throw new ObjectDisposedException(nameof(MappedFile), $"{Path} is closed.") : _pointer;

    /// <summary>Maps a file.</summary>
    /// <param name="path">An ordinary file with at least one byte.</param>
    /// <exception cref="ModelFileException">It is absent, empty, a folder, or may not be read.</exception>
    public static MappedFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path))
            throw new ModelFileException(path, "it is a folder, but a file is wanted");
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists)
                throw new ModelFileException(path, "there is no such file");
            // Also keeps pipes and devices out, whose opening could block: they have no size.
            if (info.Length == 0)
                throw new ModelFileException(path, "it is empty");
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            long length = stream.Length;
            var file = MemoryMappedFile.CreateFromFile(
                stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            try
            {
                return new MappedFile(path, length, file);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ModelFileException(path, "there is no permission to read it", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw new ModelFileException(path, $"it cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A piece of the file.</summary>
    /// <param name="offset">Its first byte.</param>
    /// <param name="length">Its bytes.</param>
    /// <exception cref="ModelFileException">The piece does not lie inside the file.</exception>
    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new ModelFileException(Path, $"it has {Length} bytes, but {length} bytes at offset {offset} are wanted");
        return new ReadOnlySpan<byte>(Pointer + offset, length);
    }

    /// <summary>Lets the system take the memory of some bytes back, if they lie in this file; touched again, they are read again.</summary>
    internal void GiveBack(byte* first, long bytes)
    {
        if (_file is not null && first >= _pointer && first + bytes <= _pointer + Length)
            SystemMemory.GiveBack(first, (nuint)bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_pointer is null)
            return;
        _pointer = null;
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
    }
}
