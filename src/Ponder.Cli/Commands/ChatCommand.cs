using System.CommandLine;
using Ponder.Cli.Chat;
using Ponder.Cli.Flags;
using Ponder.Models.Files;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder chat</c>: a conversation.</summary>
internal static class ChatCommand
{
    private const int DefaultMaxTokens = 1024;

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = ModelArgument.Create();
        var system = new Option<string?>("--system") { Description = "The system message.", HelpName = "TEXT" };
        var answer = new AnswerFlags(DefaultMaxTokens);
        var engineFlags = new EngineFlags();
        var command = new CommandWithExamples("chat", "Talks with a model, a line at a time.")
        {
            Remarks = "/help shows what can be typed besides. Ctrl-C stops an answer; at the prompt it leaves, as the end of input does.",
            Examples = ["ponder chat model.gguf", "printf 'Hello\\n/save chat.json\\n' | ponder chat model.gguf --temperature 0"],
        };
        command.Add(model);
        command.Add(system);
        answer.AddTo(command);
        engineFlags.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            using var engine = engineFlags.Load(parsed, terminal, parsed.GetRequiredValue(model));
            if (engine.Model.ChatTemplate is null)
            {
                throw new ModelFileException(
                    engine.Model.Path.Weights, "the model has no chat template, so that it cannot chat; 'ponder run' continues plain text");
            }
            var options = answer.Read(parsed, engine.Model.Defaults);
            if (options.Sampling.Temperature > 0 && answer.Sampling.SeedIsRandom(parsed))
                terminal.Note($"seed {options.Sampling.Seed}");
            return await new ChatSession(engine, options, new Conversation(parsed.GetValue(system)), terminal).RunAsync();
        });
        return command;
    }
}
