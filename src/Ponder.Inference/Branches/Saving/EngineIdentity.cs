using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ponder.Models.Configuration;
using Ponder.Models.Files;
using Ponder.Models.Loading;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Branches.Saving;

/// <summary>
/// What must be the same for saved keys and values to be continued to the same tokens as where they were computed: the weights, and everything that
/// decides how they are computed.
/// </summary>
internal sealed class EngineIdentity : IDisposable
{
    private const int HashBytes = 1 << 22;                      // between two looks at whether the engine closes

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly ITensorFile _weights;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lazy<Task<string>> _hash;
    private readonly Lazy<IReadOnlyList<Setting>> _settings;    // few engines ever save a branch: the serializer would cost every start some 50 ms

    /// <summary>Describes an engine.</summary>
    /// <param name="model">Its model.</param>
    /// <param name="path">How it computes.</param>
    /// <param name="options">Its options.</param>
    public EngineIdentity(ModelPackage model, ExecutionPath path, EngineOptions options)
    {
        _weights = model.Weights;
        _hash = new Lazy<Task<string>>(() => Task.Run(Hash));
        _settings = new Lazy<IReadOnlyList<Setting>>(() =>
        [
            new("version of Ponder", typeof(EngineIdentity).Assembly.GetName().Version?.ToString() ?? "", false),
            new("model", NameOf(model.Config), true),
            new("model configuration", DigestOf(model.Config), true),
            new("KV format", KvFormats.NameOf(options.ChosenKvFormat), false),
            new("precision", $"{options.Precision}", false),
            new("instruction set", InstructionSets.NameOf(path.Instructions), false),
            new("vector width", VectorWidths.NameOf(path.Width), false),
        ]);
    }

    /// <summary>A setting by the name that users know it by.</summary>
    /// <param name="Name">What it is.</param>
    /// <param name="Value">As text.</param>
    /// <param name="IsOfModel">Another value means another model.</param>
    public readonly record struct Setting(string Name, string Value, bool IsOfModel);

    /// <summary>All but the weights.</summary>
    public IReadOnlyList<Setting> Settings => _settings.Value;

    /// <summary>
    /// The SHA-256 of all tensors with their names, formats and shapes, in hexadecimal digits. It is computed once, at the first call, on a thread of its
    /// own, and reads all weights.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
    public async Task<string> WeightsAsync(CancellationToken stop)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(Engine));
        try
        {
            return await _hash.Value.WaitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(Engine));
        }
    }

    /// <summary>Ends the reading of the weights, which may be unmapped then.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        if (_hash.IsValueCreated)
            Task.WhenAny(_hash.Value).Wait();
    }

    // The tensors as they are mapped, not the files of that name: those may have been replaced since. Names and shapes are those of the tensors too, so
    // that metadata which changes no result, as a chat template, may differ.
    private unsafe string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in _weights.Tensors)
        {
            string shape = string.Join(',', tensor.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture)));
            hash.AppendData(Encoding.UTF8.GetBytes($"{tensor.Name}\n{tensor.Format.Name}\n{shape}\n"));
            for (long done = 0; done < tensor.ByteLength; done += HashBytes)
            {
                _closing.Token.ThrowIfCancellationRequested();
                hash.AppendData(new ReadOnlySpan<byte>(tensor.Data + done, (int)Math.Min(HashBytes, tensor.ByteLength - done)));
            }
            _weights.GiveBack(tensor.Data, tensor.ByteLength);  // else the process would seem to hold all weights twice, repacked and as they were
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string NameOf(ModelConfig config) => string.Create(
        CultureInfo.InvariantCulture,
        $"{config.Architecture.Name}, {config.Layers.Count} layers of {config.Width}, {config.KvHeads} KV heads of {config.HeadSize}, vocabulary {config.Vocabulary}");

    // Everything the record has, so that what is added to it counts too. A scaling is written as what it is, not as its base.
    private static string DigestOf(ModelConfig config)
    {
        object?[] parts = [config, config.Rope?.Scaling, config.LocalRope?.Scaling];
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(parts, Json)).AsSpan(0, 8));
    }
}
