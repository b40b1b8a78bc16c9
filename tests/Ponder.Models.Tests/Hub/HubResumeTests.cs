using Ponder.Models.Hub;

namespace Ponder.Models.Tests.Hub;

public sealed class HubResumeTests : IDisposable
{
    private const string File1 = "model.gguf";

    private readonly FakeHub _hub = new();

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task A_cut_download_goes_on_from_the_byte_where_it_was_cut()
    {
        byte[] content = _hub.Add(File1, 300_000);
        _hub.OnContent = request =>
            FakeHub.Ranged(request, content) with { CutAfter = Math.Min(100_000, content.Length - (int)request.From) };
        var notes = new List<string>();

        var pulled = await _hub.PullAsync(progress: report => { if (report.Note is { } note) notes.Add(note); });

        File.ReadAllBytes(pulled.Path).ShouldBe(content);
        _hub.ContentRequests.Select(request => request.From).ShouldBe([0, 100_000, 200_000]);
        notes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_later_pull_goes_on_from_what_an_earlier_one_left()
    {
        byte[] content = _hub.Add(File1, 50_000);
        _hub.OnContent = request => FakeHub.Ranged(request, content) with { CutAfter = request.From == 0 ? 20_000 : 0 };
        var gaveUp = await Should.ThrowAsync<HubException>(() => _hub.PullAsync());
        gaveUp.Message.ShouldContain("4 times in a row");
        new FileInfo(_hub.Partial(File1)).Length.ShouldBe(20_000);
        File.Exists(_hub.Snapshot(File1)).ShouldBeFalse();

        _hub.OnContent = _ => null;
        var pulled = await _hub.PullAsync();

        pulled.BytesReceived.ShouldBe(30_000);
        _hub.ContentRequests[^1].From.ShouldBe(20_000);
        File.ReadAllBytes(pulled.Path).ShouldBe(content);
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_is_read_from_the_start()
    {
        byte[] content = _hub.Add(File1, 50_000);
        int calls = 0;
        _hub.OnContent = _ => new Reply(200, content) { CutAfter = ++calls == 1 ? 20_000 : content.Length };
        var done = new List<long>();

        var pulled = await _hub.PullAsync(progress: report => done.Add(report.BytesDone));

        _hub.ContentRequests.Select(request => request.From).ShouldBe([0, 20_000]);
        File.ReadAllBytes(pulled.Path).ShouldBe(content);
        done.SkipWhile(bytes => bytes == 0).ShouldContain(0);
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_and_cuts_every_time_is_given_up()
    {
        byte[] content = _hub.Add(File1, 4 << 20);
        _hub.OnContent = _ => new Reply(200, content) { CutAfter = 2 << 20 };

        await Should.ThrowAsync<HubException>(() => _hub.PullAsync());

        _hub.ContentRequests.Count.ShouldBeLessThanOrEqualTo(5);
    }

    [Fact]
    public async Task Cancelling_leaves_a_part_that_the_next_pull_goes_on_from()
    {
        byte[] content = _hub.Add(File1, 400_000);
        _hub.OnContent = request => FakeHub.Ranged(request, content) with { CutAfter = 150_000, Hang = true };
        using var stop = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(() => _hub.PullAsync(
            stop: stop.Token,
            progress: report =>
            {
                if (report.BytesDone > 0)
                    stop.Cancel();
            }));
        long left = new FileInfo(_hub.Partial(File1)).Length;
        left.ShouldBeInRange(1, 150_000);
        File.Exists(_hub.Blob(File1)).ShouldBeFalse();

        _hub.OnContent = _ => null;
        var pulled = await _hub.PullAsync();
        _hub.ContentRequests[^1].From.ShouldBe(left);
        File.ReadAllBytes(pulled.Path).ShouldBe(content);
    }

    [Fact]
    public async Task A_silent_connection_counts_as_cut()
    {
        byte[] content = _hub.Add(File1, 50_000);
        _hub.OnContent = request => request.From == 0 ? new Reply(200, content) { CutAfter = 10_000, Hang = true } : null;

        var pulled = await _hub.PullAsync(options: _hub.Options with { StallTimeout = TimeSpan.FromMilliseconds(300) });

        _hub.ContentRequests.Select(request => request.From).ShouldBe([0, 10_000]);
        File.ReadAllBytes(pulled.Path).ShouldBe(content);
    }

    [Theory]
    [InlineData(20_000)]
    [InlineData(50_000)]
    [InlineData(60_000)]
    public async Task A_part_with_foreign_bytes_is_replaced(int length)
    {
        byte[] content = _hub.Add(File1, 50_000);
        Directory.CreateDirectory(Path.GetDirectoryName(_hub.Partial(File1))!);
        File.WriteAllBytes(_hub.Partial(File1), new byte[length]);

        var pulled = await _hub.PullAsync();

        File.ReadAllBytes(pulled.Path).ShouldBe(content);
        _hub.ContentRequests[^1].From.ShouldBe(0);
    }

    [Fact]
    public async Task A_lapsed_address_of_the_content_server_is_asked_for_again()
    {
        byte[] content = _hub.Add(File1);
        int calls = 0;
        _hub.OnContent = _ => ++calls == 1 ? new Reply(403) : null;

        File.ReadAllBytes((await _hub.PullAsync()).Path).ShouldBe(content);

        _hub.HubRequests.Count(request => request.Target.Contains("/resolve/", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_after_the_time_it_names()
    {
        _hub.Add(File1);
        int calls = 0;
        _hub.OnHub = _ => ++calls is 1 or 3 ? new Reply(429, null, ("Retry-After", "0")) : null;

        await _hub.PullAsync();

        calls.ShouldBe(4); // listing twice, file twice
    }

    [Fact]
    public async Task A_server_that_asks_for_too_long_a_pause_is_not_waited_for()
    {
        _hub.OnHub = _ => new Reply(429, null, ("Retry-After", "86400"));

        var error = await Should.ThrowAsync<HubException>(() => _hub.PullAsync());

        error.Message.ShouldContain("86400 s");
        _hub.HubRequests.Count.ShouldBe(1);
    }
}
