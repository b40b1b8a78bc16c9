using System.Runtime.InteropServices;

namespace Ponder.Numerics.Memory;

/// <summary>A block of 64-byte-aligned native memory with one owner. The memory is zeroed.</summary>
/// <typeparam name="T">The element: any unmanaged type.</typeparam>
public sealed unsafe class NativeBuffer<T> : IDisposable where T : unmanaged
{
    /// <summary>Alignment of the first element in bytes: a cache line, and the widest vector.</summary>
    public const int Alignment = 64;

    private T* _pointer;

    /// <summary>Allocates <paramref name="length"/> zeroed elements.</summary>
    /// <param name="length">Elements, 0 or more.</param>
    /// <exception cref="PonderException">The system has no memory left for it.</exception>
    public NativeBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > (long.MaxValue - Alignment) / sizeof(T))
            throw new PonderException($"A buffer of {length} values of {sizeof(T)} bytes is larger than any memory.");
        nuint bytes = (nuint)length * (nuint)sizeof(T);
        try
        {
            _pointer = (T*)NativeMemory.AlignedAlloc(Math.Max(bytes, Alignment), Alignment);
        }
        catch (OutOfMemoryException e)
        {
            throw new PonderException($"The system has no {bytes / (1024 * 1024)} MiB of memory left for a buffer.", e);
        }
        NativeMemory.Clear(_pointer, bytes);
        Length = length;
        GC.AddMemoryPressure(Math.Max(1, (long)bytes));
    }

    /// <summary>Frees the memory when the owner forgot to.</summary>
    ~NativeBuffer() => Free();

    /// <summary>Elements.</summary>
    public long Length { get; }

    /// <summary>The first element; valid until disposal.</summary>
    public T* Pointer => _pointer is null ? throw new ObjectDisposedException(nameof(NativeBuffer<>)) : _pointer;

    /// <summary>The whole buffer as a span; for buffers of at most <see cref="int.MaxValue"/> elements.</summary>
    public Span<T> Span => new(Pointer, checked((int)Length));

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_pointer is null)
            return;
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
        GC.RemoveMemoryPressure(Math.Max(1, Length * sizeof(T)));
    }
}
