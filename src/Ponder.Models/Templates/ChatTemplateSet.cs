using System.Text.Json;
using Ponder.Models.Files;
using Ponder.Models.Files.Json;

namespace Ponder.Models.Templates;

/// <summary>
/// The chat templates of a model folder with the special tokens they print, read from <c>tokenizer_config.json</c>,
/// <c>chat_template.jinja</c>, <c>chat_template.json</c> and <c>additional_chat_templates</c> as Hugging Face lays them out.
/// </summary>
public sealed class ChatTemplateSet
{
    /// <summary>The name of the template for conversations without anything special.</summary>
    public const string DefaultName = "default";

    private const int MaxFileBytes = 64 << 20;

    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    /// <summary>The sources by name.</summary>
    public IReadOnlyDictionary<string, string> Sources => _sources;

    /// <summary>The text of the token that begins a text, or null.</summary>
    public string? BosToken { get; private set; }

    /// <summary>The text of the token that ends a text, or null.</summary>
    public string? EosToken { get; private set; }

    /// <summary>Reads what a folder holds; an empty set where it holds no template.</summary>
    /// <param name="folder">A model folder.</param>
    /// <exception cref="ModelFileException">A file is not what it should be.</exception>
    public static ChatTemplateSet Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var set = new ChatTemplateSet();
        set.ReadJson(Path.Combine(folder, "tokenizer_config.json"));
        set.ReadJson(Path.Combine(folder, "chat_template.json"));
        set.ReadJinja(Path.Combine(folder, "chat_template.jinja"), DefaultName);
        string more = Path.Combine(folder, "additional_chat_templates");
        if (Directory.Exists(more))
        {
            foreach (string path in Directory.GetFiles(more, "*.jinja").Order(StringComparer.Ordinal))
                set.ReadJinja(path, Path.GetFileNameWithoutExtension(path));
        }
        return set;
    }

    /// <summary>Reads the content of a <c>tokenizer_config.json</c>.</summary>
    /// <param name="config">The JSON.</param>
    /// <param name="name">What error messages call the file.</param>
    /// <exception cref="ModelFileException">A field is not what it should be.</exception>
    public static ChatTemplateSet FromTokenizerConfig(JsonElement config, string name = "tokenizer_config.json")
    {
        var set = new ChatTemplateSet();
        set.Read(JsonPart.OfRoot(config, name));
        return set;
    }

    /// <summary>Reads one of the templates, or returns null where there is none of this name.</summary>
    /// <param name="name">The template's name: <see cref="DefaultName"/>, <c>tool_use</c>, <c>rag</c>.</param>
    /// <exception cref="TemplateException">The source is not a template.</exception>
    public ChatTemplate? Find(string name = DefaultName) =>
        _sources.TryGetValue(name, out string? source) ? ChatTemplate.Parse(source, $"chat template '{name}'") : null;

    private void ReadJinja(string path, string name)
    {
        if (!File.Exists(path))
            return;
        RefuseLarge(path);
        _sources[name] = File.ReadAllText(path);
    }

    private void ReadJson(string path)
    {
        if (!File.Exists(path))
            return;
        RefuseLarge(path);
        using var file = JsonFile.Open(path, allowsTwins: true);
        Read(file.Root);
    }

    private static void RefuseLarge(string path)
    {
        if (new FileInfo(path).Length > MaxFileBytes)
            throw new ModelFileException(path, $"it is larger than {MaxFileBytes} bytes");
    }

    private void Read(JsonPart config)
    {
        BosToken = config["bos_token"].TokenOrNull() ?? BosToken;
        EosToken = config["eos_token"].TokenOrNull() ?? EosToken;
        var template = config["chat_template"];
        if (template.IsString)
            _sources[DefaultName] = template.String();
        else if (template.IsArray)
        {
            foreach (var entry in template.Items())
                _sources[entry["name"].String()] = entry["template"].String();
        }
        else if (!template.IsNull)
            throw template.Wrong("a string or a list");
    }
}
