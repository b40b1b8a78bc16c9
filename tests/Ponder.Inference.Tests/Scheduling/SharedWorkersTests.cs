using System.Diagnostics;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;

namespace Ponder.Inference.Tests.Scheduling;

public sealed class SharedWorkersTests
{
    [Fact]
    public async Task Members_with_steps_of_different_length_get_equal_time()
    {
        using var workers = new SharedWorkers(1);
        var (large, small) = (workers.Join(), workers.Join());
        using var stop = new CancellationTokenSource();
        int largeTurns = 0, smallTurns = 0;
        Task[] loops =
        [
            RunAsync(() => TakeTurn(large, 0.010, ref largeTurns)),
            RunAsync(() => TakeTurn(small, 0.001, ref smallTurns)),
        ];
        await Task.Delay(TimeSpan.FromSeconds(1));
        await stop.CancelAsync();
        await Task.WhenAll(loops).WaitAsync(TimeSpan.FromMinutes(1));
        (largeTurns > 5 && smallTurns > 5).ShouldBeTrue($"{largeTurns} and {smallTurns} turns");
        ((double)small.Used / large.Used).ShouldBeInRange(0.5, 2, $"{largeTurns} and {smallTurns} turns");

        Task RunAsync(Action turn) => Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                    turn();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    [Fact]
    public async Task A_member_that_was_idle_has_saved_up_nothing()
    {
        using var workers = new SharedWorkers(1);
        var (busy, late) = (workers.Join(), workers.Join());
        int turns = 0;
        await Task.Run(() =>
        {
            TakeTurn(late, 0.001, ref turns);
            late.Pause();
            for (int i = 0; i < 200; i++)
                TakeTurn(busy, 0.001, ref turns);
        }).WaitAsync(TimeSpan.FromMinutes(1));
        turns.ShouldBe(201);
        await Task.Run(() => TakeTurn(late, 0, ref turns));
        late.Used.ShouldBeGreaterThan(busy.Used / 2);
    }

    [Fact]
    public async Task Two_engines_on_the_same_threads_give_the_answers_that_they_give_alone()
    {
        GenerationRequest[] requests =
        [
            .. PuzzleModels.Prompts.Select((prompt, i) => new GenerationRequest(
                prompt, 2, new GenerationOptions { MaxTokens = 25, Sampling = new SamplingOptions { Seed = (ulong)i } })),
        ];
        IReadOnlyList<IReadOnlyList<Completion>> expected;
        using (var alone = PuzzleModels.LoadPolicy())
            expected = await alone.CompleteAsync(requests);
        double[][] scores;
        using (var alone = PuzzleModels.LoadPolicy())
            scores = await alone.ScoreAsync(PuzzleModels.Prompts[0], [.. PuzzleModels.Prompts]);

        using var workers = new SharedWorkers(2);
        using var one = PuzzleModels.LoadPolicy(new EngineOptions { Workers = workers });
        using var two = PuzzleModels.LoadPolicy(new EngineOptions { Workers = workers });
        var answers = new[] { one.CompleteAsync(requests), two.CompleteAsync(requests) };
        (await two.ScoreAsync(PuzzleModels.Prompts[0], [.. PuzzleModels.Prompts])).ShouldBe(scores);
        foreach (var task in answers)
        {
            var found = await task.WaitAsync(TimeSpan.FromMinutes(1));
            for (int i = 0; i < requests.Length; i++)
                found[i].Select(answer => answer.Ids).ShouldBe(expected[i].Select(answer => answer.Ids));
        }
    }

    private static void TakeTurn(SharedWorkers.Member member, double seconds, ref int turns)
    {
        member.Enter();
        Spin(seconds);
        member.Leave();
        turns++;
        Spin(0.0002);                                           // what an engine does between two steps
    }

    private static void Spin(double seconds)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
            Thread.SpinWait(20);
    }
}
