using Ponder.Numerics;
using Ponder.Reasoning.Tasks.Adapters;

namespace Ponder.Reasoning.Tasks;

/// <summary>All tasks by name.</summary>
public static class TaskTable
{
    /// <summary>A row for each, in the order in which they are listed.</summary>
    public static IReadOnlyList<TaskRow> All { get; } =
    [
        PuzzleTask.Countdown,
        PuzzleTask.Chain,
        OpenTask.Row,
        WordProblemTask.Gsm8k,
        WordProblemTask.Math,
        ChoiceTask.Row,
        CodeTask.Row,
        Game24Task.Row,
    ];

    /// <summary>The row with a name.</summary>
    /// <exception cref="TaskException">There is none; names the nearest.</exception>
    public static TaskRow Require(string name) => All.FirstOrDefault(row => row.Name == name)
        ?? throw new TaskException($"There is no task '{name}'; {NearestName.Suggest(name, All.Select(row => row.Name))}");
}
