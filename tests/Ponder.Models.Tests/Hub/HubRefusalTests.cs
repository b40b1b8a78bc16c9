using Ponder.Models.Hub;

namespace Ponder.Models.Tests.Hub;

public sealed class HubRefusalTests : IDisposable
{
    private readonly FakeHub _hub = new();

    public void Dispose() => _hub.Dispose();

    [Theory]
    [InlineData("model.gguf")]
    [InlineData("config.json")]
    public async Task Content_with_a_wrong_hash_is_removed(string name)
    {
        byte[] wrong = [.. _hub.Add(name)];
        wrong[500] ^= 1;
        _hub.OnContent = request => FakeHub.Ranged(request, wrong);
        _hub.OnHub = request => request.Target.EndsWith("config.json", StringComparison.Ordinal) ? FakeHub.Ranged(request, wrong) : null;

        var error = await Should.ThrowAsync<HubException>(() => _hub.PullAsync($"{FakeHub.Repo}:{name}"));

        error.Message.ShouldContain(_hub.Hash(name));
        ShouldHoldNothing(name);
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1001)]
    public async Task Content_of_a_wrong_size_is_removed(int bytes)
    {
        _hub.Add("model.gguf", 1000);
        _hub.OnContent = _ => new Reply(200, new byte[bytes]);

        var error = await Should.ThrowAsync<HubException>(() => _hub.PullAsync());

        error.Message.ShouldContain($"1000 bytes, but the server has {bytes}");
        ShouldHoldNothing("model.gguf");
        _hub.ContentRequests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_hash_that_changes_between_listing_and_download_is_refused_before_the_download()
    {
        _hub.Add("model.gguf");
        _hub.OnHub = request => request.Target.Contains("/resolve/", StringComparison.Ordinal)
            ? new Reply(200, new byte[1000], ("X-Linked-Etag", $"\"{new string('e', 64)}\""))
            : null;

        (await Should.ThrowAsync<HubException>(() => _hub.PullAsync())).Message.ShouldContain(new string('e', 64));
    }

    [Fact]
    public async Task A_range_that_was_not_asked_for_is_refused()
    {
        byte[] content = _hub.Add("model.gguf");
        _hub.OnContent = request => request.From == 0
            ? new Reply(200, content) { CutAfter = 100 }
            : new Reply(206, content[50..], ("Content-Range", "bytes 50-999/1000"));

        (await Should.ThrowAsync<HubException>(() => _hub.PullAsync())).Message.ShouldContain("bytes 50-999/1000");
    }

    [Theory]
    [InlineData(401, "", "HF_TOKEN")]
    [InlineData(401, "RepoNotFound", "check the name")]
    [InlineData(401, "GatedRepo", "accept its terms")]
    [InlineData(403, "GatedRepo", "accept its terms")]
    [InlineData(403, "", "does not let this user")]
    [InlineData(404, "RepoNotFound", "no repository org/model")]
    [InlineData(404, "RevisionNotFound", "revision 'main'")]
    [InlineData(418, "", "418")]
    public async Task A_refusal_is_one_sentence_and_not_tried_again(int status, string code, string part)
    {
        _hub.OnHub = _ => new Reply(status, null, ("X-Error-Code", code));

        var error = await Should.ThrowAsync<HubException>(() => _hub.PullAsync(options: _hub.Options with { Token = FakeHub.Token }));

        error.Message.ShouldContain(part);
        error.ToString().ShouldNotContain(FakeHub.Token);
        _hub.HubRequests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_named()
    {
        _hub.Add("model.gguf");
        _hub.OnHub = request => request.Target.Contains("/resolve/", StringComparison.Ordinal) ? new Reply(404) : null;

        (await Should.ThrowAsync<HubException>(() => _hub.PullAsync())).Message.ShouldContain("no file model.gguf of org/model");
    }

    [Fact]
    public async Task A_failing_server_is_given_up_after_the_attempts()
    {
        _hub.OnHub = _ => new Reply(503);

        var error = await Should.ThrowAsync<HubException>(() => _hub.PullAsync());

        error.Message.ShouldContain("503");
        _hub.HubRequests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_unreachable_hub_is_named()
    {
        var options = _hub.Options with { Endpoint = new Uri("http://127.0.0.1:1") };
        (await Should.ThrowAsync<HubException>(() => _hub.PullAsync(options: options))).Message.ShouldContain("127.0.0.1");
    }

    [Fact]
    public async Task Redirects_in_a_circle_and_to_other_schemes_are_refused()
    {
        _hub.OnHub = request => new Reply(302, null, ("Location", request.Target));
        (await Should.ThrowAsync<HubException>(() => _hub.PullAsync())).Message.ShouldContain("8 times");

        _hub.OnHub = _ => new Reply(302, null, ("Location", "file:///etc/passwd"));
        (await Should.ThrowAsync<HubException>(() => _hub.PullAsync())).Message.ShouldContain("'file'");
    }

    [Fact]
    public async Task A_disk_without_room_is_said_before_anything_is_fetched()
    {
        _hub.Add("model.gguf", 1000);

        var error = await Should.ThrowAsync<HubException>(() => _hub.PullAsync(options: _hub.Options with { FreeBytes = _ => 999 }));

        error.Message.ShouldContain("999 bytes free, but 1000");
        _hub.ContentRequests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_named()
    {
        _hub.Add("model.gguf");
        File.WriteAllText(_hub.Cache, "a file where the folder should be");
        try
        {
            (await Should.ThrowAsync<HubException>(() => _hub.PullAsync())).Message.ShouldContain(_hub.Cache);
        }
        finally
        {
            File.Delete(_hub.Cache);
        }
    }

    [Fact]
    public async Task Offline_asks_nothing()
    {
        var error = await Should.ThrowAsync<HubException>(() => _hub.PullAsync(options: _hub.Options with { Offline = true }));
        error.Message.ShouldContain("HF_HUB_OFFLINE");
        _hub.HubRequests.ShouldBeEmpty();
    }

    private void ShouldHoldNothing(string name)
    {
        File.Exists(_hub.Blob(name)).ShouldBeFalse();
        File.Exists(_hub.Partial(name)).ShouldBeFalse();
        File.Exists(_hub.Snapshot(name)).ShouldBeFalse();
    }
}
