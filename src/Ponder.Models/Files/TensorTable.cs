using System.Diagnostics.CodeAnalysis;
using Ponder.Numerics.Formats;

namespace Ponder.Models.Files;

/// <summary>The tensors of a file or a set of shards, in order and by name.</summary>
internal sealed class TensorTable
{
    /// <summary>
    /// The most tensors of one file. Published models stay below 60,000; the bound keeps a damaged count
    /// from costing more memory than the file itself.
    /// </summary>
    public const int MaxTensors = 131_072;

    private readonly List<Tensor> _tensors = [];
    private readonly Dictionary<string, Tensor> _byName = new(StringComparer.Ordinal);

    /// <summary>All tensors in the order they were added.</summary>
    public IReadOnlyList<Tensor> Tensors => _tensors;

    /// <summary>Finds a tensor by its exact name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Tensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>Adds a tensor.</summary>
    /// <exception cref="ModelFileException">The name is taken, or there are too many.</exception>
    public void Add(string path, Tensor tensor)
    {
        if (_tensors.Count == MaxTensors)
            throw new ModelFileException(path, $"it has more than {MaxTensors} tensors");
        if (!_byName.TryAdd(tensor.Name, tensor))
            throw new ModelFileException(path, $"the tensor '{tensor.Name}' appears twice");
        _tensors.Add(tensor);
    }

    /// <summary>The bytes of a tensor, checked: no overflow, rows of whole blocks.</summary>
    /// <param name="path">The file, for the error.</param>
    /// <param name="name">The tensor, for the error.</param>
    /// <param name="format">Its number format.</param>
    /// <param name="shape">Its dimensions, outermost first, each 0 or more.</param>
    /// <exception cref="ModelFileException">The sizes do not fit.</exception>
    public static long ByteLength(string path, string name, NumberFormat format, ReadOnlySpan<long> shape)
    {
        long row = shape.IsEmpty ? 1 : shape[^1];
        if (row % format.BlockSize != 0)
        {
            throw new ModelFileException(
                path, $"the tensor '{name}' has rows of {row} values, but {format.Name} stores blocks of {format.BlockSize}");
        }
        try
        {
            long count = 1;
            foreach (long dimension in shape)
                count = checked(count * dimension);
            return format.BytesOf(count);
        }
        catch (OverflowException e)
        {
            throw new ModelFileException(path, $"the tensor '{name}' of shape [{string.Join(", ", shape.ToArray())}] is too large", e);
        }
    }
}
