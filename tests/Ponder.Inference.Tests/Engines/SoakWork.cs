using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;

namespace Ponder.Inference.Tests.Engines;

/// <summary>What callers of the soak test do, and the undisturbed results that they compare with.</summary>
internal sealed class SoakWork
{
    /// <summary>Kinds of work.</summary>
    public const int Kinds = 8;

    private static readonly GenerationRequest[] Requests =
    [
        .. PuzzleModels.Prompts.Select((prompt, i) => new GenerationRequest(prompt, 1 + i % 3, Options(i) with { IgnoreEnd = i % 2 == 0 })),
    ];

    private int[][][] _answers = [];                            // [requests][samples]
    private double[][] _scores = [];
    private float[][] _embeddings = [];

    private SoakWork()
    {
    }

    /// <summary>Works out the undisturbed results.</summary>
    public static async Task<SoakWork> PrepareAsync()
    {
        using var engine = PuzzleModels.LoadPolicy();
        var work = new SoakWork
        {
            _answers = [.. (await engine.CompleteAsync(Requests)).Select(answers => answers.Select(answer => answer.Ids.ToArray()).ToArray())],
            _scores = await engine.ScoreAsync(PuzzleModels.Prompts[0], [.. PuzzleModels.Prompts.Skip(1)]),
            _embeddings = await engine.EmbedAsync([.. PuzzleModels.Prompts]),
        };
        return work;
    }

    /// <summary>Does one piece of work; throws if its result is wrong.</summary>
    public Task DoAsync(int kind, Engine engine, Random random) => kind switch
    {
        0 => ReadAsync(engine, random, slow: false),
        1 => ReadAsync(engine, random, slow: true),
        2 => LeaveAsync(engine, random),
        3 => CancelStreamAsync(engine, random),
        4 => CompleteAsync(engine, random),
        5 => CancelCompletionAsync(engine, random),
        6 => GrowTreeAsync(engine, random),
        _ => ScoreAndEmbedAsync(engine, random),
    };

    private static GenerationOptions Options(int number) => new()
    {
        MaxTokens = 5 + number * 9,
        Priority = number % 3,
        LogProbabilities = number % 2 == 1,
        Stop = number % 4 == 1 ? ["\n\n"] : [],
        Sampling = new SamplingOptions
        {
            Seed = (ulong)number,
            Temperature = number % 5 == 4 ? 0 : 1.1,
            TopK = number % 3 * 20,
            TopP = number % 2 == 0 ? 1 : 0.9,
            RepetitionPenalty = number % 4 == 2 ? 1.2 : 1,
        },
    };

    private async Task ReadAsync(Engine engine, Random random, bool slow)
    {
        int number = random.Next(Requests.Length);
        var ids = new List<int>();
        FinishReason? finish = null;
        await foreach (var token in engine.GenerateAsync(Requests[number].Prompt, Requests[number].Options))
        {
            ids.Add(token.Id);
            finish = token.Finish;
            if (slow && random.Next(4) == 0)
                await Task.Delay(random.Next(12));
        }
        ids.ShouldBe(_answers[number][0]);
        finish.ShouldNotBeNull();
    }

    private async Task LeaveAsync(Engine engine, Random random)
    {
        int number = random.Next(Requests.Length), left = random.Next(1, 20), seen = 0;
        await foreach (var token in engine.GenerateAsync(Requests[number].Prompt, Requests[number].Options))
        {
            token.Id.ShouldBe(_answers[number][0][seen]);
            if (++seen == left)
                break;
        }
    }

    private static async Task CancelStreamAsync(Engine engine, Random random)
    {
        using var stop = new CancellationTokenSource(random.Next(30));
        FinishReason? finish = null;
        bool isCancelled = false;
        try
        {
            await foreach (var token in engine.GenerateAsync(Requests[random.Next(Requests.Length)].Prompt, Options(7), stop.Token))
                finish = token.Finish;
        }
        catch (OperationCanceledException)
        {
            isCancelled = true;
        }
        (finish is not null || isCancelled).ShouldBeTrue("the stream ended without a reason");
    }

