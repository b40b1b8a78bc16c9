using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Ponder.Inference;
using Ponder.Models.Files;
using Ponder.Reasoning.Policies;

namespace Ponder.Reasoning.Auto;

/// <summary>What tells one model from another, cheaply: name, number of parameters, and a hash of a part of the weights.</summary>
/// <param name="Name">The policy's name; for people only, as files are renamed.</param>
/// <param name="Parameters">Numbers in its weights; 0 where nobody knows.</param>
/// <param name="Hash">SHA-256 of all tensors' names, formats and shapes and of the first and last tensors' ends; empty where nobody knows.</param>
public sealed record ModelFingerprint(string Name, long Parameters, string Hash)
{
    private const int HashedBytes = 1 << 19;                    // at either end: a millisecond, where all weights take seconds

    private static readonly ConditionalWeakTable<Engine, string> Hashes = [];

    /// <summary>The fingerprint of a policy: for an engine in this process its model's, for any other its name alone.</summary>
    public static ModelFingerprint Of(IPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy is EnginePolicy { Engine: var engine }
            ? new ModelFingerprint(policy.Name, engine.Model.Parameters, Hashes.GetValue(engine, HashOf))
            : new ModelFingerprint(policy.Name, 0, "");
    }

    /// <summary>Whether it is the same model: by its weights where they are known, else by name.</summary>
    public bool IsSame(ModelFingerprint other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Hash == other.Hash && Parameters == other.Parameters && (Hash.Length > 0 || Name == other.Name);
    }

    /// <summary>The name, with what tells it from another of the same name: <c>policy (1,569,024 parameters, weights 3f2a09c1)</c>.</summary>
    public override string ToString() => Hash.Length == 0
        ? Name
        : string.Create(CultureInfo.InvariantCulture, $"{Name} ({Parameters:#,0} parameters, weights {Hash[..Math.Min(8, Hash.Length)]})");

    private static unsafe string HashOf(Engine engine)
    {
        var tensors = engine.Model.Weights.Tensors;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors)
        {
            string shape = string.Join(',', tensor.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture)));
            hash.AppendData(Encoding.UTF8.GetBytes($"{tensor.Name}\n{tensor.Format.Name}\n{shape}\n"));
        }
        Tensor[] weights = [.. tensors.Where(tensor => tensor.ByteLength > 0)];
        if (weights.Length > 0)
        {
            Append(weights[0], fromEnd: false);
            Append(weights[^1], fromEnd: true);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(Tensor tensor, bool fromEnd)
        {
            int bytes = (int)Math.Min(HashedBytes, tensor.ByteLength);
            hash.AppendData(new ReadOnlySpan<byte>(tensor.Data + (fromEnd ? tensor.ByteLength - bytes : 0), bytes));
        }
    }
}
