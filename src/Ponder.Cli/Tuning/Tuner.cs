using Ponder.Cli.Benchmarks;
using Ponder.Inference;

namespace Ponder.Cli.Tuning;

/// <summary>A change of one option that was put to the proof against what held before.</summary>
/// <param name="Option">What changed.</param>
/// <param name="Value">To which value.</param>
/// <param name="Wins">Pairs of runs in which it was faster.</param>
/// <param name="Pairs">Pairs that were run.</param>
/// <param name="Gain">The middle gain of a pair: 0.05 is 5% faster.</param>
/// <param name="Holds">It won.</param>
internal sealed record Duel(string Option, string Value, int Wins, int Pairs, double Gain, bool Holds);

/// <summary>What a search found.</summary>
/// <param name="Work">What was measured, which may be shorter than what was asked for.</param>
/// <param name="Default">The point it began with.</param>
/// <param name="Best">The point that it ended with: the default, unless every change on the way was proven.</param>
/// <param name="Points">All points, in the order in which they were measured.</param>
/// <param name="Duels">All changes that were put to the proof.</param>
/// <param name="IsComplete">Time did not end it.</param>
internal sealed record TuneResult(
    Workload Work, TunePoint Default, TunePoint Best, IReadOnlyList<TunePoint> Points, IReadOnlyList<Duel> Duels, bool IsComplete)
{
    /// <summary>Something is faster than the default.</summary>
    public bool HasGain => Best != Default;

    /// <summary>The proven gain over the default, one change upon the other: 0.05 is 5% faster.</summary>
    public double Gain => Duels.Where(duel => duel.Holds).Aggregate(1.0, (gain, duel) => gain * (1 + duel.Gain)) - 1;
}

/// <summary>
/// Coordinate descent from the default: one option after the other is moved over its small grid, a few runs a value, while the others stay. The
/// best value counts only when it wins a duel: nine of ten pairs of runs, which alternate so that a machine that others use is unfair to both
/// alike, and 2% in the middle. A change that makes no difference passes with a chance of 11 in 1024 at most (the sign test).
/// </summary>
/// <param name="bench">Measures.</param>
/// <param name="seconds">Time for all; no run begins that is not expected to end in it.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="report">Gets the part of the time that is over, 0 to 1.</param>
internal sealed class Tuner(IWorkbench bench, double seconds, TimeProvider clock, Action<double> report)
{
    /// <summary>Pairs of runs in a duel.</summary>
    public const int DuelPairs = 10;

    /// <summary>Pairs that must be won.</summary>
    public const int DuelWins = 9;

    /// <summary>What a change must gain.</summary>
    public const double LeastGain = 0.02;

    private const int Runs = 3;                                 // of a point, before the best of them is put to the proof
    private const double Hopeless = 1.3;                        // a first run that takes so much longer than the middle one of the best is the last
    private const int RunsInAll = 60;                           // what the time should suffice for

    private readonly long _start = clock.GetTimestamp();
    private readonly List<TunePoint> _points = [];
    private readonly List<Duel> _duels = [];
    private Workload _work = Workload.Named[0];
    private bool _isComplete = true;
    private int _nextRun;
    private double _loading;                                    // seconds that an engine took, beside its run

    private double Left => seconds - clock.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Searches.</summary>
    /// <param name="defaults">Where the search begins.</param>
    /// <param name="options">What may be changed.</param>
    /// <param name="work">What is to be fast.</param>
    /// <param name="stop">Stops within one step.</param>
    public async Task<TuneResult> SearchAsync(EngineOptions defaults, IReadOnlyList<TunedOption> options, Workload work, CancellationToken stop)
    {
        _work = work.Fitting(bench.Context);
        await bench.RunAsync(defaults, _work.Scaled(0), _nextRun++, stop).ConfigureAwait(false);   // code is compiled, memory is touched
        var first = await bench.RunAsync(defaults, _work, _nextRun++, stop).ConfigureAwait(false);
        _work = _work.Scaled(seconds / RunsInAll / first.Seconds);
        var start = new TunePoint(defaults);
        _points.Add(start);
        for (int i = 0; i < Runs; i++)
            await RunAsync(start, _nextRun++, stop).ConfigureAwait(false);
        var best = start;
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (var option in options)
            {
                var challenger = await BestOfAsync(option, options, best, stop).ConfigureAwait(false);
                if (challenger is null || challenger.Rate.Median < best.Rate.Median * (1 + LeastGain) || !await WinsAsync(option, challenger, best, stop).ConfigureAwait(false))
                    continue;
                best = challenger;
                changed = true;
            }
        }
        return new TuneResult(_work, start, best, _points, _duels, _isComplete);
    }

    /// <summary>Measures the values of an option that were not measured yet; the fastest point, or null.</summary>
    private async Task<TunePoint?> BestOfAsync(
        TunedOption option, IReadOnlyList<TunedOption> all, TunePoint best, CancellationToken stop)
    {
        TunePoint? fastest = null;
        foreach (string value in option.Candidates(best.Options, _work, bench.Cores))
        {
            var options = option.Write(best.Options, value);
            if (_points.Exists(known => all.All(other => other.Read(known.Options) == other.Read(options))))
                continue;
            if (!HasTimeFor(Runs + 1, best))
                break;
            var point = new TunePoint(options);
            _points.Add(point);
            int run = _nextRun;
            _nextRun += Runs;
            do
                await RunAsync(point, run++, stop).ConfigureAwait(false);
            while (point.Runs.Count < Runs && point.Rate.Median * Hopeless > best.Rate.Median);
            if (fastest is null || point.Rate.Median > fastest.Rate.Median)
                fastest = point;
        }
        return fastest;
    }

    /// <summary>Runs both in turns, until the challenger has won or cannot win any more.</summary>
    private async Task<bool> WinsAsync(TunedOption option, TunePoint challenger, TunePoint holder, CancellationToken stop)
    {
        var gains = new List<double>();
        int Wins() => gains.Count(gain => gain > 0);
        while (Wins() < DuelWins && gains.Count - Wins() <= DuelPairs - DuelWins)
        {
            if (!HasTimeFor(2, holder))
                break;
            int run = _nextRun++;
            var (earlier, later) = gains.Count % 2 == 0 ? (challenger, holder) : (holder, challenger);
            double one = await RunAsync(earlier, run, stop).ConfigureAwait(false), other = await RunAsync(later, run, stop).ConfigureAwait(false);
            gains.Add((earlier == challenger ? other / one : one / other) - 1);
        }
        double gain = gains.Count == 0 ? 0 : Spread.Of(gains).Median;
        bool holds = Wins() >= DuelWins && gain >= LeastGain;
        _duels.Add(new Duel(option.Name, option.Read(challenger.Options), Wins(), gains.Count, gain, holds));
        return holds;
    }

    private async Task<double> RunAsync(TunePoint point, int run, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        double before = Left;
        var measured = await bench.RunAsync(point.Options, _work, run, stop).ConfigureAwait(false);
        point.Add(measured);
        _loading = Math.Max(_loading, before - Left - measured.Seconds);
        report(Math.Clamp(1 - (Left / seconds), 0, 1));
        return measured.Seconds;
    }

    private bool HasTimeFor(int runs, TunePoint like)
    {
        bool has = (runs * Spread.Of(like.Runs.Select(run => run.Seconds)).Median) + (2 * _loading) <= Left;
        _isComplete &= has;
        return has;
    }
}
