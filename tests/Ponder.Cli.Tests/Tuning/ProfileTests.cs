using System.Text.Json;
using System.Text.Json.Nodes;
using Ponder.Cli.Tests.Support;
using Ponder.Cli.Tuning;
using Ponder.Inference;

namespace Ponder.Cli.Tests.Tuning;

public sealed class ProfileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ProfileTests() => Environment.SetEnvironmentVariable(ProfileStore.Variable, _folder["profiles"]);

    private static ProfileKey Key => ProfileKey.Of(ModelLocator.Policy, new EngineOptions());

    private static string FilePath => ProfileStore.PathOf(Key)!;

    [Fact]
    public void A_profile_reads_as_it_was_written()
    {
        var profile = WriteProfile(("threads", "1"), ("chunk_tokens", "128"), ("kv", "int8"));
        var found = ProfileStore.Find(Key).ShouldNotBeNull();
        found.Path.ShouldBe(FilePath);
        found.Profile.Json().ShouldBe(profile.Json());
        found.Profile.ToString().ShouldBe("threads 1, chunk_tokens 128, kv int8; 25% faster for chat");
        var options = found.Profile.ApplyTo(new EngineOptions { MaxBranches = 5, Threads = 2 }, flag => flag == "--threads");
        options.ShouldBe(new EngineOptions { MaxBranches = 5, Threads = 2, ChunkTokens = 128, KvFormat = Numerics.Kernels.KvFormat.Int8 });
    }

    [Fact]
    public void The_key_names_model_and_machine()
    {
        var key = Key;
        key.Model.ShouldBe("policy/model.safetensors");
        key.Bytes.ShouldBe(new FileInfo(Path.Combine(ModelLocator.Policy, "model.safetensors")).Length);
        key.Cpu.ShouldNotBeNullOrWhiteSpace();
        key.Cpu.ShouldNotContain("\0");
        ProfileKey.Of(Path.Combine(ModelLocator.Policy, "model.safetensors"), new EngineOptions()).ShouldBe(key);
        key.FileName().ShouldMatch(@"\Apolicy_model\.safetensors-[0-9a-f]{16}\.json\z");
        string[] others =
        [
            .. ((ProfileKey[])[key with { Bytes = 1 }, key with { Cpu = "another" }, key with { Isa = "none" }, key with { Cores = 999 }, key with { Precision = "exact" }]).Select(other => other.FileName()),
        ];
        others.Append(key.FileName()).Distinct().Count().ShouldBe(6);
        ProfileKey.Of(ModelLocator.Policy, new EngineOptions { Precision = Precision.Exact }).ShouldNotBe(key);
    }

    [Fact]
    public async Task Commands_take_the_profile_where_no_flag_says_otherwise()
    {
        WriteProfile(("threads", "1"), ("kv", "int8"));
        var measured = await BenchAsync();
        measured.GetProperty("threads").GetInt32().ShouldBe(1);
        measured.GetProperty("kv").GetString().ShouldBe("int8");
        measured = await BenchAsync("--kv", "f32");
        measured.GetProperty("threads").GetInt32().ShouldBe(1);
        measured.GetProperty("kv").GetString().ShouldBe("f32");
        measured = await BenchAsync("--no-profile");
        measured.GetProperty("threads").GetInt32().ShouldBe(Numerics.Workers.CpuTopology.UsableCores);
        measured.GetProperty("kv").GetString().ShouldBe("f16");
        (await BenchAsync("--isa", "128")).GetProperty("kv").GetString().ShouldBe("f16", "it was measured with other instructions");
    }

    [Fact]
    public async Task Info_says_which_profile_applies()
    {
        (await CliRunner.RunAsync("info", "puzzles")).ShouldSucceed().ShouldMatch(@"\nprofile +none; 'ponder tune'");
        using (var json = JsonDocument.Parse((await CliRunner.RunAsync("info", "puzzles", "--json")).ShouldSucceed()))
            json.RootElement.GetProperty("profile").ValueKind.ShouldBe(JsonValueKind.Null);
        WriteProfile(("threads", "1"));
        (await CliRunner.RunAsync("info", "puzzles")).ShouldSucceed().ShouldContain($" threads 1; 25% faster for chat ({FilePath})");
        using (var json = JsonDocument.Parse((await CliRunner.RunAsync("info", "puzzles", "--json")).ShouldSucceed()))
            json.RootElement.GetProperty("profile").GetProperty("options").GetProperty("threads").GetString().ShouldBe("1");
        File.WriteAllText(FilePath, "{");
        (await CliRunner.RunAsync("info", "puzzles")).ShouldSucceed().ShouldContain("cannot be used: it is no profile");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"ponder_profile\": 2}")]
    [InlineData("{\"ponder_profile\": 99999999999}")]
    [InlineData("{\"ponder_profile\": 1}")]
    [InlineData("{\"ponder_profile\": 1, \"model\": 7}")]
    public async Task A_damaged_profile_is_told_in_one_sentence_and_the_defaults_hold(string text)
    {
        WriteProfile(("threads", "1"));
        File.WriteAllText(FilePath, text);
        await ShouldHoldDefaultsAsync("cannot be used");
    }

    [Theory]
    [InlineData("threads", "0")]
    [InlineData("threads", "-1")]
    [InlineData("threads", "100000")]
    [InlineData("threads", "[1]")]
    [InlineData("threads", "\"many\"")]
    [InlineData("kv", "\"q4\"")]
    [InlineData("kv", "null")]
    [InlineData("unknown", "1")]
    [InlineData("chunk_tokens", "99999999999999")]
    public async Task A_profile_with_a_wrong_value_is_not_taken(string option, string value)
    {
        WriteProfile(("threads", "1"));
        var json = JsonNode.Parse(File.ReadAllText(FilePath))!;
        json["options"]![option] = JsonNode.Parse(value);
        File.WriteAllText(FilePath, json.ToJsonString());
        await ShouldHoldDefaultsAsync("cannot be used");
    }

    [Fact]
    public async Task Every_byte_that_is_missing_or_changed_is_survived()
    {
        WriteProfile(("threads", "1"), ("kv", "int8"));
        byte[] whole = File.ReadAllBytes(FilePath);
        var random = new Random(3);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] damaged = [.. whole];
            damaged[i] = (byte)random.Next(256);
            foreach (byte[] bytes in (byte[][])[damaged, whole[..i]])
            {
                await File.WriteAllBytesAsync(FilePath, bytes);
                try
                {
                    ProfileStore.Find(Key);
                }
                catch (Numerics.PonderException e)
                {
                    e.Message.ShouldContain(FilePath);
                }
            }
        }
    }

    [Theory]
    [InlineData("model", "\"other.gguf\"", "other.gguf, not policy/model.safetensors")]
    [InlineData("bytes", "5", "5 bytes, not")]
    [InlineData("cpu", "\"Another CPU\"", "Another CPU, not ")]
    [InlineData("isa", "\"abacus\"", "abacus, not ")]
    [InlineData("precision", "\"exact\"", "exact, not fast")]
    [InlineData("cores", "999", "999 cores, not ")]
    public async Task A_profile_of_something_else_is_told_and_not_taken(string field, string value, string part)
    {
        WriteProfile(("threads", "1"));
        var json = JsonNode.Parse(File.ReadAllText(FilePath))!;
        json[field] = JsonNode.Parse(value);
        // One file for all: named by the variable, it may be another model's.
        string file = _folder.Write("given.json", json.ToJsonString());
        Environment.SetEnvironmentVariable(ProfileStore.Variable, file);
        await ShouldHoldDefaultsAsync("was measured with another model or machine", part);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ProfileStore.Variable, NoProfiles.Folder);
        _folder.Dispose();
    }

    private static Profile WriteProfile(params (string Name, string Value)[] options)
    {
        var profile = new Profile(Key, "chat", 0.25, [.. options.Select(pair => (TunedOption.All.Single(option => option.Name == pair.Name), pair.Value))]);
        ProfileStore.Save(profile, FilePath);
        return profile;
    }

    private static async Task ShouldHoldDefaultsAsync(params string[] parts)
    {
        var result = await CliRunner.RunAsync("run", "puzzles", "-p", "x", "--temperature", "0", "--max-tokens", "1");
        result.ShouldSucceed();
        result.Error.ShouldStartWith("ponder: The profile ");
        result.Error.TrimEnd('\n').ShouldNotContain("\n");
        foreach (string part in parts)
            result.Error.ShouldContain(part);
    }

    private static async Task<JsonElement> BenchAsync(params string[] options)
    {
        var result = await CliRunner.RunAsync(["bench", "puzzles", "--decode", "1", "--runs", "1", "--json", .. options]);
        result.ShouldSucceed();
        result.Error.ShouldBeEmpty();
        return JsonDocument.Parse(result.Out).RootElement;
    }
}
