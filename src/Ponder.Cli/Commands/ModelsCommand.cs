using System.CommandLine;
using System.Globalization;
using Ponder.Cli.Flags;
using Ponder.Models.Hub;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder models</c>: what is in the cache.</summary>
internal static class ModelsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var json = JsonFlag.Create("one array of objects");
        var command = new CommandWithExamples("models", "Lists the models in the cache.")
        {
            Remarks = "The cache is shared with other tools; HF_HUB_CACHE or HF_HOME name another one.",
            Examples = ["ponder models", "ponder models --json"],
        };
        command.Add(json);
        command.SetAction(parsed =>
        {
            var cache = new ModelCache(HubOptions.FromEnvironment().CacheFolder);
            var models = cache.List();
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(Json(models));
            else if (models.Count == 0)
                terminal.Note($"the cache {cache.Folder} holds no model; 'ponder pull ORG/NAME' fetches one, and 'puzzles' is always there");
            else
                Print(models, terminal);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Print(IReadOnlyList<CachedModel> models, Terminal terminal)
    {
        var rows = models
            .SelectMany(model => (model.Names.Count > 0 ? model.Names : [model.Repo]).Select(name => (Name: name, Model: model)))
            .ToArray();
        int width = rows.Max(row => row.Name.Length);
        foreach (var (name, model) in rows)
        {
            string size = (model.Bytes / 1e6).ToString("#,0.0", CultureInfo.InvariantCulture);
            terminal.Out.WriteLine($"{name.PadRight(width)}  {size,10} MB  {Revision(model),-12}  {State(model)}".TrimEnd());
        }
    }

    private static string Revision(CachedModel model) =>
        model.Revisions.Count > 0 ? string.Join(' ', model.Revisions) : model.Commit.Length > 8 ? model.Commit[..8] : model.Commit;

    private static string State(CachedModel model) =>
        model.Kind == ModelKind.Other && model.IsComplete ? "no weights"
        : model.IsComplete ? ""
        : model.Missing.Count > 0 ? $"incomplete: {string.Join(", ", model.Missing)} missing"
        : "download not finished";

    private static string Json(IReadOnlyList<CachedModel> models) => JsonText.Of(
        json =>
        {
            json.WriteStartArray();
            foreach (var model in models)
            {
                json.WriteStartObject();
                json.WriteString("repo", model.Repo);
                WriteStrings("names", model.Names);
                WriteStrings("revisions", model.Revisions);
                json.WriteString("commit", model.Commit);
                json.WriteString("kind", model.Kind switch { ModelKind.Gguf => "gguf", ModelKind.Safetensors => "safetensors", _ => "other" });
                json.WriteString("path", model.Path);
                json.WriteNumber("bytes", model.Bytes);
                json.WriteBoolean("complete", model.IsComplete);
                WriteStrings("missing", model.Missing);
                json.WriteEndObject();
            }
            json.WriteEndArray();

            void WriteStrings(string name, IReadOnlyList<string> values)
            {
                json.WriteStartArray(name);
                foreach (string value in values)
                    json.WriteStringValue(value);
                json.WriteEndArray();
            }
        },
        indented: true);
}
