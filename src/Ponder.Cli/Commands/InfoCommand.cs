using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ponder.Cli.Flags;
using Ponder.Cli.Tuning;
using Ponder.Inference;
using Ponder.Models.Configuration;
using Ponder.Models.Files;
using Ponder.Models.Loading;
using Ponder.Models.Tokenizers;
using Ponder.Models.Transformers;
using Ponder.Numerics;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder info</c>: what a model is, and how it runs here.</summary>
internal static class InfoCommand
{
    private const int MaxArrayItems = 8;

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = ModelArgument.Create();
        var tensors = new Option<bool>("--tensors") { Description = "List the tensors: name, format, shape, bytes." };
        var metadata = new Option<bool>("--metadata") { Description = "List the metadata of the file." };
        var json = JsonFlag.Create("one object");
        var command = new CommandWithExamples("info", "Shows what a model is, and how it runs on this machine.")
        {
            Examples = ["ponder info model.gguf", "ponder info puzzles --tensors --json"],
        };
        command.Add(model);
        command.Add(tensors);
        command.Add(metadata);
        command.Add(json);
        command.SetAction(parsed =>
        {
            using var package = ModelPackage.Open(ModelLocator.Find(parsed.GetRequiredValue(model)));
            var parts = new Parts(parsed.GetValue(tensors), parsed.GetValue(metadata));
            string text = parsed.GetValue(json) ? JsonText.Of(writer => WriteJson(writer, package, parts), indented: true) : Text(package, parts);
            terminal.Out.WriteLine(text);
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Text(ModelPackage package, Parts parts)
    {
        var config = package.Config;
        var path = ExecutionPath.Current;
        var (tokenizer, tokenizerProblem) = Read(() => package.Tokenizer);
        var (template, templateProblem) = Read(() => package.ChatTemplate);
        var (profile, profileProblem) = Read(() => ProfileOf(package));
        var rows = new List<(string Name, string Value)>
        {
            ("file", package.Path.Weights),
            ("architecture", config.Architecture.Name),
            ("head", config.Head.ToString()),
            ("parameters", Number(package.Parameters)),
            ("file size", $"{Number(package.Weights.FileBytes)} bytes"),
            ("formats", string.Join(", ", Formats(package.Weights).Select(f => $"{f.Format} {f.Count} ({Number(f.Bytes)} bytes)"))),
            ("layers", $"{config.Layers.Count}"),
            ("width", $"{config.Width}, feed-forward {config.FeedForwardWidth}"),
            ("heads", $"{config.Heads} of {config.HeadSize}, {config.KvHeads} for keys and values"),
            ("context", $"{Number(config.Context)} tokens{Windows(config)}"),
            ("KV memory", $"{Number(KvBytesPerToken(config))} bytes a token, {Number(KvBytesPerToken(config) * config.Context)} at full context ({KvFormats.NameOf(new EngineOptions().ChosenKvFormat)}; --kv chooses)"),
            ("vocabulary", $"{Number(config.Vocabulary)}"),
            ("tokenizer", tokenizer is null
                ? $"cannot be used: {tokenizerProblem}"
                : $"{TokenizerKind.Of(package)}, {Number(tokenizer.VocabularySize)} tokens"),
            ("chat template", templateProblem is not null ? $"cannot be used: {templateProblem}" : template is null ? "none" : "yes"),
            ("instructions", $"{path.Name} in use; this machine has {string.Join(", ", InstructionSets.Available.Reverse().Select(InstructionSets.NameOf))}"
                + $"; not {string.Join(", ", Enum.GetValues<InstructionSet>().Except(InstructionSets.Available).Reverse().Select(InstructionSets.NameOf).DefaultIfEmpty("any other"))}"),
            ("vectors", $"{VectorWidths.NameOf(path.Width)} bits for norms, attention and float32; this machine has {string.Join(", ", VectorWidths.Available.Select(VectorWidths.NameOf))}"),
            ("threads", $"{CpuTopology.UsableCores}"),
            ("profile", profileProblem ?? (profile is null ? "none; 'ponder tune' measures whether other options are faster" : $"{profile.Profile} ({profile.Path})")),
        };
        rows.AddRange(DispatchTable.Of(package, path).Select(row => ($"products, {row.Format}", row.Path)));
        if (tokenizer is not null)
        {
            rows.Add(("special tokens", string.Join(", ", SpecialTokens(tokenizer).Select(t => $"{t.Role} {t.Name} ({t.Id})"))));
            rows.Add(("ends answers", string.Join(", ", tokenizer.Special.EndOfGeneration.Order().Select(id => $"{tokenizer.NameOf(id)} ({id})"))));
        }
        if (parts.Metadata)
            rows.AddRange(Metadata(package));
        int width = rows.Max(row => row.Name.Length);
        var lines = rows.Select(row => $"{row.Name.PadRight(width)}  {row.Value}").ToList();
        if (parts.Tensors)
        {
            int name = package.Weights.Tensors.Select(t => t.Name.Length).DefaultIfEmpty(0).Max();
            foreach (var tensor in package.Weights.Tensors)
                lines.Add($"{tensor.Name.PadRight(name)}  {tensor.Format.Name,-8} [{string.Join(", ", tensor.Shape)}]  "
                    + $"{Number(tensor.ByteLength)} bytes");
        }
        return string.Join(Environment.NewLine, lines);
    }

    private static void WriteJson(Utf8JsonWriter json, ModelPackage package, Parts parts)
    {
        var config = package.Config;
        json.WriteStartObject();
        json.WriteString("file", package.Path.Weights);
        json.WriteString("architecture", config.Architecture.Name);
        json.WriteString("head", config.Head.ToString());
        json.WriteNumber("parameters", package.Parameters);
        json.WriteNumber("file_bytes", package.Weights.FileBytes);
        json.WriteStartObject("formats");
        foreach (var (format, count, bytes) in Formats(package.Weights))
        {
            json.WriteStartObject(format);
            json.WriteNumber("tensors", count);
            json.WriteNumber("bytes", bytes);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteNumber("layers", config.Layers.Count);
        json.WriteNumber("width", config.Width);
        json.WriteNumber("feed_forward_width", config.FeedForwardWidth);
        json.WriteNumber("heads", config.Heads);
        json.WriteNumber("kv_heads", config.KvHeads);
        json.WriteNumber("head_size", config.HeadSize);
        json.WriteNumber("context", config.Context);
        json.WriteNumber("vocabulary", config.Vocabulary);
        json.WriteNumber("kv_bytes_per_token", KvBytesPerToken(config));
        WriteTokenizer(json, package);
        var (template, problem) = Read(() => package.ChatTemplate);
        json.WriteBoolean("chat_template", template is not null);
        if (problem is not null)
            json.WriteString("chat_template_problem", problem);
        var path = ExecutionPath.Current;
        json.WriteString("isa", path.Name);
        json.WriteStartArray("isa_available");
        foreach (string name in ExecutionPath.Names)
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteStartObject("products");
        foreach (var (format, kernel) in DispatchTable.Of(package, path))
            json.WriteString(format, kernel);
        json.WriteEndObject();
        json.WriteNumber("vector_bits", (int)path.Width);
        json.WriteStartArray("vector_bits_available");
        foreach (var width in VectorWidths.Available)
            json.WriteNumberValue((int)width);
        json.WriteEndArray();
        json.WriteNumber("threads", CpuTopology.UsableCores);
        var (profile, profileProblem) = Read(() => ProfileOf(package));
        WriteProfile(json, profile);
        if (profileProblem is not null)
            json.WriteString("profile_problem", profileProblem);
        if (parts.Metadata)
        {
            json.WriteStartObject("metadata");
            foreach (var (name, value) in Metadata(package))
                json.WriteString(name, value);
            json.WriteEndObject();
        }
        if (parts.Tensors)
            WriteTensors(json, package.Weights);
        json.WriteEndObject();
    }

    private static void WriteTokenizer(Utf8JsonWriter json, ModelPackage package)
    {
        var (tokenizer, problem) = Read(() => package.Tokenizer);
        if (tokenizer is null)
        {
            json.WriteNull("tokenizer");
            json.WriteString("tokenizer_problem", problem);
            return;
        }
        json.WriteStartObject("tokenizer");
        json.WriteString("kind", TokenizerKind.Of(package));
        json.WriteNumber("tokens", tokenizer.VocabularySize);
        json.WriteStartObject("special");
        foreach (var (role, name, id) in SpecialTokens(tokenizer))
        {
            json.WriteStartObject(role);
            json.WriteNumber("id", id);
            json.WriteString("name", name);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteIds("end_of_generation", tokenizer.Special.EndOfGeneration.Order());
        json.WriteEndObject();
    }

    private static StoredProfile? ProfileOf(ModelPackage package) => ProfileStore.Find(ProfileKey.Of(package.Path.Weights, new EngineOptions()));

    private static void WriteProfile(Utf8JsonWriter json, StoredProfile? stored)
    {
        if (stored is null)
        {
            json.WriteNull("profile");
            return;
        }
        json.WriteStartObject("profile");
        json.WriteString("file", stored.Path);
        json.WriteString("workload", stored.Profile.Work);
        json.WriteNumber("gain", stored.Profile.Gain);
        json.WriteStartObject("options");
        foreach (var (option, value) in stored.Profile.Options)
            json.WriteString(option.Name, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTensors(Utf8JsonWriter json, ITensorFile file)
    {
        json.WriteStartArray("tensors");
        foreach (var tensor in file.Tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("format", tensor.Format.Name);
            json.WriteStartArray("shape");
            foreach (long size in tensor.Shape)
                json.WriteNumberValue(size);
            json.WriteEndArray();
            json.WriteNumber("bytes", tensor.ByteLength);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>A part of the model, or what is wrong with it: the rest is worth showing all the same.</summary>
    private static (T? Part, string? Problem) Read<T>(Func<T> read) where T : class?
    {
        try
        {
            return (read(), null);
        }
        catch (PonderException e)
        {
            return (null, e.Message);
        }
    }

    private static IEnumerable<(string Format, int Count, long Bytes)> Formats(ITensorFile file) =>
        file.Tensors.GroupBy(tensor => tensor.Format.Name)
            .Select(group => (Format: group.Key, Count: group.Count(), Bytes: group.Sum(tensor => tensor.ByteLength)))
            .OrderByDescending(format => format.Bytes);

    private static long KvBytesPerToken(ModelConfig config) =>
        config.Architecture.Causal ? KvLayout.Of(config, new EngineOptions().ChosenKvFormat).BytesPerPage / Attention.PageTokens : 0;

    private static string Windows(ModelConfig config)
    {
        int windowed = config.Layers.Count(layer => layer.Window > 0);
        return windowed == 0 ? "" : $"; {windowed} of {config.Layers.Count} layers see the last {config.Layers.Max(layer => layer.Window)}";
    }

    private static IEnumerable<(string Role, string Name, int Id)> SpecialTokens(Tokenizer tokenizer)
    {
        var special = tokenizer.Special;
        (string Role, int? Id)[] roles =
        [
            ("bos", special.Bos), ("eos", special.Eos), ("unknown", special.Unknown), ("separator", special.Separator),
            ("classifier", special.Classifier), ("padding", special.Padding), ("mask", special.Mask),
        ];
        foreach (var (role, id) in roles)
        {
            if (id is int token)
                yield return (role, tokenizer.NameOf(token), token);
        }
    }

    private static IEnumerable<(string Name, string Value)> Metadata(ModelPackage package)
    {
        if (package.Gguf is { } gguf)
            return gguf.Metadata.Select(pair => (pair.Key, pair.Value.Array is { } array ? Short(array) : pair.Value.ToString()));
        var safetensors = (Models.Safetensors.SafetensorsFile)package.Weights;
        return safetensors.Metadata.Select(pair => (pair.Key, pair.Value));
    }

    private static string Short(Models.Gguf.GgufArray array)
    {
        var items = array.Elements.Cast<object>().Take(MaxArrayItems).Select(item => Convert.ToString(item, CultureInfo.InvariantCulture));
        return $"{array} [{string.Join(", ", items)}{(array.Count > MaxArrayItems ? ", …" : "")}]";
    }

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>What is listed besides the summary.</summary>
    private readonly record struct Parts(bool Tensors, bool Metadata);
}
