using Ponder.Models.Configuration;
using Ponder.Models.Files;
using Ponder.Models.Gguf;
using Ponder.Models.Safetensors;
using Ponder.Models.Templates;
using Ponder.Models.Tokenizers;

namespace Ponder.Models.Loading;

/// <summary>Everything that a model's files hold, opened and checked, whatever their format. Weights stay mapped until disposal.</summary>
public sealed class ModelPackage : IDisposable
{
    private readonly Lazy<Tokenizer> _tokenizer;
    private readonly Lazy<ChatTemplate?> _template;

    private ModelPackage(ModelPath path, ITensorFile weights, ModelConfig config)
    {
        Path = path;
        Weights = weights;
        Config = config;
        _tokenizer = new Lazy<Tokenizer>(LoadTokenizer);
        _template = new Lazy<ChatTemplate?>(LoadTemplate);
        Defaults = path.Folder is null ? new GenerationDefaults() : GenerationDefaults.Read(path.Folder);
    }

    /// <summary>Where the files are.</summary>
    public ModelPath Path { get; }

    /// <summary>The weights.</summary>
    public ITensorFile Weights { get; }

    /// <summary>Numbers that were learned, in all tensors.</summary>
    public long Parameters => Weights.Tensors.Where(tensor => tensor.Format.IsWeight).Sum(tensor => tensor.Count);

    /// <summary>The shape.</summary>
    public ModelConfig Config { get; }

    /// <summary>The tokenizer, read at first use.</summary>
    /// <exception cref="ModelFileException">It is missing, damaged, or does not fit the embedding.</exception>
    public Tokenizer Tokenizer => _tokenizer.Value;

    /// <summary>The chat template, read at first use; null where the model ships none.</summary>
    public ChatTemplate? ChatTemplate => _template.Value;

    /// <summary>Recommended sampling.</summary>
    public GenerationDefaults Defaults { get; }

    /// <summary>The GGUF file, or null.</summary>
    public GgufFile? Gguf => Weights as GgufFile;

    /// <summary>Opens a model.</summary>
    /// <param name="path">A file or a folder, as <see cref="ModelPath.Find"/> reads it.</param>
    /// <exception cref="ModelFileException">A file is missing, damaged, or of a kind that is not known.</exception>
    public static ModelPackage Open(string path)
    {
        var found = ModelPath.Find(path);
        ITensorFile weights = found.IsGguf ? GgufFile.Open(found.Weights) : SafetensorsFile.Open(found.Weights);
        try
        {
            var config = weights is GgufFile gguf
                ? GgufConfig.Read(gguf)
                : HuggingFaceConfig.Read(System.IO.Path.Combine(found.Folder!, "config.json"));
            return new ModelPackage(found, weights, config);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>The prompt of a conversation, by the model's own template.</summary>
    /// <exception cref="ModelFileException">The model ships no template.</exception>
    /// <exception cref="TemplateException">The template refuses the conversation.</exception>
    public string RenderChat(IReadOnlyList<ChatTurn> messages)
    {
        var template = ChatTemplate ?? throw new ModelFileException(Path.Weights, "the model has no chat template; give it plain text instead");
        return template.RenderChat(messages, new ChatVariables
        {
            BosToken = TextOf(Tokenizer.Special.Bos),
            EosToken = TextOf(Tokenizer.Special.Eos),
        });
    }

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();

    private string? TextOf(int? id) => id is int token ? Tokenizer.NameOf(token) : null;

    private Tokenizer LoadTokenizer()
    {
        var tokenizer = Gguf is { } gguf ? TokenizerFactory.FromGguf(gguf) : TokenizerFactory.FromFolder(Path.Folder!);
        if (tokenizer.VocabularySize > Config.Vocabulary)
        {
            throw new ModelFileException(
                Path.Weights,
                $"the tokenizer has {tokenizer.VocabularySize} tokens, but the embedding only {Config.Vocabulary} rows; "
                + "the files do not belong together");
        }
        return tokenizer;
    }

    private ChatTemplate? LoadTemplate()
    {
        if (Gguf is not { } gguf)
            return ChatTemplateSet.Load(Path.Folder!).Find();
        return gguf.Metadata.TryGetString("tokenizer.chat_template", out string? source) ? Templates.ChatTemplate.Parse(source) : null;
    }
}
