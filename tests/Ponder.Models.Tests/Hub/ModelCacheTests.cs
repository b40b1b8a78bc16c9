using Ponder.Models.Hub;

namespace Ponder.Models.Tests.Hub;

public sealed class ModelCacheTests : IDisposable
{
    private static readonly string Old = new('a', 40);
    private static readonly string New = new('b', 40);

    private readonly string _folder = Directory.CreateTempSubdirectory("ponder-cache-").FullName;

    private ModelCache Cache => new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_cache_that_is_not_there_is_empty() =>
        new ModelCache(Path.Combine(_folder, "none")).List().ShouldBeEmpty();

    [Fact]
    public void List_tells_what_is_there()
    {
        Add("org/quant", New, "m-Q4_0.gguf", "m-Q8_0.gguf");
        Add("org/full", New, "config.json", "model.safetensors");
        Ref("org/quant", "main", New);
        Directory.CreateDirectory(Path.Combine(_folder, "datasets--org--data", "snapshots", New));

        var models = Cache.List();

        models.Select(model => model.Repo).ShouldBe(["org/full", "org/quant"]);
        models.Select(model => model.Kind).ShouldBe([ModelKind.Safetensors, ModelKind.Gguf]);
        models[1].Revisions.ShouldBe(["main"]);
        models[1].Commit.ShouldBe(New);
        models[1].Bytes.ShouldBe(20);
        models[1].IsComplete.ShouldBeTrue();
        models[1].Names.ShouldBe(["org/quant:m-Q4_0.gguf", "org/quant:m-Q8_0.gguf"]);
    }

    [Fact]
    public void List_tells_what_is_unfinished()
    {
        Add("org/split", New, "config.json", "model-00002-of-00002.safetensors");
        Unfinished("org/begun", 7);

        var models = Cache.List();

        models[0].ShouldSatisfyAllConditions(
            () => models[0].Repo.ShouldBe("org/begun"),
            () => models[0].UnfinishedBytes.ShouldBe(7),
            () => models[0].IsComplete.ShouldBeFalse());
        models[1].Missing.ShouldBe(["model-00001-of-00002.safetensors"]);
        Should.Throw<HubException>(() => Cache.Resolve("org/split")).Message.ShouldContain("model-00001-of-00002.safetensors");
        Should.Throw<HubException>(() => Cache.Resolve("org/begun")).Message.ShouldContain("not finished");
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_no_file()
    {
        Add("org/m", New, "m.gguf");
        if (OperatingSystem.IsWindows())
            return; // links need a right there that a test may not have
        File.CreateSymbolicLink(Path.Combine(Snapshot("org/m", New), "n.gguf"), Path.Combine("..", "..", "blobs", "gone"));
        Cache.List().ShouldHaveSingleItem().Files.ShouldHaveSingleItem().Name.ShouldBe("m.gguf");
    }

    [Theory]
    [InlineData("org/quant:q8", "m-Q8_0.gguf")]
    [InlineData("quant:m-Q4_0.gguf", "m-Q4_0.gguf")]
    [InlineData("ORG/Quant:Q4_0", "m-Q4_0.gguf")]
    public void Resolve_finds_a_gguf_file(string name, string file)
    {
        Add("org/quant", New, "m-Q4_0.gguf", "m-Q8_0.gguf");
        Cache.Resolve(name).ShouldBe(Path.Combine(Snapshot("org/quant", New), file));
    }

    [Fact]
    public void Resolve_gives_the_folder_of_safetensors()
    {
        Add("org/full", New, "config.json", "model.safetensors");
        Cache.Resolve("full").ShouldBe(Snapshot("org/full", New));
    }

    [Fact]
    public void Resolve_prefers_main_and_falls_back_to_a_snapshot_that_has_the_model()
    {
        Add("org/m", Old, "m-Q4_0.gguf", "m-Q8_0.gguf");
        Add("org/m", New, "m-Q4_0.gguf");
        Ref("org/m", "main", New);
        Ref("org/m", "refs/pr/1", Old);

        Cache.Resolve("org/m:Q4_0").ShouldStartWith(Snapshot("org/m", New));
        Cache.Resolve("org/m:Q8_0").ShouldStartWith(Snapshot("org/m", Old));
        Cache.Resolve("org/m:Q4_0", "refs/pr/1").ShouldStartWith(Snapshot("org/m", Old));
        Cache.Resolve("org/m:Q4_0", Old[..8]).ShouldStartWith(Snapshot("org/m", Old));
        Should.Throw<HubException>(() => Cache.Resolve("org/m", "v2")).Message.ShouldContain("v2");
    }

    [Fact]
    public void An_ambiguous_name_lists_what_it_may_mean()
    {
        Add("one/m", New, "m.gguf");
        Add("two/m", New, "a-Q4_0.gguf", "a-Q8_0.gguf");

        Should.Throw<HubException>(() => Cache.Resolve("m")).Message.ShouldContain("one/m, two/m");
        Should.Throw<HubException>(() => Cache.Resolve("two/m")).Message.ShouldContain("a-Q4_0.gguf, a-Q8_0.gguf");
    }

    [Fact]
    public void An_unknown_name_lists_what_is_there()
    {
        Should.Throw<HubException>(() => Cache.Resolve("org/x")).Message.ShouldContain("no model yet");
        Add("one/m", New, "m.gguf");
        Should.Throw<HubException>(() => Cache.Resolve("org/x")).Message.ShouldContain("one/m:m.gguf");
        Should.Throw<HubException>(() => Cache.Resolve("../x"));
    }

    private string Repository(string repo) => Path.Combine(_folder, "models--" + repo.Replace("/", "--", StringComparison.Ordinal));

    private string Snapshot(string repo, string commit) => Path.Combine(Repository(repo), "snapshots", commit);

    private void Add(string repo, string commit, params string[] names)
    {
        string blobs = Directory.CreateDirectory(Path.Combine(Repository(repo), "blobs")).FullName;
        string snapshot = Directory.CreateDirectory(Snapshot(repo, commit)).FullName;
        foreach (string name in names)
        {
            string blob = Path.Combine(blobs, name);
            File.WriteAllBytes(blob, new byte[10]);
            CacheFolders.Show(blob, Path.Combine(snapshot, name), blobIsNew: true, symlinks: true);
        }
    }

    private void Ref(string repo, string revision, string commit)
    {
        string path = Path.Combine(Repository(repo), "refs", revision);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, commit);
    }

    private void Unfinished(string repo, int bytes)
    {
        string blobs = Directory.CreateDirectory(Path.Combine(Repository(repo), "blobs")).FullName;
        File.WriteAllBytes(Path.Combine(blobs, new string('c', 64) + ".incomplete"), new byte[bytes]);
    }
}
