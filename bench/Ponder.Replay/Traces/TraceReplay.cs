using System.Collections.Concurrent;
using System.Diagnostics;
using Ponder.Inference;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Numerics;

namespace Ponder.Replay.Traces;

/// <summary>What one pass over the requests gave.</summary>
internal sealed record Pass(
    double OutputRate, int Lost, IReadOnlyList<double> Gaps, IReadOnlyList<double> FirstTokens, double WorstDelay, int MostUnderWay);

/// <summary>Sends the requests of a trace to an engine, with a reader for each, and looks at the clock at every token.</summary>
internal sealed class TraceReplay
{
    private readonly Engine _engine;
    private readonly IReadOnlyList<TracedRequest> _requests;
    private readonly int[][] _prompts;
    private int _pass, _underWay, _mostUnderWay, _lost;
    private ConcurrentBag<double> _gaps = [], _firstTokens = [];

    public TraceReplay(Engine engine, IReadOnlyList<TracedRequest> requests, int seed)
    {
        (_engine, _requests) = (engine, requests);
        var random = new Random(seed);
        _prompts = [.. requests.Select(request => Figures.RandomIds(random, request.Prompt, engine.Model.Config.Vocabulary))];
        if (requests.Any(request => request.Prompt + request.Answer > engine.Context))
            throw new ArgumentException($"A request is longer than the model's context of {engine.Context} tokens; divide by more with --scale.");
    }

    /// <summary>Lets the machine code and the buffers come to be.</summary>
    public async Task WarmUpAsync(CancellationToken stop)
    {
        Begin();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(16, _requests.Count)).Select(i => ReadAsync(i, stop)));
    }

    /// <summary>Each request when the one before has ended.</summary>
    public Task<Pass> OneAtATimeAsync(CancellationToken stop) => TimeAsync(async () =>
    {
        for (int i = 0; i < _requests.Count; i++)
            await ReadAsync(i, stop);
        return 0;
    });

    /// <summary>All requests at the same time.</summary>
    public Task<Pass> AllAtOnceAsync(CancellationToken stop) => TimeAsync(async () =>
    {
        await Task.WhenAll(Enumerable.Range(0, _requests.Count).Select(i => Task.Run(() => ReadAsync(i, stop), stop)));
        return 0;
    });

    /// <summary>Every request at its time, whatever has become of those before.</summary>
    /// <param name="stretch">What traced times are multiplied by.</param>
    /// <param name="stop">Stops it.</param>
    public Task<Pass> AsTheyArriveAsync(double stretch, CancellationToken stop) => TimeAsync(async () =>
    {
        long start = Stopwatch.GetTimestamp();
        var readers = new Task[_requests.Count];
        double worst = 0;
        for (int i = 0; i < readers.Length; i++)
        {
            double wait = _requests[i].Arrival * stretch - Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (wait > 0)
                await Task.Delay(TimeSpan.FromSeconds(wait), stop);
            worst = Math.Max(worst, Stopwatch.GetElapsedTime(start).TotalSeconds - _requests[i].Arrival * stretch);
            int request = i;
            readers[i] = Task.Run(() => ReadAsync(request, stop), stop);
        }
        await Task.WhenAll(readers);
        return worst;
    });

    private async Task<Pass> TimeAsync(Func<Task<double>> run)
    {
        Begin();
        long start = Stopwatch.GetTimestamp();
        double worst = await run();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Pass(_requests.Sum(request => request.Answer) / seconds, _lost, [.. _gaps], [.. _firstTokens], worst, _mostUnderWay);
    }

    private void Begin()
    {
        _pass++;
        (_underWay, _mostUnderWay, _lost, _gaps, _firstTokens) = (0, 0, 0, [], []);
    }

    private async Task ReadAsync(int request, CancellationToken stop)
    {
        int underWay = Interlocked.Increment(ref _underWay);
        for (int most = _mostUnderWay; underWay > most; most = _mostUnderWay)
            Interlocked.CompareExchange(ref _mostUnderWay, underWay, most);
        // Prompts of a pass begin with a token of their own, so that nothing that an earlier pass computed is reused.
        int[] prompt = [8 + _pass, .. _prompts[request].Skip(1)];
        var options = new GenerationOptions
        {
            MaxTokens = _requests[request].Answer,
            IgnoreEnd = true,
            Sampling = new SamplingOptions { Seed = (ulong)request },
        };
        long latest = Stopwatch.GetTimestamp();
        int tokens = 0;
        FinishReason? finish = null;
        try
        {
            await foreach (var token in _engine.GenerateAsync(prompt, options, stop).ConfigureAwait(false))
            {
                long now = Stopwatch.GetTimestamp();
                (tokens++ == 0 ? _firstTokens : _gaps).Add(Stopwatch.GetElapsedTime(latest, now).TotalSeconds);
                latest = now;
                finish = token.Finish;
            }
        }
        catch (PonderException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
        }
        if (tokens != _requests[request].Answer || finish is null)
            Interlocked.Increment(ref _lost);
        Interlocked.Decrement(ref _underWay);
    }
}
