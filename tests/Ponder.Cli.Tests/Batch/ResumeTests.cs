using System.Text.Json;
using Ponder.Cli.Tests.Support;

namespace Ponder.Cli.Tests.Batch;

public sealed class ResumeTests : IDisposable
{
    private const int Requests = 10;

    private readonly TempFolder _folder = new();

    private string Answers => _folder["answers.jsonl"];

    [Fact]
    public async Task A_run_cut_off_at_any_byte_ends_with_the_same_answers()
    {
        string requests = WriteRequests(Requests);
        (await RunAsync(requests)).ShouldSucceed();
        byte[] whole = File.ReadAllBytes(Answers);
        string[] expected = Sorted();
        int secondLine = whole.AsSpan().IndexOf((byte)'\n') + 1;
        int[] cuts = [0, 1, secondLine - 1, secondLine, secondLine + 1, secondLine + 9, .. new Random(5).GetItems(Enumerable.Range(0, whole.Length).ToArray(), 6), whole.Length];
        foreach (int cut in cuts)
        {
            File.WriteAllBytes(Answers, whole[..cut]);
            int kept = whole.AsSpan(0, cut).Count((byte)'\n');
            bool torn = cut > 0 && whole[cut - 1] != '\n';
            var result = await RunAsync(requests);
            result.ShouldSucceed();
            result.Error.ShouldContain($"{Requests - kept} requests answered, 0 errors, {kept} done before", customMessage: $"cut at {cut}");
            result.Error.Contains("the last line of", StringComparison.Ordinal).ShouldBe(torn, $"cut at {cut}");
            Sorted().ShouldBe(expected, $"cut at {cut}");
            File.ReadAllBytes(Answers).AsSpan(0, kept == 0 ? 0 : Array.LastIndexOf(whole, (byte)'\n', cut - 1) + 1)
                .SequenceEqual(whole.AsSpan(0, kept == 0 ? 0 : Array.LastIndexOf(whole, (byte)'\n', cut - 1) + 1)).ShouldBeTrue("what was there stays");
        }
    }

    [Fact]
    public async Task Interrupting_leaves_whole_lines_that_the_next_run_goes_on_from()
    {
        string requests = WriteRequests(200);
        (await RunAsync(requests)).ShouldSucceed();
        string[] expected = Sorted();
        File.Delete(Answers);

        using var error = new StringWriter();
        var terminal = new Terminal { In = TextReader.Null, Out = TextWriter.Null, Error = error };
        var run = Task.Run(() => CommandLine.RunAsync(["batch", "puzzles", requests, "--out", Answers, .. Options], terminal));
        while (!run.IsCompleted && !(File.Exists(Answers) && new FileInfo(Answers).Length > 0))
            await Task.Delay(1);
        terminal.Interrupts.Raise();
        (await run).ShouldBe(130, error.ToString());
        error.ToString().ShouldContain("the same command goes on");
        string text = File.ReadAllText(Answers);
        text.ShouldEndWith("\n");
        int kept = Jsonl.Read(Answers).Length;
        kept.ShouldBeInRange(1, 199);

        var result = await RunAsync(requests);
        result.ShouldSucceed();
        result.Error.ShouldContain($"{200 - kept} requests answered, 0 errors, {kept} done before");
        Sorted().ShouldBe(expected);
    }

    [Fact]
    public async Task Errors_stay_until_they_are_to_be_retried()
    {
        string requests = WriteRequests(3, "{\"id\": \"bad\", \"prompt\": \"x\", \"tempreture\": 1}", "oops");
        var result = await RunAsync(requests);
        result.Code.ShouldBe(1);
        result.Error.ShouldContain("3 requests answered, 2 errors, 0 done before");
        string[] lines = File.ReadAllLines(Answers);

        // The mistakes are mended, but their answers stand.
        requests = WriteRequests(3, "{\"id\": \"bad\", \"prompt\": \"x\", \"temperature\": 1}", "{\"prompt\": \"y\"}");
        result = await RunAsync(requests);
        result.Code.ShouldBe(1);
        result.Error.ShouldContain("0 requests answered, 0 errors, 5 done before");
        result.Error.ShouldContain("2 errors of earlier runs stay; --retry-errors");
        File.ReadAllLines(Answers).ShouldBe(lines);

        result = await RunAsync(requests, "--retry-errors");
        result.ShouldSucceed();
        result.Error.ShouldContain("2 requests answered, 0 errors, 3 done before");
        var answers = Jsonl.Read(Answers);
        answers.Length.ShouldBe(5);
        answers.ShouldAllBe(answer => answer.Text("text").Length > 0);
        answers.Of("line-5").Text("finish_reason").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Errors_that_are_retried_and_fail_again_are_there_once()
    {
        string requests = WriteRequests(2, "oops");
        (await RunAsync(requests)).Code.ShouldBe(1);
        File.AppendAllText(Answers, "{\"id\":\"torn\",\"te");
        var result = await RunAsync(requests, "--retry-errors");
        result.Code.ShouldBe(1);
        result.Error.ShouldContain("the last line of");
        result.Error.ShouldContain("0 requests answered, 1 errors, 2 done before");
        Jsonl.Read(Answers).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Two_runs_do_not_write_to_one_file()
    {
        string requests = WriteRequests(1);
        using var other = new FileStream(Answers, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        (await RunAsync(requests)).ShouldBeRefused("answers.jsonl", "another process");
    }

    public void Dispose() => _folder.Dispose();

    private static string[] Options => ["--temperature", "1", "--max-tokens", "6", "--in-flight", "4"];

    private Task<CliResult> RunAsync(string requests, params string[] more) =>
        CliRunner.RunAsync(["batch", "puzzles", requests, "--out", Answers, .. Options, .. more]);

    private string WriteRequests(int count, params string[] more) => _folder.Write(
        "requests.jsonl",
        string.Concat(Enumerable.Range(0, count).Select(i => JsonSerializer.Serialize(new { id = $"request {i}", prompt = $"Make {20 + i} from 3 7 8 12:\n" })).Concat(more).Select(line => line + "\n")));

    private string[] Sorted() => [.. File.ReadAllLines(Answers).Order(StringComparer.Ordinal)];
}
