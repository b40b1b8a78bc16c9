using System.CommandLine;
using System.Globalization;
using Ponder.Cli.Flags;
using Ponder.Models.Configuration;
using Ponder.Models.Files;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder score</c>: how likely a model finds given continuations.</summary>
internal static class ScoreCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = ModelArgument.Create();
        var prompt = new Option<string>("--prompt", "-p") { Description = "The text before.", HelpName = "TEXT", Required = true };
        var continuations = new Option<string[]>("--continuation", "-c")
        {
            Description = "A text that may follow; may be repeated. The prompt is computed once for all.",
            HelpName = "TEXT",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var json = JsonFlag.Create("one array of objects: continuation, log_probability, token_ids, token_log_probabilities");
        var engineFlags = new EngineFlags();
        var command = new CommandWithExamples("score", "Tells how likely a model finds given continuations of a text.")
        {
            Remarks = "A line for each continuation: the sum of its tokens' log-probabilities (nats), the number of tokens, the text.",
            Examples = ["ponder score model.gguf -p \"The capital of France is\" -c \" Paris\" -c \" Rome\""],
        };
        command.Add(model);
        command.Add(prompt);
        command.Add(continuations);
        engineFlags.AddTo(command);
        command.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            string[] texts = parsed.GetRequiredValue(continuations);
            using var engine = engineFlags.Load(parsed, terminal, parsed.GetRequiredValue(model));
            if (engine.Model.Config.Head != HeadKind.LanguageModel)
                throw new ModelFileException(engine.Model.Path.Weights, $"the model has a {engine.Model.Config.Head} head and predicts no text");
            int[][] ids = [.. texts.Select(text => engine.Tokenizer.Encode(text))];
            int empty = Array.FindIndex(ids, tokens => tokens.Length == 0);
            if (empty >= 0)
                throw new UsageException($"Continuation {empty + 1} is empty.");
            using var interrupt = terminal.Interrupts.Watch();
            double[][] scores = await engine.ScoreAsync(engine.EncodePrompt(parsed.GetRequiredValue(prompt)), ids, interrupt.Token);
            if (parsed.GetValue(json))
                await terminal.Out.WriteLineAsync(Json(texts, ids, scores));
            else
            {
                for (int i = 0; i < texts.Length; i++)
                {
                    await terminal.Out.WriteLineAsync(
                        string.Create(CultureInfo.InvariantCulture, $"{scores[i].Sum(),12:0.00000}  {ids[i].Length,4}  {texts[i]}"));
                }
            }
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Json(string[] texts, int[][] ids, double[][] scores) => JsonText.Of(json =>
    {
        json.WriteStartArray();
        for (int i = 0; i < texts.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("continuation", texts[i]);
            json.WriteNumber("log_probability", scores[i].Sum());
            json.WriteIds("token_ids", ids[i]);
            json.WriteStartArray("token_log_probabilities");
            foreach (double score in scores[i])
                json.WriteNumberValue(score);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
