using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;

namespace Ponder.Cli.Solving;

/// <summary>What a live view shows. Thread-safe: events come from the engine's threads, lines are asked for by the view.</summary>
internal interface IBoard
{
    /// <summary>The last picture is worth keeping when the work is done.</summary>
    bool Stays => false;

    /// <summary>Something happened; must return at once.</summary>
    /// <param name="problem">The problem's index, from 0.</param>
    /// <param name="what">What happened.</param>
    void Take(int problem, SolveEvent what);

    /// <summary>A problem was solved, or not.</summary>
    void End(Outcome outcome, Digest digest);

    /// <summary>The lines to show now, none wider than the screen, and no more of them than it is high.</summary>
    IReadOnlyList<BoardLine> Lines(int width, int height, TimeSpan elapsed);
}
