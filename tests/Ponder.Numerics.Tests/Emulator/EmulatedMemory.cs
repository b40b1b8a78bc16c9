namespace Ponder.Numerics.Tests.Emulator;

/// <summary>Memory of this process, of which a kernel may touch the given ranges only.</summary>
internal sealed unsafe class EmulatedMemory
{
    private readonly List<MemoryRange> _ranges = [];
    private int _last;
    private MemoryRange _stack;
    private ulong _redZone;

    /// <summary>RSP before the instruction that runs.</summary>
    public ulong StackPointer { get; set; }

    public void Allow(MemoryRange range) => _ranges.Add(range);

    /// <summary>The stack, which a kernel may use down to a red zone below RSP.</summary>
    public void SetStack(MemoryRange stack, ulong redZone) => (_stack, _redZone) = (stack, redZone);

    /// <summary>The address as a pointer, if the kernel may read <paramref name="bytes"/> bytes there.</summary>
    /// <exception cref="OutOfRangeAccessException">It may not.</exception>
    public byte* Read(Step step, ulong address, int bytes)
    {
        Find(step, address, bytes, "reads");
        return (byte*)address;
    }

    /// <summary>The address as a pointer, if the kernel may write <paramref name="bytes"/> bytes there.</summary>
    /// <exception cref="OutOfRangeAccessException">It may not.</exception>
    public byte* Write(Step step, ulong address, int bytes)
    {
        var range = Find(step, address, bytes, "writes");
        if (!range.Writable)
            throw new OutOfRangeAccessException(step, $"writes {bytes} bytes at {range.Name} + {address - range.Start}, which is for reading only.");
        return (byte*)address;
    }

    private MemoryRange Find(Step step, ulong address, int bytes, string verb)
    {
        if (_last < _ranges.Count && _ranges[_last].Contains(address, (ulong)bytes))
            return _ranges[_last];
        for (int i = 0; i < _ranges.Count; i++)
            if (_ranges[i].Contains(address, (ulong)bytes))
                return _ranges[_last = i];
        if (_stack.Contains(address, (ulong)bytes))
        {
            ulong lowest = (step.PushesStack ? StackPointer - 8 : StackPointer) - _redZone;
            return address >= lowest
                ? _stack
                : throw new OutOfRangeAccessException(step, $"{verb} {bytes} bytes {StackPointer - address} bytes below RSP, where signals may write.");
        }
        throw new OutOfRangeAccessException(step, $"{verb} {bytes} bytes at {Describe(address)}, outside the memory it was given.");
    }

    // The range that the generator probably meant: the one that ends or begins closest to the address.
    private string Describe(ulong address)
    {
        if (_ranges.Count == 0)
            return $"0x{address:x}";
        var nearest = _ranges.MinBy(range => address < range.Start ? range.Start - address : address - range.Start < range.Bytes ? 0 : address - range.Start - range.Bytes);
        long offset = (long)(address - nearest.Start);
        return $"0x{address:x} ({nearest.Name} {(offset < 0 ? '-' : '+')} {Math.Abs(offset)} of {nearest.Bytes} bytes)";
    }
}
