using Ponder.Models.Files;
using Ponder.Models.Gguf;
using Ponder.Models.Gguf.Synthesis;

namespace Ponder.Cli.Tests.Support;

/// <summary>A small GGUF model with random weights, and copies of it with something changed.</summary>
internal static class TinyModel
{
    public static readonly string ChatTemplate =
        "{% for message in messages %}<{{ message.role }}>{{ message.content }}\n{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

    public static string Write(TempFolder folder, string name = "tiny.gguf")
    {
        RandomModel.Write(folder[name], ModelShape.Find("tiny")!, QuantizationMix.Find("q8_0")!);
        return folder[name];
    }

    /// <summary>Writes the model with other metadata, or with tensors changed or (null) left out.</summary>
    public static unsafe string Write(TempFolder folder, Action<GgufMetadata> edit, Func<TensorDeclaration, TensorDeclaration?>? change = null)
    {
        using var original = GgufFile.Open(Write(folder, "original.gguf"));
        var metadata = new GgufMetadata("edited.gguf");
        foreach (var (key, value) in original.Metadata)
            metadata.Set(key, value);
        edit(metadata);
        var tensors = original.Tensors
            .Select(tensor => (Data: tensor, Declared: change is null ? TensorDeclaration.Of(tensor) : change(TensorDeclaration.Of(tensor))))
            .Where(pair => pair.Declared is not null)
            .ToArray();
        using var writer = new GgufWriter(folder["edited.gguf"], metadata, [.. tensors.Select(pair => pair.Declared!)]);
        foreach (var (data, declared) in tensors)
            writer.Write(declared!.Name, new ReadOnlySpan<byte>(data.Data, (int)declared.ByteLength));
        writer.Complete();
        return folder["edited.gguf"];
    }

    /// <summary>The model with a chat template.</summary>
    public static string WriteChat(TempFolder folder, string? template = null) =>
        Write(folder, metadata => metadata.Set("tokenizer.chat_template", template ?? ChatTemplate));
}
