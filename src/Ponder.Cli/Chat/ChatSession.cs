using System.Text;
using Ponder.Inference;
using Ponder.Inference.Generation;
using Ponder.Models.Templates;
using Ponder.Numerics;

namespace Ponder.Cli.Chat;

/// <summary>A conversation on a terminal, or with lines from a pipe.</summary>
internal sealed class ChatSession(Engine engine, GenerationOptions options, Conversation conversation, Terminal terminal)
{
    private const string Help = """
        /reset        forget the conversation; the system message stays
        /system TEXT  set the system message; without TEXT, drop it
        /save FILE    write the messages as a JSON array, or a message a line if FILE ends in .jsonl
        /help         show this
        /exit         leave
        //TEXT        say a TEXT that begins with one slash
        """;

    private static readonly string[] Commands = ["/reset", "/system", "/save", "/help", "/exit"];

    private bool _refused;
    private ulong _answers;

    /// <summary>Talks until the input ends or the user leaves.</summary>
    /// <returns>Bad input if input that nobody types was refused; a person has seen the message and gone on.</returns>
    public async Task<int> RunAsync()
    {
        while (ReadLine() is { } line)
        {
            if (line.Length == 0)
                continue;
            if (line == "/exit")
                break;
            try
            {
                if (line.StartsWith('/') && !line.StartsWith("//", StringComparison.Ordinal))
                    Obey(line);
                else
                    await AnswerAsync(new ChatTurn("user", line.StartsWith('/') ? line[1..] : line));
            }
            catch (ContextLengthException e)
            {
                Refuse($"the conversation has {e.Length} tokens, but the model's context holds {e.Context}; /reset begins a new one.");
            }
            catch (PonderException e)
            {
                Refuse(e.Message);
            }
        }
        return _refused && !terminal.InputIsTerminal ? ExitCodes.BadInput : ExitCodes.Success;
    }

    private string? ReadLine()
    {
        if (terminal.InputIsTerminal && terminal.ErrorIsTerminal)
            terminal.Error.Write("> ");
        return terminal.In.ReadLine()?.Trim();
    }

    private void Obey(string line)
    {
        string[] parts = line.Split(' ', 2, StringSplitOptions.TrimEntries);
        string? text = parts.Length > 1 && parts[1].Length > 0 ? parts[1] : null;
        switch (parts[0])
        {
            case "/reset":
                conversation.Reset();
                terminal.Note("a new conversation begins");
                break;
            case "/system":
                conversation.System = text;
                terminal.Note(text is null ? "there is no system message now" : "the system message is set");
                break;
            case "/save":
                string path = text ?? throw new UsageException("/save wants the name of a file.");
                conversation.Save(path);
                terminal.Note($"{conversation.Messages.Count} messages are in {path}");
                break;
            case "/help":
                terminal.Error.WriteLine(Help);
                break;
            default:
                string hint = NearestName.Of(parts[0], Commands) is { } nearest ? $" (did you mean {nearest}?)" : "";
                throw new UsageException($"there is no command {parts[0]}{hint}; /help shows them.");
        }
    }

    private async Task AnswerAsync(ChatTurn question)
    {
        int[] prompt = engine.EncodeChat([.. conversation.Messages, question]);
        var text = new StringBuilder();
        FinishReason? finish = null;
        // Each answer draws from its own numbers, so that the same question again may get another answer.
        var drawn = options with { Sampling = options.Sampling with { Seed = options.Sampling.Seed + _answers++ } };
        using (var interrupt = terminal.Interrupts.Watch())
        {
            try
            {
                await foreach (var token in engine.GenerateAsync(prompt, drawn, interrupt.Token))
                {
                    text.Append(token.Text);
                    finish = token.Finish;
                    if (token.Text.Length > 0)
                        await terminal.WriteNowAsync(token.Text);
                }
            }
            catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
            {
                // The part that was said stays in the conversation: the user has read it.
            }
        }
        await terminal.WriteNowAsync(Environment.NewLine);
        if (finish == FinishReason.Length)
            terminal.Note("the answer was ended by --max-tokens or the end of the context");
        conversation.Add(question, text.ToString());
    }

    private void Refuse(string sentence)
    {
        _refused = true;
        terminal.Note(sentence);
    }
}
