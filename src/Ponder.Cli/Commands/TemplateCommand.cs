using System.CommandLine;
using System.Text.Json;
using Ponder.Models.Files;
using Ponder.Models.Gguf;
using Ponder.Models.Loading;
using Ponder.Models.Templates;
using Ponder.Models.Tokenizers;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder template</c>: the text that a chat template makes of a conversation.</summary>
internal static class TemplateCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = $"{ModelLocator.Help} Or a .jinja file, or a tokenizer_config.json." };
        var context = new Option<string>("--context")
        {
            Description = "A JSON file with the template's variables as an object, or with the messages alone as an array; '-' is standard input.",
            HelpName = "FILE",
            Required = true,
        };
        var generation = new Option<bool>("--generation")
        {
            Description = "End with the beginning of the assistant's turn (sets add_generation_prompt).",
        };
        var command = new CommandWithExamples("template", "Renders a chat template exactly, with no newline added.")
        {
            Examples = ["ponder template model.gguf --context conversation.json --generation", "ponder template chat_template.jinja --context variables.json"],
        };
        command.Add(model);
        command.Add(context);
        command.Add(generation);
        command.SetAction(parsed =>
        {
            var source = Load(ModelLocator.Find(parsed.GetRequiredValue(model)), terminal);
            using var json = Parse(parsed.GetValue(context)!, terminal);
            var variables = Variables(json.RootElement, parsed.GetValue(context)!);
            if (source.Bos is not null)
                variables.TryAdd("bos_token", source.Bos);
            if (source.Eos is not null)
                variables.TryAdd("eos_token", source.Eos);
            if (parsed.GetValue(generation))
                variables["add_generation_prompt"] = true;
            terminal.Out.Write(source.Template.Render(variables));
            return ExitCodes.Success;
        });
        return command;
    }

    private static JsonDocument Parse(string path, Terminal terminal)
    {
        string text = TextInput.ReadFile(path, terminal);
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new UsageException($"{path}: it is not JSON: {e.Message}", e);
        }
    }

    private static Dictionary<string, object?> Variables(JsonElement context, string path)
    {
        var variables = new Dictionary<string, object?>();
        if (context.ValueKind == JsonValueKind.Array)
            variables["messages"] = context;
        else if (context.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in context.EnumerateObject())
                variables[member.Name] = member.Value;
        }
        else
            throw new UsageException($"{path}: the context is neither an object of variables nor an array of messages.");
        return variables;
    }

    /// <summary>Reads a template, and the special tokens it may print; weights are not looked at.</summary>
    private static Source Load(string path, Terminal terminal)
    {
        if (path.EndsWith(".jinja", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".jinja2", StringComparison.OrdinalIgnoreCase))
            return new Source(ChatTemplate.Parse(TextInput.ReadFile(path, terminal), path), null, null);
        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !path.EndsWith(".index.json", StringComparison.OrdinalIgnoreCase))
        {
            using var json = Parse(path, terminal);
            return Of(ChatTemplateSet.FromTokenizerConfig(json.RootElement, path), path);
        }
        if (Directory.Exists(path) && ChatTemplateSet.Load(path) is { Sources.Count: > 0 } set)
            return Of(set, path);
        var found = ModelPath.Find(path);
        if (!found.IsGguf)
            return Of(ChatTemplateSet.Load(found.Folder!), path);
        using var gguf = GgufFile.Open(found.Weights);
        if (!gguf.Metadata.TryGetString("tokenizer.chat_template", out string? source))
            throw NoTemplate(path);
        var tokenizer = TokenizerFactory.FromGguf(gguf);
        return new Source(ChatTemplate.Parse(source), NameOf(tokenizer, tokenizer.Special.Bos), NameOf(tokenizer, tokenizer.Special.Eos));
    }

    private static string? NameOf(Tokenizer tokenizer, int? id) => id is int token ? tokenizer.NameOf(token) : null;

    private static Source Of(ChatTemplateSet set, string path) => new(set.Find() ?? throw NoTemplate(path), set.BosToken, set.EosToken);

    private static ModelFileException NoTemplate(string path) => new(path, "there is no chat template in it");

    private sealed record Source(ChatTemplate Template, string? Bos, string? Eos);
}
