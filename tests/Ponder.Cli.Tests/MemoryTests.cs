using System.Text.Json;
using Ponder.Cli.Tests.Support;
using Ponder.TestSupport;

namespace Ponder.Cli.Tests;

/// <summary>What a real model takes, in a process of its own.</summary>
public sealed class MemoryTests
{
    [SharedFact]
    public async Task A_real_model_at_2048_tokens_stays_under_1_2_times_its_file_and_200_MB()
    {
        string model = SharedData.Path("models", "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf");
        string text = File.ReadAllText(SharedData.Path("models", "smollm2", "text.txt"));
        string prompt = text[..5_000];
        var result = await CliRunner.StartAsync(
            ["run", model, "-p", prompt, "--max-tokens", "400", "--ignore-eos", "--temperature", "0", "--json"]);
        using var json = JsonDocument.Parse(result.ShouldSucceed());
        var usage = json.RootElement.GetProperty("usage");
        int tokens = usage.GetProperty("prompt_tokens").GetInt32() + usage.GetProperty("completion_tokens").GetInt32();
        tokens.ShouldBeInRange(2_048, 2_600);
        json.RootElement.GetProperty("peak_memory_bytes").GetInt64().ShouldBeLessThan((long)(1.2 * new FileInfo(model).Length) + 200_000_000);
    }
}