    private async Task CompleteAsync(Engine engine, Random random)
    {
        int[] numbers = [.. Enumerable.Range(0, Requests.Length).Where(_ => random.Next(3) == 0)];
        var answers = await engine.CompleteAsync([.. numbers.Select(number => Requests[number])]);
        for (int i = 0; i < numbers.Length; i++)
            answers[i].Select(answer => answer.Ids).ShouldBe(_answers[numbers[i]]);
    }

    private static async Task CancelCompletionAsync(Engine engine, Random random)
    {
        int number = random.Next(Requests.Length), tokens = random.Next(60);
        using var stop = new CancellationTokenSource();
        if (random.Next(2) == 0)
            stop.CancelAfter(random.Next(20));
        bool throws = random.Next(4) == 0;
        try
        {
            await engine.CompleteAsync(
                [Requests[number]],
                (_, _, _) =>
                {
                    if (--tokens > 0)
                        return;
                    if (throws)
                        throw new TimeZoneNotFoundException();
                    stop.Cancel();
                },
                stop.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or TimeZoneNotFoundException)
        {
            // As it was asked for.
        }
    }

    /// <summary>Branches that fork, grow, roll back, are cancelled and dropped; what one draws again after a rollback must be the same.</summary>
    private static async Task GrowTreeAsync(Engine engine, Random random)
    {
        var branches = new List<Branch> { engine.CreateBranch(PuzzleModels.Prompts[random.Next(PuzzleModels.Prompts.Count)], new BranchOptions { Priority = random.Next(2) }) };
        var dropped = new List<Task>();
        try
        {
            for (int i = 0; i < 14 && branches.Count > 0; i++)
            {
                var branch = branches[random.Next(branches.Count)];
                var options = Options(random.Next(6)) with { MaxTokens = random.Next(1, 25), IgnoreEnd = true };
                switch (random.Next(7))
                {
                    case 0 when branches.Count < 5:
                        branches.Add(branch.Fork());
                        break;
                    case 1 when branch.Length < 120:
                        branch.Append([.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.Next(60, 120))]);
                        break;
                    case 2:
                        branch.RollBack(random.Next(1, branch.Length + 1));
                        break;
                    case 3 when branches.Count > 1:
                        branches.Remove(branch);
                        if (branch.Length < 150 && random.Next(2) == 0)
                            dropped.Add(EndedAsync(branch.ExtendAsync(options)));
                        branch.Dispose();
                        break;
                    case 4 when branch.Length < 150:
                        using (var stop = new CancellationTokenSource(random.Next(20)))
                            await EndedAsync(branch.ExtendAsync(options, stop.Token));
                        break;
                    case 5:
                        Branch[] some = [.. branches.Where(one => one.Length < 150)];
                        await Task.WhenAll(engine.ExtendAsync(some, options));
                        break;
                    default:
                        if (branch.Length >= 150)
                            break;
                        int length = branch.Length;
                        var first = await branch.ExtendAsync(options);
                        branch.RollBack(length);
                        (await branch.ExtendAsync(options)).Ids.ShouldBe(first.Ids);
                        break;
                }
            }
        }
        finally
        {
            branches.ForEach(branch => branch.Dispose());
        }
        await Task.WhenAll(dropped);
    }

    /// <summary>Waits for work that may have been stopped.</summary>
    private static async Task EndedAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
            // As it was asked for.
        }
    }

    private async Task ScoreAndEmbedAsync(Engine engine, Random random)
    {
        int number = random.Next(1, PuzzleModels.Prompts.Count);
        (await engine.ScoreAsync(PuzzleModels.Prompts[0], [PuzzleModels.Prompts[number], PuzzleModels.Prompts[1]])).ShouldBe([_scores[number - 1], _scores[0]]);
        (await engine.EmbedAsync([PuzzleModels.Prompts[number], PuzzleModels.Prompts[0]])).ShouldBe([_embeddings[number], _embeddings[0]]);
    }
}
