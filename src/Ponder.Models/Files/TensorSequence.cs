namespace Ponder.Models.Files;

/// <summary>
/// Writes a file of declared tensors: a header, then their data, in their order and in pieces of any size; each begins at a multiple
/// of the alignment. The file appears under its name only with <see cref="Complete"/>.
/// </summary>
internal sealed class TensorSequence : IDisposable
{
    private readonly AtomicFile _file;
    private readonly IReadOnlyList<TensorDeclaration> _tensors;
    private readonly int _alignment;
    private int _current;
    private long _written;

    /// <summary>Begins a file with what stands before the data.</summary>
    /// <param name="path">The file; one that is there is replaced at the end.</param>
    /// <param name="header">All bytes before the data.</param>
    /// <param name="tensors">The tensors, checked.</param>
    /// <param name="alignment">Bytes, at least 1.</param>
    /// <exception cref="ModelFileException">The file cannot be written.</exception>
    public TensorSequence(string path, ReadOnlySpan<byte> header, IReadOnlyList<TensorDeclaration> tensors, int alignment)
    {
        _tensors = tensors;
        _alignment = alignment;
        _file = new AtomicFile(path);
        try
        {
            _file.Write(header);
            Pad();
            SkipEmpty();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Checks names and shapes before anything is written.</summary>
    /// <exception cref="ArgumentException">A name is taken twice or empty, or a shape does not fit its format.</exception>
    public static void Check(IReadOnlyList<TensorDeclaration> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            if (tensor.Name.Length == 0 || !names.Add(tensor.Name))
                throw new ArgumentException($"The tensor name '{tensor.Name}' is empty or taken.", nameof(tensors));
            long row = tensor.Shape.Count == 0 ? 1 : tensor.Shape[^1];
            if (tensor.Shape.Any(d => d < 0) || row % tensor.Format.BlockSize != 0)
            {
                throw new ArgumentException(
                    $"The tensor '{tensor.Name}' of shape [{string.Join(", ", tensor.Shape)}] cannot be {tensor.Format}.", nameof(tensors));
            }
        }
    }

    /// <summary>Appends to the tensor whose turn it is.</summary>
    /// <exception cref="InvalidOperationException">It is another tensor's turn, or the bytes are more than it has left.</exception>
    /// <exception cref="ModelFileException">The file cannot be written.</exception>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        if (_current == _tensors.Count || _tensors[_current].Name != name)
            throw new InvalidOperationException($"It is not the turn of '{name}': {Wanted()}.");
        if (bytes.Length > _tensors[_current].ByteLength - _written)
            throw new InvalidOperationException($"{bytes.Length} more bytes for '{name}' are too many: {Wanted()}.");
        _file.Write(bytes);
        _written += bytes.Length;
        SkipEmpty();
    }

    /// <summary>Finishes the file and gives it its name.</summary>
    /// <exception cref="InvalidOperationException">Data is missing.</exception>
    /// <exception cref="ModelFileException">The file cannot be written.</exception>
    public void Complete()
    {
        if (_current < _tensors.Count)
            throw new InvalidOperationException($"The file is not complete: {Wanted()}.");
        _file.Commit();
    }

    /// <summary>Deletes the unfinished file, if it is not complete.</summary>
    public void Dispose() => _file.Dispose();

    private string Wanted() => _current == _tensors.Count
        ? "all tensors are written"
        : $"{_tensors[_current].ByteLength - _written} bytes of '{_tensors[_current].Name}' are wanted";

    private void SkipEmpty()
    {
        while (_current < _tensors.Count && _written == _tensors[_current].ByteLength)
        {
            Pad();
            _current++;
            _written = 0;
        }
    }

    private void Pad()
    {
        int rest = (int)(_file.Position % _alignment);
        if (rest != 0)
            _file.Write(new byte[_alignment - rest]);
    }
}
