namespace Ponder.Numerics.Memory;

/// <summary>Memory for weights: whole pages, zero until written, resident where touched, huge pages where the system has them.</summary>
public sealed unsafe class PageBuffer : IDisposable
{
    private byte* _pointer;

    /// <summary>Reserves the pages.</summary>
    /// <param name="bytes">1 or more.</param>
    /// <exception cref="PonderException">The system has no memory left for them.</exception>
    public PageBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        _pointer = SystemMemory.Allocate((nuint)bytes);
        SystemMemory.AdviseHugePages(_pointer, (nuint)bytes);
        Length = bytes;
        GC.AddMemoryPressure(bytes);
    }

    /// <summary>Frees the memory when the owner forgot to.</summary>
    ~PageBuffer() => Free();

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>The first byte, at a page's beginning; valid until disposal.</summary>
    public byte* Pointer => _pointer is null ? throw new ObjectDisposedException(nameof(PageBuffer)) : _pointer;

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
        SystemMemory.Free(_pointer, (nuint)Length);
        _pointer = null;
        GC.RemoveMemoryPressure(Length);
    }
}
