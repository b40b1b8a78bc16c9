namespace Ponder.Models.Hub;

/// <summary>A model that is now in the cache.</summary>
/// <param name="Repo">The repository, <c>org/name</c>.</param>
/// <param name="Revision">The branch, tag or commit that was asked for.</param>
/// <param name="Commit">The commit it stands for.</param>
/// <param name="Kind">How it stores its weights.</param>
/// <param name="Path">What to load: the GGUF file (the first shard), or the snapshot folder of a safetensors model.</param>
/// <param name="Files">The names of its files in the repository.</param>
/// <param name="Bytes">The size of these files together.</param>
/// <param name="BytesReceived">How many bytes were missing when the pull began.</param>
public sealed record PulledModel(
    string Repo, string Revision, string Commit, ModelKind Kind, string Path, IReadOnlyList<string> Files, long Bytes, long BytesReceived);
