using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ponder.Cli.Tests.Support;
using Ponder.Models.Tests.Hub;

namespace Ponder.Cli.Tests;

/// <summary>The program, its environment and a hub on loopback.</summary>
public sealed class PullTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TempFolder _folder = new();
    private readonly byte[] _model;
    private readonly LoopbackServer _hub;

    public PullTests()
    {
        _model = File.ReadAllBytes(TinyModel.Write(_folder));
        _hub = new LoopbackServer(Answer);
    }

    private Dictionary<string, string> Variables => new()
    {
        ["HF_ENDPOINT"] = _hub.Address.ToString(),
        ["HF_HUB_CACHE"] = _folder["cache"],
        ["HF_HUB_OFFLINE"] = "0",
        ["HF_TOKEN"] = "hf_secret",
    };

    [Fact]
    public async Task A_model_is_pulled_listed_found_by_name_and_not_fetched_twice()
    {
        var pulled = await CliRunner.StartAsync(["pull", "org/tiny:Q8_0"], variables: Variables);
        string path = pulled.ShouldSucceed().TrimEnd();
        File.ReadAllBytes(path).ShouldBe(_model);
        pulled.Error.ShouldContain("org/tiny is here now");
        pulled.Error.ShouldNotContain("hf_secret");

        (await CliRunner.StartAsync(["models"], variables: Variables)).ShouldSucceed().ShouldStartWith("org/tiny:tiny-Q8_0.gguf");
        using var list = JsonDocument.Parse((await CliRunner.StartAsync(["models", "--json"], variables: Variables)).ShouldSucceed());
        list.RootElement[0].GetProperty("bytes").GetInt64().ShouldBe(_model.Length);
        list.RootElement[0].GetProperty("complete").GetBoolean().ShouldBeTrue();

        (await CliRunner.StartAsync(["tokenize", "org/tiny", "--text", "a", "--json"], variables: Variables)).ShouldSucceed();
        int requests = _hub.Requests.Count(request => request.Target.Contains("/resolve/", StringComparison.Ordinal));
        (await CliRunner.StartAsync(["pull", "org/tiny"], variables: Variables)).Error.ShouldContain("was here already");
        _hub.Requests.Count(request => request.Target.Contains("/resolve/", StringComparison.Ordinal)).ShouldBe(requests);
    }

    [Fact]
    public async Task What_cannot_be_pulled_is_one_sentence()
    {
        (await CliRunner.StartAsync(["pull", "org/absent"], variables: Variables)).ShouldBeRefused("org/absent");
        (await CliRunner.StartAsync(["pull", "no such name"], variables: Variables)).ShouldBeRefused("no such name");
        (await CliRunner.StartAsync(["run", "org/tiny", "-p", "x"], variables: Variables)).ShouldBeRefused("org/tiny", "ponder pull");
    }

    [Fact]
    public async Task An_empty_cache_is_a_note_and_no_error()
    {
        var result = await CliRunner.StartAsync(["models"], variables: Variables);
        result.ShouldSucceed().ShouldBeEmpty();
        result.Error.ShouldContain("holds no model");
        (await CliRunner.StartAsync(["models", "--json"], variables: Variables)).ShouldSucceed().Trim().ShouldBe("[]");
    }

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    private Reply Answer(Seen request)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(_model));
        if (request.Target.StartsWith("/api/models/org/tiny/revision/main", StringComparison.Ordinal))
        {
            string large = $$"""{"sha256": "{{hash}}", "size": {{_model.Length}}, "pointerSize": 130 }""";
            string file = $$"""{"rfilename": "tiny-Q8_0.gguf", "size": {{_model.Length}}, "blobId": "{{new string('0', 40)}}", "lfs": {{large}} }""";
            string listing = $$"""{"sha": "{{Commit}}", "siblings": [{{file}}]}""";
            return new Reply(200, Encoding.UTF8.GetBytes(listing));
        }
        return request.Target.Contains($"/org/tiny/resolve/{Commit}/tiny-Q8_0.gguf", StringComparison.Ordinal)
            ? new Reply(200, _model, ("X-Repo-Commit", Commit), ("X-Linked-Etag", $"\"{hash}\""), ("X-Linked-Size", $"{_model.Length}"))
            : new Reply(404);
    }
}
