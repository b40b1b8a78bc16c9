using System.Text.Json;
using Ponder.TestSupport;

namespace Ponder.Reasoning.Tests.Rewards;

/// <summary>An answer to a puzzle, with the reward of each of its lines in float32.</summary>
internal sealed record PuzzleText(string Prompt, string Sample, int[] PromptIds, int[] SampleIds, double[] Rewards)
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The 40 texts that are recorded beside the shipped models.</summary>
    public static IReadOnlyList<PuzzleText> All { get; } = Read();

    private static List<PuzzleText> Read()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Repository, "models", "puzzles", "reference.json")));
        return file.RootElement.GetProperty("texts").Deserialize<List<PuzzleText>>(SnakeCase)!;
    }
}
