using System.Globalization;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;

namespace Ponder.Cli.Solving;

/// <summary>Many problems while they are thought about: how many are done, and how many of those are right.</summary>
/// <param name="problems">How many there are.</param>
internal sealed class RunBoard(int problems) : IBoard
{
    private const int Bar = 40;

    private long _tokens;
    private int _ended, _graded, _right;

    /// <inheritdoc/>
    public void Take(int problem, SolveEvent what)
    {
        if (what is SolveEvent.Spent(var step, _))
            Interlocked.Add(ref _tokens, step.GeneratedTokens);
    }

    /// <inheritdoc/>
    public void End(Outcome outcome, Digest digest)
    {
        if (digest.IsCorrect is not null)
            Interlocked.Increment(ref _graded);
        if (digest.IsCorrect == true)
            Interlocked.Increment(ref _right);
        Interlocked.Increment(ref _ended);
    }

    /// <inheritdoc/>
    public IReadOnlyList<BoardLine> Lines(int width, int height, TimeSpan elapsed)
    {
        int done = (int)((long)Bar * _ended / problems);
        string accuracy = _graded > 0 ? string.Create(CultureInfo.InvariantCulture, $", accuracy {(double)_right / _graded:0.000}") : "";
        string left = _ended > 0 && _ended < problems
            ? string.Create(CultureInfo.InvariantCulture, $", about {elapsed.TotalSeconds / _ended * (problems - _ended):0} s left")
            : "";
        string tokens = Units.Times(Interlocked.Read(ref _tokens), "token");
        return
        [
            Units.OneLine($"{new string('█', done)}{new string('░', Bar - done)} {_ended} of {problems}{accuracy}", width),
            Units.OneLine(string.Create(CultureInfo.InvariantCulture, $"{tokens}, {elapsed.TotalSeconds:0.0} s{left}"), width),
        ];
    }
}
