using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Ponder.Cli.Flags;
using Ponder.Inference;
using Ponder.Models.Files;
using Ponder.Models.Safetensors;
using Ponder.Numerics.Formats;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder logits</c>: the outputs of every token of a sequence, to compare with other implementations.</summary>
internal static class LogitsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = ModelArgument.Create();
        var ids = new Option<string>("--ids")
        {
            Description = "The token ids, with commas between them; they are taken as they are.",
            HelpName = "IDS",
            Required = true,
        };
        var output = new Option<string>("--out", "-o")
        {
            Description = "The safetensors file to write: tensor 'logits', F32 [tokens, outputs]. "
                + "An encoder gives its last hidden state, a reward model its scores.",
            HelpName = "FILE",
            Required = true,
        };
        var engineFlags = new EngineFlags(Precision.Exact);           // these outputs are for comparing
        var command = new CommandWithExamples("logits", "Writes the model's outputs for every token of a sequence.")
        {
            Examples = ["ponder logits model.gguf --ids 5,6,7 --out logits.safetensors"],
        };
        command.Add(model);
        command.Add(ids);
        command.Add(output);
        engineFlags.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            int[] tokens = Ids(parsed.GetRequiredValue(ids));
            using var engine = engineFlags.Load(parsed, terminal, parsed.GetRequiredValue(model));
            using var interrupt = terminal.Interrupts.Watch();
            long[] shape = [tokens.Length, engine.Model.Config.Outputs];
            var f32 = NumberFormats.FromName("F32")!;
            using var file = new SafetensorsWriter(parsed.GetRequiredValue(output), [new TensorDeclaration("logits", f32, shape)]);
            await engine.ReadOutputsAsync(tokens, (_, outputs) => file.Write("logits", MemoryMarshal.AsBytes(outputs)), interrupt.Token);
            file.Complete();
            return ExitCodes.Success;
        });
        return command;
    }

    private static int[] Ids(string text)
    {
        string[] parts = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length == 0)
            throw new UsageException("--ids is empty; at least one token id is needed.");
        return [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? id
            : throw new UsageException($"--ids holds '{part}', which is no token id."))];
    }
}
