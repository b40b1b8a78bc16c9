using System.Diagnostics;
using Ponder.Inference;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Models.Files;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Solving;

/// <summary>
/// Repeated sampling (Brown et al., arXiv 2407.21787): draws many samples of each puzzle in one batch, checks them exactly where the task has an
/// exact checker, votes where it has not.
/// </summary>
public sealed class RepeatedSampling
{
    private readonly Engine _engine;
    private readonly SolveOptions _options;

    /// <summary>Prepares a solver.</summary>
    /// <param name="engine">An engine with the policy.</param>
    /// <param name="options">How to think.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="ModelFileException">The engine's model is no language model.</exception>
    public RepeatedSampling(Engine engine, SolveOptions options)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Samples, 1);
        options.Generation(0).Validated();
        engine.DemandLanguageModel("think a puzzle through");
        _engine = engine;
        _options = options;
    }

    /// <summary>Solves puzzles, handing out each result as soon as it and all before it are done.</summary>
    /// <param name="puzzles">At least one.</param>
    /// <param name="progress">Called for every finished sample, on another thread: puzzle number and verdict.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    public IAsyncEnumerable<PuzzleResult> SolveAsync(
        IReadOnlyList<IPuzzle> puzzles, Action<int, CheckedSample>? progress = null, CancellationToken cancellationToken = default) =>
        WorkStream.ReadAsync<PuzzleResult>(
            (release, stop) =>
            {
                GenerationRequest[] requests = [.. puzzles.Select(Request)];
                return _engine.CompleteAsync(requests, new Collector(puzzles, requests, _options.Samples, release, progress).Add, stop);
            },
            cancellationToken);

    // A puzzle's samples depend on the seed and its number, not on what runs beside it.
    private GenerationRequest Request(IPuzzle puzzle, int number) =>
        new(_engine.EncodePrompt(puzzle.Prompt), _options.Samples, _options.Generation(CounterRandom.Bits(_options.Seed, (ulong)number, 0)));

    /// <summary>Puts tokens together to samples, samples to results, and releases results in the order of the puzzles.</summary>
    private sealed class Collector(
        IReadOnlyList<IPuzzle> puzzles, GenerationRequest[] requests, int samples, Action<PuzzleResult> release, Action<int, CheckedSample>? progress)
    {
        private readonly Work[] _work = [.. puzzles.Select(_ => new Work(samples))];
        private int _released;

        public void Add(int puzzle, int sample, GeneratedToken token)
        {
            var work = _work[puzzle];
            var answer = work.Answers[sample] ??= new CompletionBuilder();
            _ = work.Watch;
            answer.Add(token);
            if (token.Finish is null)
                return;
            var completion = answer.Build();
            work.Checked[sample] = new CheckedSample(completion, puzzles[puzzle].Check(completion.Text), puzzles[puzzle].Ballot(completion.Text));
            progress?.Invoke(puzzle, work.Checked[sample]!);
            if (++work.Finished < samples)
                return;
            work.Seconds = work.Watch.Elapsed.TotalSeconds;
            while (_released < _work.Length && _work[_released].Finished == samples)
            {
                var done = _work[_released];
                release(new PuzzleResult(puzzles[_released], [.. done.Checked.Select(c => c!)], requests[_released].Prompt.Count, done.Seconds));
                _released++;
            }
        }
    }

    private sealed class Work(int samples)
    {
        private Stopwatch? _watch;

        public CompletionBuilder?[] Answers { get; } = new CompletionBuilder?[samples];

        public CheckedSample?[] Checked { get; } = new CheckedSample?[samples];

        public int Finished { get; set; }

        public double Seconds { get; set; }

        /// <summary>Runs from the first token on.</summary>
        public Stopwatch Watch => _watch ??= Stopwatch.StartNew();
    }
}
