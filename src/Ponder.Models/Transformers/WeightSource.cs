using Ponder.Models.Configuration;
using Ponder.Models.Files;
using Ponder.Numerics.Formats;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Memory;

namespace Ponder.Models.Transformers;

/// <summary>
/// Finds the weights of a model in its file, whatever the file calls them, and checks their shapes. Matrices stay in the mapped file; what
/// must be changed (norms, biases, transposed layers) is copied to memory that this object owns.
/// </summary>
internal sealed unsafe class WeightSource(ITensorFile file, Architecture architecture, bool usesGgufNames) : IDisposable
{
    private readonly List<NativeBuffer<float>> _copies = [];

    /// <summary>Bytes of all matrices that were handed out: what a token reads.</summary>
    public long MatrixBytes { get; private set; }

    /// <summary>A weight matrix [rows, columns].</summary>
    /// <exception cref="ModelFileException">It is missing, or has another shape.</exception>
    public Matrix Matrix(string name, int rows, int columns) => TryMatrix(name, rows, columns) ?? throw Missing(name);

    /// <summary>A weight matrix, or null if the file has none of that name.</summary>
    public Matrix? TryMatrix(string name, int rows, int columns)
    {
        if (Find(name) is not { } tensor)
            return null;
        bool transposed = !usesGgufNames && architecture.TransposedLinear && name.StartsWith("blk.", StringComparison.Ordinal);
        Demand(tensor, transposed ? [columns, rows] : [rows, columns]);
        MatrixBytes += tensor.ByteLength;
        return transposed ? Transposed(tensor, rows, columns) : new Matrix(tensor.Format, (nint)tensor.Data, rows, columns);
    }

    /// <summary>A matrix with any number of rows, or null if the file has none of that name.</summary>
    public Matrix? TryRows(string name, int columns) =>
        Find(name) is { Shape.Count: 2 } tensor ? TryMatrix(name, (int)Math.Clamp(tensor.Shape[0], 0, int.MaxValue), columns) : null;

    /// <summary>A vector of float32 [length].</summary>
    /// <exception cref="ModelFileException">It is missing, or has another shape.</exception>
    public float* Vector(string name, int length)
    {
        float* vector = TryVector(name, length);
        return vector is null ? throw Missing(name) : vector;
    }

    /// <summary>A vector of float32, or null if the file has none of that name.</summary>
    public float* TryVector(string name, int length)
    {
        if (Find(name) is not { } tensor)
            return null;
        Demand(tensor, [length]);
        var copy = Own(length);
        tensor.Format.Decode(new ReadOnlySpan<byte>(tensor.Data, checked((int)tensor.ByteLength)), copy.Span);
        return copy.Pointer;
    }

    /// <summary>The weight of a norm: as <see cref="Vector"/>, with one added where the family's safetensors leave it out.</summary>
    public float* NormWeight(string name, int length)
    {
        float* weight = Vector(name, length);
        if (!usesGgufNames && architecture.NormWeightsMinusOne)
        {
            for (int i = 0; i < length; i++)
                weight[i] += 1;
        }
        return weight;
    }

    /// <summary>Where the weights come from.</summary>
    public ITensorFile File => file;

    /// <summary>Lets the system take back the file's memory of a matrix that was copied elsewhere.</summary>
    public void GiveBack(Matrix matrix) => file.GiveBack((byte*)matrix.Data, matrix.Bytes);

    /// <summary>Frees the copies.</summary>
    public void Dispose()
    {
        foreach (var copy in _copies)
            copy.Dispose();
    }

    private NativeBuffer<float> Own(long length)
    {
        var copy = new NativeBuffer<float>(length);
        _copies.Add(copy);
        return copy;
    }

    private Tensor? Find(string ggufName)
    {
        string? name = usesGgufNames ? ggufName : architecture.HuggingFaceNames.Translate(ggufName);
        if (name is null)
            return null;
        if (file.TryGetTensor(name, out var tensor))
            return tensor;
        string prefix = usesGgufNames ? "" : architecture.HuggingFaceNames.OptionalPrefix;
        return prefix.Length > 0 && file.TryGetTensor(prefix + name, out tensor) ? tensor : null;
    }

    private ModelFileException Missing(string ggufName) =>
        new(file.Path, $"tensor '{(usesGgufNames ? ggufName : architecture.HuggingFaceNames.Translate(ggufName) ?? ggufName)}' is missing");

    private void Demand(Tensor tensor, ReadOnlySpan<long> shape)
    {
        if (!tensor.Format.IsWeight)
            throw new ModelFileException(file.Path, $"tensor '{tensor.Name}' holds {tensor.Format} values, which are not weights");
        if (!shape.SequenceEqual([.. tensor.Shape]))
        {
            throw new ModelFileException(
                file.Path, $"tensor '{tensor.Name}' has shape [{string.Join(", ", tensor.Shape)}], but the config asks for [{string.Join(", ", shape.ToArray())}]");
        }
    }

    private Matrix Transposed(Tensor tensor, int rows, int columns)
    {
        var copy = Own((long)rows * columns);
        using var line = new NativeBuffer<float>(rows);
        long lineBytes = tensor.Format.BytesOf(rows);
        for (int column = 0; column < columns; column++)
        {
            tensor.Format.Decode(new ReadOnlySpan<byte>(tensor.Data + column * lineBytes, checked((int)lineBytes)), line.Span);
            for (int row = 0; row < rows; row++)
                copy.Pointer[(long)row * columns + column] = line.Pointer[row];
        }
        return new Matrix(NumberFormats.F32, (nint)copy.Pointer, rows, columns);
    }
}
