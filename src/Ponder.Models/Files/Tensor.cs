using Ponder.Numerics.Formats;

namespace Ponder.Models.Files;

/// <summary>A tensor inside a mapped file: where its bytes lie and how to read them. The file owns the memory.</summary>
public sealed unsafe class Tensor
{
    /// <summary>Describes a tensor whose bounds are checked already.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="format">Its number format.</param>
    /// <param name="shape">Its dimensions, outermost first (a matrix is [rows, columns]; a row is contiguous); empty for a scalar.</param>
    /// <param name="data">The first byte.</param>
    /// <param name="byteLength">Bytes in all.</param>
    public Tensor(string name, NumberFormat format, long[] shape, byte* data, long byteLength)
    {
        Name = name;
        Format = format;
        Shape = shape;
        Data = data;
        ByteLength = byteLength;
    }

    /// <summary>Its name in the file.</summary>
    public string Name { get; }

    /// <summary>Its number format.</summary>
    public NumberFormat Format { get; }

    /// <summary>Its dimensions, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The first byte; valid while the file is open.</summary>
    public byte* Data { get; }

    /// <summary>Bytes in all.</summary>
    public long ByteLength { get; }

    /// <summary>Values in all.</summary>
    public long Count => Shape.Aggregate(1L, (product, dimension) => checked(product * dimension));

    /// <summary>Decodes the whole tensor.</summary>
    /// <exception cref="OverflowException">It holds more than an array can.</exception>
    public float[] ToFloats()
    {
        var values = new float[checked((int)Count)];
        Format.Decode(new ReadOnlySpan<byte>(Data, checked((int)ByteLength)), values);
        return values;
    }
}
