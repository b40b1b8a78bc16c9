using System.Globalization;
using System.Text;
using Ponder.Inference;
using Ponder.Models.Loading;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Workers;

namespace Ponder.Cli.Tuning;

/// <summary>What a profile was measured with; it serves nothing else.</summary>
/// <param name="Model">The name of the model's file; for a folder with that of the folder before it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Cpu">The processor.</param>
/// <param name="Isa">The instructions that compute.</param>
/// <param name="Precision">What products are computed in.</param>
/// <param name="Cores">Physical cores that may be used.</param>
internal sealed record ProfileKey(string Model, long Bytes, string Cpu, string Isa, string Precision, int Cores)
{
    private const int LongestName = 60;

    /// <summary>The key of a model on this machine.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <param name="options">Whose instructions and precision count.</param>
    /// <exception cref="Models.Files.ModelFileException">There is no model.</exception>
    public static ProfileKey Of(string path, EngineOptions options)
    {
        var found = ModelPath.Find(path);
        string file = Path.GetFileName(found.Weights);
        string name = found.Folder is { } folder ? $"{Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar))}/{file}" : file;
        return new ProfileKey(
            name, BytesOf(found.Weights), CpuName.Current, (options.Path ?? ExecutionPath.Current).Name, options.Precision.ToString().ToLowerInvariant(), CpuTopology.UsableCores);
    }

    /// <summary>The name of the profile's file: the model's, and a hash of all.</summary>
    public string FileName()
    {
        string name = string.Concat(Model.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_').Take(LongestName));
        string all = string.Join('\n', Model, Bytes.ToString(CultureInfo.InvariantCulture), Cpu, Isa, Precision, Cores.ToString(CultureInfo.InvariantCulture));
        // FNV-1a: the file repeats the key in full, so that names that fall together do no harm.
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(all))
            hash = (hash ^ b) * 0x100000001B3;
        return $"{name}-{hash:x16}.json";
    }

    private static long BytesOf(string file) =>
        (File.ResolveLinkTarget(file, returnFinalTarget: true) as FileInfo ?? new FileInfo(file)).Length;
}
