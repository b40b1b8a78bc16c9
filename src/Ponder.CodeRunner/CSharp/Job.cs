using System.Text.Json;

namespace Ponder.CodeRunner.CSharp;

/// <summary>What one side of a check is given: the first message.</summary>
/// <param name="Prompt">The program's beginning, up to the brace that opens the wanted method.</param>
/// <param name="Code">The answer's code; null on the side of the tests.</param>
/// <param name="Tests">The tests: the rest of the program; null on the side of the answer.</param>
internal sealed record Job(string Prompt, string? Code, string? Tests)
{
    public static Job Parse(string json) => JsonSerializer.Deserialize<Job>(json) ?? throw new InvalidDataException("There is no job.");
}
