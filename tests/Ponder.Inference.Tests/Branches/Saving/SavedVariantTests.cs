using System.Text.Json.Nodes;
using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;

namespace Ponder.Inference.Tests.Branches.Saving;

/// <summary>Saving where pages are let go or positions rotate in two ways: the small policy with another config.</summary>
public sealed class SavedVariantTests : IDisposable
{
    private static readonly int[] Prompt = [.. Enumerable.Repeat(PuzzleModels.Prompts[0], 20).SelectMany(ids => ids).Take(150)];
    private static readonly GenerationOptions Drawn = new() { Sampling = new SamplingOptions { Seed = 5 }, MaxTokens = 9, IgnoreEnd = true };
    private static readonly double[] Short = [.. Enumerable.Repeat(1.0, 12)], Long = [.. Enumerable.Range(1, 12).Select(i => (double)i)];

    private readonly string _folder = Directory.CreateTempSubdirectory("ponder-variant-").FullName;

    private string File => Path.Combine(_folder, "branch.bin");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Layers_with_a_window_save_only_what_they_still_see()
    {
        using var engine = Load(config => (config["model_type"], config["sliding_window"]) = ("mistral", 24));
        using var branch = engine.CreateBranch(Prompt);
        await branch.ExtendAsync(Drawn);
        int pages = engine.KvPagesInUse;
        pages.ShouldBeLessThan(6);
        await branch.SaveAsync(File);
        using var second = Load(config => (config["model_type"], config["sliding_window"]) = ("mistral", 24));
        using var restored = await second.RestoreBranchAsync(File);
        second.KvPagesInUse.ShouldBe(pages);
        (await restored.ExtendAsync(Drawn)).Ids.ShouldBe((await branch.ExtendAsync(Drawn)).Ids);
        second.Statistics.Rows.ShouldBe(9);
        restored.RollBack(40);                                  // what it sees from there is gone
        branch.RollBack(40);
        (await restored.ExtendAsync(Drawn)).Ids.ShouldBe((await branch.ExtendAsync(Drawn)).Ids);

        using var wider = Load(config => (config["model_type"], config["sliding_window"]) = ("mistral", 25));
        (await Should.ThrowAsync<SavedBranchException>(wider.RestoreBranchAsync(File))).Message.ShouldContain("another model: its model configuration");
    }

    [Theory]
    [InlineData(50)]
    [InlineData(null)]
    public async Task The_choice_of_LongRoPE_factors_is_kept(int? maxLength)
    {
        static void LongRope(JsonObject config) => config["rope_scaling"] = new JsonObject
        {
            ["type"] = "longrope",
            ["short_factor"] = new JsonArray([.. Short.Select(factor => JsonValue.Create(factor))]),
            ["long_factor"] = new JsonArray([.. Long.Select(factor => JsonValue.Create(factor))]),
            ["original_max_position_embeddings"] = 64,
        };
        using var engine = Load(LongRope);
        using var branch = engine.CreateBranch(Prompt[..40], new BranchOptions { MaxLength = maxLength });
        branch.LongRope.ShouldBe(maxLength is null);
        await branch.ExtendAsync(Drawn);
        await branch.SaveAsync(File);
        using var second = Load(LongRope);
        using var restored = await second.RestoreBranchAsync(File);
        restored.LongRope.ShouldBe(branch.LongRope);
        (await restored.ExtendAsync(Drawn)).Ids.ShouldBe((await branch.ExtendAsync(Drawn)).Ids);
        second.Statistics.Rows.ShouldBe(9);
        using var plain = PuzzleModels.LoadPolicy();
        await Should.ThrowAsync<SavedBranchException>(plain.RestoreBranchAsync(File));
    }

    [Fact]
    public async Task Other_weights_of_the_same_shape_are_another_model()
    {
        using var engine = Load(_ => { });
        using var branch = engine.CreateBranch(Prompt);
        await branch.OutputsAsync();
        await branch.SaveAsync(File);
        string weights = Path.Combine(_folder, "model", "model.safetensors");
        byte[] bytes = await System.IO.File.ReadAllBytesAsync(weights);
        bytes[^1] ^= 1;
        System.IO.File.Delete(weights);                         // not in place: the first engine has it mapped
        await System.IO.File.WriteAllBytesAsync(weights, bytes);
        using var other = Engine.Load(Path.Combine(_folder, "model"), new EngineOptions { Threads = 1 });
        (await Should.ThrowAsync<SavedBranchException>(other.RestoreBranchAsync(File))).Message.ShouldContain("another model: its SHA-256 of the weights");
        (await engine.RestoreBranchAsync(File)).Dispose();
    }

    private Engine Load(Action<JsonObject> change)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "model")).FullName;
        foreach (string file in Directory.GetFiles(PuzzleModels.Policy))
        {
            string copy = Path.Combine(folder, Path.GetFileName(file));
            if (!System.IO.File.Exists(copy))
                System.IO.File.Copy(file, copy);
        }
        var config = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(PuzzleModels.Policy, "config.json")))!.AsObject();
        change(config);
        System.IO.File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        return Engine.Load(folder, new EngineOptions { Threads = 2, ChunkTokens = 32 });
    }
}
