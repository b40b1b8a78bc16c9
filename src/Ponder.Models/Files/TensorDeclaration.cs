using Ponder.Numerics.Formats;

namespace Ponder.Models.Files;

/// <summary>A tensor that is going to be written.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Format">Its number format.</param>
/// <param name="Shape">Its dimensions, outermost first; a row (the last dimension) holds whole blocks.</param>
public sealed record TensorDeclaration(string Name, NumberFormat Format, IReadOnlyList<long> Shape)
{
    /// <summary>Values in all.</summary>
    public long Count => Shape.Aggregate(1L, (product, dimension) => checked(product * dimension));

    /// <summary>Bytes in all.</summary>
    public long ByteLength => Format.BytesOf(Count);

    /// <summary>Says again what an open tensor is, to copy it.</summary>
    public static TensorDeclaration Of(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new TensorDeclaration(tensor.Name, tensor.Format, tensor.Shape);
    }
}
