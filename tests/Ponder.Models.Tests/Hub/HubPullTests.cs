using System.Text;
using Ponder.Models.Hub;

namespace Ponder.Models.Tests.Hub;

public sealed class HubPullTests : IDisposable
{
    private readonly FakeHub _hub = new();

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task Pull_lays_a_gguf_file_out_as_blob_link_and_ref()
    {
        byte[] content = _hub.Add("model-Q4_K_M.gguf", 300_000);
        _hub.Add("README.md");

        var pulled = await _hub.PullAsync();

        pulled.ShouldSatisfyAllConditions(
            () => pulled.Path.ShouldBe(_hub.Snapshot("model-Q4_K_M.gguf")),
            () => pulled.Kind.ShouldBe(ModelKind.Gguf),
            () => pulled.Commit.ShouldBe(FakeHub.Commit),
            () => pulled.Files.ShouldBe(["model-Q4_K_M.gguf"]),
            () => pulled.Bytes.ShouldBe(300_000),
            () => pulled.BytesReceived.ShouldBe(300_000));
        File.ReadAllBytes(pulled.Path).ShouldBe(content);
        File.ReadAllBytes(_hub.Blob("model-Q4_K_M.gguf")).ShouldBe(content);
        if (!OperatingSystem.IsWindows())
            new FileInfo(pulled.Path).LinkTarget.ShouldBe(Path.Combine("..", "..", "blobs", _hub.Hash("model-Q4_K_M.gguf")));
        File.ReadAllText(Path.Combine(_hub.Cache, "models--org--model", "refs", "main")).ShouldBe(FakeHub.Commit);
        File.Exists(_hub.Partial("model-Q4_K_M.gguf")).ShouldBeFalse();
    }

    [Fact]
    public async Task Pull_takes_config_and_tokenizer_beside_safetensors()
    {
        string[] names = ["config.json", "tokenizer.json", "model.safetensors", "pytorch_model.bin", "onnx/model.safetensors"];
        foreach (string name in names)
            _hub.Add(name);

        var pulled = await _hub.PullAsync();

        pulled.Path.ShouldBe(_hub.Snapshot().TrimEnd(Path.DirectorySeparatorChar));
        pulled.Files.ShouldBe(["config.json", "tokenizer.json", "model.safetensors"]);
        pulled.Files.ShouldAllBe(name => File.Exists(_hub.Snapshot(name)));
        File.Exists(_hub.Snapshot("pytorch_model.bin")).ShouldBeFalse();
    }

    [Fact]
    public async Task The_token_goes_to_the_endpoint_and_to_no_other_host()
    {
        _hub.Add("model.gguf");
        await _hub.PullAsync(options: _hub.Options with { Token = FakeHub.Token });

        _hub.HubRequests.Count.ShouldBe(2);
        _hub.HubRequests.ShouldAllBe(request => request.Header("authorization") == $"Bearer {FakeHub.Token}");
        _hub.ContentRequests.ShouldHaveSingleItem().Header("authorization").ShouldBeNull();
    }

    [Fact]
    public async Task A_relative_redirect_of_a_renamed_repository_keeps_the_token()
    {
        _hub.Add("model.gguf");
        _hub.OnHub = request => request.Target.StartsWith("/api/models/old/name/", StringComparison.Ordinal)
            ? new Reply(307, null, ("Location", $"/api/models/{FakeHub.Repo}/revision/main?blobs=true"))
            : null;

        await _hub.PullAsync("old/name", _hub.Options with { Token = FakeHub.Token });

        _hub.HubRequests.ShouldAllBe(request => request.Header("authorization") != null);
    }

    [Fact]
    public async Task A_file_in_the_cache_is_not_fetched_again()
    {
        _hub.Add("config.json");
        _hub.Add("model.safetensors");
        await _hub.PullAsync();
        int before = _hub.HubRequests.Count;

        var again = await _hub.PullAsync();

        again.BytesReceived.ShouldBe(0);
        _hub.ContentRequests.Count.ShouldBe(1);
        _hub.HubRequests.Skip(before).ShouldHaveSingleItem().Target.ShouldStartWith("/api/models/");
    }

