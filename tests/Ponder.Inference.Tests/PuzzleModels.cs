using System.Text.Json;
using Ponder.TestSupport;

namespace Ponder.Inference.Tests;

/// <summary>The small models that the project ships, and the recorded texts beside them.</summary>
internal static class PuzzleModels
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Bytes of a KV page of the policy: keys and values of 6 layers, 2 heads, 16 positions, 24 numbers of 2 bytes.</summary>
    public const long PageBytes = 2 * 6 * 2 * 16 * 24 * 2;

    public static string Policy { get; } = PathOf("policy");

    public static string Reward { get; } = PathOf("reward");

    /// <summary>The 40 texts of <c>reference.json</c>.</summary>
    public static IReadOnlyList<PuzzleText> Texts { get; } = ReadTexts();

    /// <summary>Prompts of both tasks, of different lengths.</summary>
    public static IReadOnlyList<int[]> Prompts { get; } = [.. Texts.Where((_, i) => i % 5 == 0).Select(text => text.PromptIds)];

    public static Engine LoadPolicy(EngineOptions? options = null) => Engine.Load(Policy, options ?? new EngineOptions { Threads = 2 });

    private static string PathOf(string name) => Path.Combine(SharedData.Repository, "models", "puzzles", name);

    private static List<PuzzleText> ReadTexts()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(PathOf("reference.json")));
        return file.RootElement.GetProperty("texts").Deserialize<List<PuzzleText>>(SnakeCase)!;
    }
}

/// <summary>A puzzle with what the models made of it in float32.</summary>
internal sealed record PuzzleText(
    int[] PromptIds, int[] SampleIds, double SampleLogprobWithEnd, double[] Rewards, string Greedy, int[] GreedyIds, double SmallestMargin);
