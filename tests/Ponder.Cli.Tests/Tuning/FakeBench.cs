using Ponder.Cli.Tuning;
using Ponder.Inference;

namespace Ponder.Cli.Tests.Tuning;

/// <summary>A machine whose speed a function tells, with noise, on which no time passes but its own.</summary>
/// <param name="seconds">How long a run takes.</param>
/// <param name="noise">A run takes up to so much longer, as a part, and now and then three times that.</param>
/// <param name="seed">Of the noise.</param>
internal sealed class FakeBench(Func<EngineOptions, Workload, double> seconds, double noise = 0, int seed = 0) : TimeProvider, IWorkbench
{
    private const int OneInSlow = 10;

    private readonly Random _random = new(seed);
    private double _now;

    public int Cores { get; init; } = 8;

    public int Context { get; init; } = 100_000;

    public List<EngineOptions> Runs { get; } = [];

    public Action OnRun { get; init; } = () => { };

    public double Now => _now;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => (long)(_now * TimestampFrequency);

    public Task<WorkRun> RunAsync(EngineOptions options, Workload work, int run, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        double factor = 1 + (noise * _random.NextDouble() * (_random.Next(OneInSlow) == 0 ? 3 : 1));
        double taken = seconds(options, work) * factor;
        _now += taken;
        Runs.Add(options);
        OnRun();
        return Task.FromResult(new WorkRun(taken, work.Tokens / taken, work.PromptTokens / taken, 1 / taken));
    }

    public void Dispose()
    {
    }
}
