using System.CommandLine;
using System.Text.Json;
using Ponder.Cli.Commands;
using Ponder.Cli.Tests.Support;
using Ponder.Cli.Tuning;
using Ponder.Inference;

namespace Ponder.Cli.Tests.Tuning;

public sealed class TuneTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public TuneTests() => Environment.SetEnvironmentVariable(ProfileStore.Variable, _folder["profiles"]);

    private static string FilePath => ProfileStore.PathOf(ProfileKey.Of(ModelLocator.Policy, new EngineOptions()))!;

    [Fact]
    public async Task Real_requests_are_measured_and_shown()
    {
        var result = await CliRunner.RunAsync(
            "tune", "puzzles", "--workload", "search", "--prompt", "100", "--answer", "8", "--branches", "4", "--seconds", "2", "--dry-run", "--json");
        using var json = JsonDocument.Parse(result.ShouldSucceed());
        var root = json.RootElement;
        root.GetProperty("workload").GetProperty("name").GetString().ShouldBe("search");
        root.GetProperty("workload").GetProperty("samples").GetInt32().ShouldBe(4);
        root.GetProperty("profile").ValueKind.ShouldBe(JsonValueKind.Null);
        var points = root.GetProperty("points").EnumerateArray().ToArray();
        points.Count(point => point.GetProperty("default").GetBoolean()).ShouldBe(1);
        points.Count(point => point.GetProperty("best").GetBoolean()).ShouldBe(1);
        foreach (var point in points)
        {
            point.GetProperty("min").GetDouble().ShouldBeGreaterThan(0);
            point.GetProperty("max").GetDouble().ShouldBeGreaterThanOrEqualTo(point.GetProperty("median").GetDouble());
            point.GetProperty("prompt").GetDouble().ShouldBeGreaterThan(0);
            point.GetProperty("decode").GetDouble().ShouldBeGreaterThan(0);
        }
        Directory.Exists(_folder["profiles"]).ShouldBeFalse();
    }

    [Fact]
    public async Task The_answers_do_not_depend_on_what_is_searched()
    {
        string[] command = ["run", "puzzles", "-p", "Make 84 from 13 24 36 37:\n", "--temperature", "1", "--seed", "3"];
        string plain = (await CliRunner.RunAsync(command)).ShouldSucceed();
        await TuneAsync(new FakeBench((options, _) => options.ChunkTokens == 64 ? 0.3 : 0.5), "--workload", "batch");
        File.Exists(FilePath).ShouldBeTrue();
        (await CliRunner.RunAsync(command)).ShouldSucceed().ShouldBe(plain);
    }

    [Fact]
    public async Task What_is_faster_is_written_for_the_other_commands()
    {
        var result = await TuneAsync(new FakeBench((options, _) => options.Threads == 4 ? 0.3 : 0.5));
        result.ShouldSucceed().ShouldContain("threads 4 won 9 of 9");
        result.Error.ShouldContain($"{FilePath} holds the profile: threads 4; 67% faster for chat.");
        ProfileStore.Find(ProfileKey.Of(ModelLocator.Policy, new EngineOptions())).ShouldNotBeNull().Profile.Options.Select(pair => (pair.Option.Name, pair.Value)).ShouldBe([("threads", "4")]);
    }

    [Fact]
    public async Task Where_the_default_stays_nothing_is_written_and_an_earlier_profile_goes()
    {
        (await TuneAsync(new FakeBench((_, _) => 0.5))).ShouldSucceed().ShouldContain("Nothing is faster than the default beyond noise");
        File.Exists(FilePath).ShouldBeFalse();
        await TuneAsync(new FakeBench((options, _) => options.Threads == 4 ? 0.3 : 0.5));
        (await TuneAsync(new FakeBench((_, _) => 0.5), "--dry-run")).ShouldSucceed();
        File.Exists(FilePath).ShouldBeTrue();
        (await TuneAsync(new FakeBench((_, _) => 0.5))).Error.ShouldContain($"{FilePath}, an earlier profile, is removed");
        File.Exists(FilePath).ShouldBeFalse();
    }

    [Fact]
    public async Task Another_file_can_be_named()
    {
        await TuneAsync(new FakeBench((options, _) => options.Threads == 4 ? 0.3 : 0.5), "--out", _folder["mine.json"]);
        File.Exists(FilePath).ShouldBeFalse();
        Environment.SetEnvironmentVariable(ProfileStore.Variable, _folder["mine.json"]);
        (await CliRunner.RunAsync("info", "puzzles")).ShouldSucceed().ShouldContain("threads 4; 67% faster for chat");
        string other = _folder.Write("other.json", "{}");
        Environment.SetEnvironmentVariable(ProfileStore.Variable, other);
        (await TuneAsync(new FakeBench((_, _) => 0.5))).ShouldSucceed();
        File.ReadAllText(other).ShouldBe("{}");
    }

    [Fact]
    public async Task What_the_user_sets_is_not_searched_and_the_KV_format_only_when_asked()
    {
        var bench = new FakeBench((_, _) => 0.1);
        await TuneAsync(bench, "--threads", "3");
        bench.Runs.ShouldAllBe(options => options.Threads == 3 && options.KvFormat == null);
        bench.Runs.Select(options => options.ChunkTokens).Distinct().Count().ShouldBeGreaterThan(1);
        bench = new FakeBench((options, _) => options.KvFormat == Numerics.Kernels.KvFormat.Int8 ? 0.05 : 0.1);
        var result = await TuneAsync(bench, "--kv-search");
        bench.Runs.Select(options => options.ChosenKvFormat).Distinct().Count().ShouldBe(4);
        result.Error.ShouldContain("answers may differ slightly");
    }

    [Fact]
    public async Task Ctrl_C_ends_it_without_a_profile()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal { In = TextReader.Null, Out = output, Error = error };
        int runs = 0;
        var bench = new FakeBench((options, _) => options.Threads == 4 ? 0.3 : 0.5)
        {
            OnRun = () =>
            {
                if (++runs == 20)
                    terminal.Interrupts.Raise();
            },
        };
        await Should.ThrowAsync<OperationCanceledException>(() => InvokeAsync(terminal, bench));
        runs.ShouldBe(20);
        output.ToString().ShouldBeEmpty();
        File.Exists(FilePath).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--seconds", "0")]
    [InlineData("--prompt", "0")]
    [InlineData("--answer", "-1")]
    [InlineData("--branches", "100000")]
    [InlineData("--workload", "chess")]
    public async Task Options_out_of_range_are_named(string option, string value) =>
        (await CliRunner.RunAsync("tune", "puzzles", $"{option}={value}")).ShouldBeRefused(value == "chess" ? "chess" : option);

    [Fact]
    public async Task Only_language_models_are_tuned() =>
        (await CliRunner.RunAsync("tune", "puzzles/reward", "--seconds", "1")).ShouldBeRefused("head and cannot be tuned");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ProfileStore.Variable, NoProfiles.Folder);
        _folder.Dispose();
    }

    private static async Task<CliResult> TuneAsync(FakeBench bench, params string[] options)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = await InvokeAsync(new Terminal { In = TextReader.Null, Out = output, Error = error }, bench, options);
        return new CliResult(code, output.ToString(), error.ToString());
    }

    private static Task<int> InvokeAsync(Terminal terminal, FakeBench bench, params string[] options) =>
        TuneCommand.Create(terminal, (_, _) => bench, bench).Parse(["puzzles", "--seconds", "60", .. options]).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
