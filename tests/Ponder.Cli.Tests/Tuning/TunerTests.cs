using Ponder.Cli.Tuning;
using Ponder.Inference;
using Ponder.Numerics.Kernels;

namespace Ponder.Cli.Tests.Tuning;

public class TunerTests
{
    private static readonly Workload Batch = Workload.Named.Single(work => work.Name == "batch");

    private static TunedOption[] Plain => [.. TunedOption.All.Where(option => !option.ChangesResults)];

    [Fact]
    public async Task A_faster_value_is_found_and_proven()
    {
        var bench = new FakeBench((options, _) => options.ChunkTokens == 512 ? 0.45 : 0.5, noise: 0.05);
        var result = await SearchAsync(bench);
        result.HasGain.ShouldBeTrue();
        result.Best.Options.ShouldBe(new EngineOptions { ChunkTokens = 512 });
        result.Gain.ShouldBeInRange(0.05, 0.2);
        result.Duels.ShouldContain(duel => duel.Option == "chunk_tokens" && duel.Value == "512" && duel.Holds && duel.Wins >= Tuner.DuelWins);
        result.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task Options_that_help_only_together_with_earlier_ones_are_found_in_a_second_pass()
    {
        // Fewer threads pay only once the chunks are long.
        var bench = new FakeBench((options, _) => (options.ChunkTokens, options.Threads) switch { (1024, 4) => 0.3, (1024, _) => 0.4, _ => 0.5 });
        (await SearchAsync(bench)).Best.Options.ShouldBe(new EngineOptions { ChunkTokens = 1024, Threads = 4 });
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    public async Task Noise_alone_does_not_win(double noise)
    {
        int wins = 0, searches = 200;
        for (int seed = 0; seed < searches; seed++)
        {
            var result = await SearchAsync(new FakeBench((_, _) => 0.3, noise, seed), 120);
            wins += result.HasGain ? 1 : 0;
            result.Points.Count.ShouldBeGreaterThan(5);
        }
        // A search tries a duel or three, each with a chance of 1.1%.
        wins.ShouldBeLessThan(searches / 20);
    }

    [Fact]
    public async Task A_gain_that_is_real_but_small_keeps_the_default()
    {
        var result = await SearchAsync(new FakeBench((options, _) => options.ChunkTokens == 512 ? 0.495 : 0.5));
        result.HasGain.ShouldBeFalse();
        result.Best.ShouldBe(result.Default);
        result.Gain.ShouldBe(0);
    }

    [Theory]
    [InlineData(1, 20, true)]
    [InlineData(0.001, 1, true)]
    [InlineData(30, 60, false)]
    public async Task The_time_bounds_the_search(double run, double seconds, bool isComplete)
    {
        var bench = new FakeBench((options, work) => run * work.Tokens / Batch.Tokens / (options.Threads + 1), noise: 0.1);
        var result = await SearchAsync(bench, seconds);
        bench.Now.ShouldBeLessThan(Math.Max(seconds, run * 6));
        result.IsComplete.ShouldBe(isComplete);
    }

    [Fact]
    public async Task A_long_work_is_shortened_to_the_time_and_the_context()
    {
        var slow = await SearchAsync(new FakeBench((_, work) => work.Tokens / 100.0));
        slow.Work.Requests.ShouldBe(Batch.Requests);
        slow.Work.Prompt.ShouldBe(16);
        slow.Work.Answer.ShouldBe(8);
        var small = await SearchAsync(new FakeBench((_, _) => 0.1) { Context = 40 });
        (small.Work.Prompt + small.Work.Answer).ShouldBe(40);
    }

    [Fact]
    public async Task A_hopeless_value_is_run_once()
    {
        var result = await SearchAsync(new FakeBench((options, _) => options.Threads == 4 ? 2 : 0.5));
        result.Points.Single(point => point.Options.Threads == 4).Runs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Cancelling_ends_the_search()
    {
        using var source = new CancellationTokenSource();
        int runs = 0;
        var bench = new FakeBench((_, _) => 0.1) { OnRun = () => { if (++runs == 7) source.Cancel(); } };
        await Should.ThrowAsync<OperationCanceledException>(() => new Tuner(bench, 60, bench, _ => { }).SearchAsync(new EngineOptions(), Plain, Batch, source.Token));
        runs.ShouldBe(7);
    }

    [Fact]
    public void Only_values_that_make_a_difference_are_tried()
    {
        string[] Values(string name, EngineOptions options, Workload work) =>
            [.. TunedOption.All.Single(option => option.Name == name).Candidates(options, work, 8)];

        var one = new Workload("one", 200, 10, 1, 1);
        Values("chunk_tokens", new EngineOptions(), one).ShouldBe(["64", "128"]);
        Values("chunk_tokens", new EngineOptions { ChunkTokens = 64 }, one).ShouldBe(["128", "256"]);
        Values("max_branches", new EngineOptions(), one).ShouldBeEmpty();
        Values("max_branches", new EngineOptions(), one.WithBranches(128)).ShouldBe(["128", "32"]);
        Values("threads", new EngineOptions { Threads = 8 }, one).ShouldContain("4");
        Values("kv", new EngineOptions(), one).ShouldBe(KvFormats.All.Select(KvFormats.NameOf).Where(name => name != "f16"), ignoreOrder: true);
    }

    [Fact]
    public void Every_option_reads_what_it_writes()
    {
        foreach (var option in TunedOption.All)
        {
            string[] values = [.. option.Grid(Batch, 4)];
            values.ShouldNotBeEmpty(option.Name);
            foreach (string value in values)
                option.Read(option.Write(new EngineOptions(), value).Validated()).ShouldBe(value);
        }
    }

    [Fact]
    public async Task The_table_shows_every_point_and_marks_the_best()
    {
        var result = await SearchAsync(new FakeBench((options, _) => options.ChunkTokens == 512 ? 0.4 : 0.5));
        string text = TuneReport.Text("model.gguf", Plain, result);
        text.ShouldStartWith("model.gguf: batch: 32 prompts of ");
        string[] rows = [.. text.Split('\n').Skip(2).Take(1 + result.Points.Count)];
        rows[0].ShouldMatch(@"^\s*threads  chunk_tokens  shared_chunk_tokens  max_branches  minimum  median  maximum  runs\s+prompt\s+decode$");
        rows[1].ShouldEndWith(" default");
        rows.Count(row => row.EndsWith(" best", StringComparison.Ordinal)).ShouldBe(1);
        rows.Single(row => row.EndsWith(" best", StringComparison.Ordinal)).ShouldContain("512");
        text.ShouldContain("chunk_tokens 512 won 9 of 9 pairs of runs, 25.0% faster in the middle.");
        text.ShouldEndWith("The best is 25.0% faster than the default.");
    }

    [Fact]
    public async Task What_looked_faster_by_noise_is_told()
    {
        int runs = 0;
        // Fast in its first runs, then as all others.
        var result = await SearchAsync(new FakeBench((options, _) => options.ChunkTokens == 512 && ++runs <= 3 ? 0.3 : 0.5));
        string text = TuneReport.Text("model.gguf", Plain, result);
        text.ShouldContain("chunk_tokens 512 looked faster, but won only 0 of 2 pairs of runs");
        text.ShouldContain("Nothing is faster than the default beyond noise (at least 2%, and 9 of 10 pairs of runs): it stays.");
    }

    private static Task<TuneResult> SearchAsync(FakeBench bench, double seconds = 60) =>
        new Tuner(bench, seconds, bench, _ => { }).SearchAsync(new EngineOptions(), Plain, Batch, CancellationToken.None);
}
