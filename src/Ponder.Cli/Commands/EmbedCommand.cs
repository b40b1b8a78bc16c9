using System.CommandLine;
using System.Globalization;
using Ponder.Cli.Flags;
using Ponder.Inference.Generation;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder embed</c>: texts to vectors.</summary>
internal static class EmbedCommand
{
    private const int ShownCharacters = 40;

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = ModelArgument.Create();
        var prompts = new Option<string[]>("--prompt", "-p")
        {
            Description = "A text; may be repeated.",
            HelpName = "TEXT",
            AllowMultipleArgumentsPerToken = true,
        };
        var file = new Option<string?>("--file")
        {
            Description = "A UTF-8 file with one text a line; '-' is standard input.",
            HelpName = "FILE",
        };
        var json = JsonFlag.Create("one array that holds an array for each text, instead of a line for each");
        var engineFlags = new EngineFlags();
        var command = new CommandWithExamples("embed", "Turns texts into embeddings.")
        {
            Remarks = "Each text gives a JSON array of numbers, a vector of length 1, in the order of the texts.",
            Examples =
            [
                "ponder embed minilm.gguf -p \"a cat\" -p \"a kitten\"",
                "ponder embed minilm.gguf --file sentences.txt --json > embeddings.json",
            ],
        };
        command.Add(model);
        command.Add(prompts);
        command.Add(file);
        engineFlags.AddTo(command);
        command.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            string[] texts = Texts(parsed.GetValue(prompts) ?? [], parsed.GetValue(file), terminal);
            using var engine = engineFlags.Load(parsed, terminal, parsed.GetRequiredValue(model));
            int[][] ids = [.. texts.Select(engine.EncodePrompt)];
            CheckLengths(texts, ids, engine.Context);
            using var interrupt = terminal.Interrupts.Watch();
            float[][] embeddings = await engine.EmbedAsync(ids, interrupt.Token);
            var lines = embeddings.Select(Line);
            if (parsed.GetValue(json))
                await terminal.Out.WriteLineAsync($"[{string.Join($",{Environment.NewLine} ", lines)}]");
            else
            {
                foreach (string line in lines)
                    await terminal.Out.WriteLineAsync(line);
            }
            return ExitCodes.Success;
        });
        return command;
    }

    private static string[] Texts(string[] prompts, string? file, Terminal terminal)
    {
        if (prompts.Length > 0 == file is not null)
            throw new UsageException("Give texts with -p or with --file, one of the two.");
        string[] texts = file is null
            ? prompts
            : TextInput.WithoutLastNewline(TextInput.ReadFile(file, terminal)).ReplaceLineEndings("\n").Split('\n');
        int empty = Array.FindIndex(texts, text => text.Length == 0);
        return empty < 0 ? texts : throw new UsageException($"Text {empty + 1} is empty.");
    }

    private static void CheckLengths(string[] texts, int[][] ids, int context)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i].Length > context)
                throw new ContextLengthException(ids[i].Length, context, $"Text {i + 1} ('{Beginning(texts[i])}')");
        }
    }

    private static string Beginning(string text) => text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";

    private static string Line(float[] embedding) =>
        $"[{string.Join(", ", embedding.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]";
}
