using System.CommandLine;
using Ponder.Cli.Flags;
using Ponder.Models.Gguf;
using Ponder.Models.Loading;
using Ponder.Models.Tokenizers;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder tokenize</c>: the ids of a text.</summary>
internal static class TokenizeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = $"{ModelLocator.Help} A tokenizer.json, or a GGUF file with nothing but a vocabulary, will do.",
        };
        var text = new Option<string?>("--text") { Description = "The text.", HelpName = "TEXT" };
        var file = new Option<string?>("--file")
        {
            Description = "A UTF-8 file with the text, taken exactly; '-' is standard input.",
            HelpName = "FILE",
        };
        var addSpecial = new Option<bool>("--add-special")
        {
            Description = "Add what the model expects around a text (BOS, EOS, [CLS], [SEP]).",
        };
        var parseSpecial = new Option<bool>("--parse-special")
        {
            Description = "Read names of control tokens in the text as these tokens.",
        };
        var json = JsonFlag.Create("one array of ids, instead of a line with id and name for each token");
        var command = new CommandWithExamples("tokenize", "Turns a text into token ids.")
        {
            Examples =
            [
                "ponder tokenize model.gguf --text \"Hello world\" --json",
                "ponder tokenize tokenizer.json --file book.txt --add-special --json",
            ],
        };
        command.Add(model);
        command.Add(text);
        command.Add(file);
        command.Add(addSpecial);
        command.Add(parseSpecial);
        command.Add(json);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(text) is null == parsed.GetValue(file) is null)
                throw new UsageException("Give the text with --text or with --file, one of the two.");
            var tokenizer = Load(ModelLocator.Find(parsed.GetRequiredValue(model)));
            string input = parsed.GetValue(text) ?? TextInput.ReadFile(parsed.GetValue(file)!, terminal);
            var special = new EncodeOptions { AddSpecial = parsed.GetValue(addSpecial), ParseSpecial = parsed.GetValue(parseSpecial) };
            int[] ids = tokenizer.Encode(input, special);
            if (parsed.GetValue(json))
                terminal.Out.WriteLine($"[{string.Join(", ", ids)}]");
            else
            {
                foreach (int id in ids)
                    terminal.Out.WriteLine($"{id,8}  {tokenizer.NameOf(id)}");
            }
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>Reads a tokenizer and nothing else: the weights may be absent.</summary>
    private static Tokenizer Load(string path)
    {
        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !path.EndsWith(".index.json", StringComparison.OrdinalIgnoreCase))
            return TokenizerFactory.FromJson(path);
        if (File.Exists(Path.Combine(path, "tokenizer.json")))
            return TokenizerFactory.FromFolder(path);
        var found = ModelPath.Find(path);
        if (!found.IsGguf)
            return TokenizerFactory.FromFolder(found.Folder!);
        using var gguf = GgufFile.Open(found.Weights);
        return TokenizerFactory.FromGguf(gguf);
    }
}
