using System.Diagnostics.CodeAnalysis;

namespace Ponder.Models.Files;

/// <summary>A memory-mapped file (or set of shards) of named tensors: GGUF or safetensors.</summary>
public interface ITensorFile : IDisposable
{
    /// <summary>The file, or the first shard.</summary>
    string Path { get; }

    /// <summary>All tensors, in the order of the file.</summary>
    IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>Finds a tensor by its exact name.</summary>
    bool TryGetTensor(string name, [NotNullWhen(true)] out Tensor? tensor);

    /// <summary>Size of all files together in bytes.</summary>
    long FileBytes { get; }

    /// <summary>Lets the system take back the memory of tensors that were copied elsewhere. They stay readable: touched again, they are read again.</summary>
    /// <param name="data">The first byte, inside this file's tensors.</param>
    /// <param name="bytes">How many.</param>
    unsafe void GiveBack(byte* data, long bytes);
}
