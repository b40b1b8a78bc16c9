namespace Ponder.Reasoning.Puzzles;

/// <summary>The names of the two tasks, as they stand in problem files and on the command line.</summary>
public static class PuzzleTasks
{
    /// <summary>Reach a target with <c>+ - * /</c>, every number used once.</summary>
    public const string Countdown = "countdown";

    /// <summary>Follow assignments.</summary>
    public const string Chain = "chain";

    /// <summary>Both names.</summary>
    public static IReadOnlyList<string> All { get; } = [Countdown, Chain];

    /// <summary>Gives the name back, or says which names there are.</summary>
    /// <exception cref="PuzzleException">There is no such task.</exception>
    public static string Require(string task) => All.Contains(task)
        ? task
        : throw new PuzzleException($"there is no puzzle task {PuzzleException.Quote(task)}: the tasks are {string.Join(" and ", All)}");
}
