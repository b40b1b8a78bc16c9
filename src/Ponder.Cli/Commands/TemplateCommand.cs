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
        var model = new Argument<string>("MODEL")
        {
            Description = $"{ModelLocator.Help} Or a file with a template (.jinja), or a tokenizer_config.json.",
        };
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
        var dialect = new Option<string?>("--dialect")
        {
            Description = "How values print where engines differ: python (as transformers; what chat uses) or javascript (as huggingface.js). "
                + "[default: python for a model, javascript for a template file]",
            HelpName = "NAME",
        };
        var now = new Option<DateTimeOffset?>("--now")
        {
            Description = "The time that strftime_now tells, such as 2025-07-10T12:00:00Z. [default: the clock's]",
            HelpName = "TIME",
        };
        dialect.AcceptOnlyFromAmong("python", "javascript");
        var command = new CommandWithExamples("template", "Renders a chat template exactly, with no newline added.")
        {
            Examples =
            [
                "ponder template model.gguf --context conversation.json --generation",
                "ponder template chat_template.jinja --context variables.json",
            ],
        };
        command.Add(model);
        command.Add(context);
        command.Add(generation);
        command.Add(dialect);
        command.Add(now);
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
            bool python = parsed.GetValue(dialect) is { } name ? name == "python" : source.IsModel;
            terminal.Out.Write(source.Template.Render(variables, new TemplateOptions
            {
                Dialect = python ? TemplateDialect.Python : TemplateDialect.JavaScript,
                Clock = parsed.GetValue(now) is { } time ? new StoppedClock(time) : TimeProvider.System,
            }));
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
        if (IsTemplateFile(path))
            return new Source(ChatTemplate.Parse(TextInput.ReadFile(path, terminal), path), null, null, IsModel: false);
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

    // Templates come under many names (.jinja, .j2, .txt); what no model reader knows is one.
    private static bool IsTemplateFile(string path)
    {
        if (!File.Exists(path) || path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return false;
        try
        {
            ModelPath.Find(path);
            return false;
        }
        catch (ModelFileException)
        {
            return true;
        }
    }

    private static string? NameOf(Tokenizer tokenizer, int? id) => id is int token ? tokenizer.NameOf(token) : null;

    private static Source Of(ChatTemplateSet set, string path) => new(set.Find() ?? throw NoTemplate(path), set.BosToken, set.EosToken);

    private static ModelFileException NoTemplate(string path) => new(path, "there is no chat template in it");

    /// <summary>A clock that always shows one time.</summary>
    private sealed class StoppedClock(DateTimeOffset time) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.CreateCustomTimeZone("as given", time.Offset, null, null);

        public override DateTimeOffset GetUtcNow() => time.ToUniversalTime();
    }

    private sealed record Source(ChatTemplate Template, string? Bos, string? Eos, bool IsModel = true);
}