    [Fact]
    public async Task A_blob_of_an_older_snapshot_is_linked_and_not_fetched_again()
    {
        _hub.Add("model.gguf");
        await _hub.PullAsync();
        Directory.Delete(_hub.Snapshot(), recursive: true);

        var again = await _hub.PullAsync();

        File.Exists(again.Path).ShouldBeTrue();
        _hub.ContentRequests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task All_shards_of_a_split_model_are_pulled_and_the_first_is_the_path()
    {
        _hub.Add("Q8_0/m-Q8_0-00001-of-00002.gguf", 100);
        _hub.Add("Q8_0/m-Q8_0-00002-of-00002.gguf", 200);
        _hub.Add("m-Q4_0.gguf");

        var pulled = await _hub.PullAsync($"{FakeHub.Repo}:q8_0");

        pulled.Path.ShouldBe(_hub.Snapshot(Path.Combine("Q8_0", "m-Q8_0-00001-of-00002.gguf")));
        pulled.Files.Count.ShouldBe(2);
        File.ReadAllBytes(_hub.Snapshot("Q8_0/m-Q8_0-00002-of-00002.gguf")).Length.ShouldBe(200);
    }

    [Fact]
    public async Task Hash_and_size_are_asked_for_where_the_listing_leaves_them_out()
    {
        _hub.ListsBlobs = false;
        _hub.Add("config.json");
        _hub.Add("model.safetensors");

        var pulled = await _hub.PullAsync();

        pulled.Bytes.ShouldBe(2000);
        File.Exists(_hub.Blob("config.json")).ShouldBeTrue();
        File.Exists(_hub.Blob("model.safetensors")).ShouldBeTrue();
        _hub.HubRequests.Count(request => request.Method == "HEAD").ShouldBe(2);
    }

    [Fact]
    public async Task Without_symbolic_links_the_snapshot_holds_the_bytes_itself()
    {
        byte[] content = _hub.Add("model.gguf");
        var options = _hub.Options with { Symlinks = false };

        var pulled = await _hub.PullAsync(options: options);
        await _hub.PullAsync(options: options);

        File.ReadAllBytes(pulled.Path).ShouldBe(content);
        new FileInfo(pulled.Path).LinkTarget.ShouldBeNull();
        _hub.ContentRequests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Pulls_of_the_same_file_at_once_fetch_it_once()
    {
        byte[] content = _hub.Add("model.gguf", 2_000_000);

        var pulled = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => _hub.PullAsync())));

        pulled.ShouldAllBe(model => File.ReadAllBytes(model.Path).SequenceEqual(content));
        _hub.ContentRequests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_pull_waits_for_another_process_that_holds_the_file()
    {
        _hub.Add("model.gguf");
        string path = Path.Combine(_hub.Cache, ".locks", "models--org--model", _hub.Hash("model.gguf") + ".lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var held = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var notes = new List<string>();

        await _hub.PullAsync(progress: report =>
        {
            if (report.Note is not { } note)
                return;
            notes.Add(note);
            held.Dispose();
        });

        notes.ShouldHaveSingleItem().ShouldContain("another pull");
    }

    [Fact]
    public async Task An_empty_file_is_made_without_asking_for_it()
    {
        _hub.Add("empty.txt", 0);
        var pulled = await _hub.PullAsync($"{FakeHub.Repo}:empty.txt");
        File.ReadAllBytes(pulled.Path).ShouldBeEmpty();
        _hub.HubRequests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Progress_ends_with_every_byte_of_every_file()
    {
        _hub.Add("config.json", 10);
        _hub.Add("model.safetensors", 500_000);
        var reports = new List<HubProgress>();

        await _hub.PullAsync(progress: reports.Add);

        reports.Last(report => report.File == "config.json").ShouldBe(new HubProgress("config.json", 1, 2, 10, 10));
        reports[^1].ShouldBe(new HubProgress("model.safetensors", 2, 2, 500_000, 500_000));
        reports.Where(report => report.FileNumber == 2).Select(report => report.BytesDone).ShouldBeInOrder();
    }

    [Theory]
    [InlineData("../evil.gguf")]
    [InlineData("a/../../evil.gguf")]
    [InlineData("/etc/evil.gguf")]
    [InlineData("..\\\\evil.gguf")]
    [InlineData("C:/evil.gguf")]
    [InlineData("a//evil.gguf")]
    public async Task A_file_name_that_leads_outside_is_refused(string name)
    {
        _hub.OnHub = _ => new Reply(200, Encoding.UTF8.GetBytes($$"""
            {"sha":"{{FakeHub.Commit}}","siblings":[{"rfilename":"{{name}}","size":1,"blobId":"{{new string('a', 40)}}"}]}
            """));

        (await Should.ThrowAsync<HubException>(() => _hub.PullAsync())).Message.ShouldContain("outside the cache");
        Directory.Exists(_hub.Cache).ShouldBeFalse();
    }

    [Theory]
    [InlineData("[]", "'sha'")]
    [InlineData("{", "JSON")]
    [InlineData("""{"sha":"../../x","siblings":[]}""", "'sha'")]
    [InlineData("""{"sha":"0123456789abcdef0123456789abcdef01234567"}""", "'siblings'")]
    [InlineData("""{"sha":"0123456789abcdef0123456789abcdef01234567","siblings":[7]}""", "rfilename")]
    [InlineData("""{"sha":"0123456789abcdef0123456789abcdef01234567","siblings":[{"rfilename":"a","blobId":"../x"}]}""", "hash")]
    [InlineData("""{"sha":"0123456789abcdef0123456789abcdef01234567","siblings":[{"rfilename":"a","size":9223372036854775807}]}""", "size")]
    [InlineData("""{"sha":"0123456789abcdef0123456789abcdef01234567","siblings":[{"rfilename":"a"},{"rfilename":"a"}]}""", "twice")]
    public async Task A_strange_listing_is_refused_by_the_field_at_fault(string json, string field)
    {
        _hub.OnHub = _ => new Reply(200, Encoding.UTF8.GetBytes(json));
        (await Should.ThrowAsync<HubException>(() => _hub.PullAsync())).Message.ShouldContain(field);
    }
}
