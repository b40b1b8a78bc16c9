using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Models.Files;
using Ponder.Models.Gguf.Synthesis;
using Ponder.Numerics.CodeGen;

namespace Ponder.Inference.Tests.Engines;

public sealed class RepackedWeightsTests : IDisposable
{
    private static readonly int[] Prompt = [.. Enumerable.Range(1, 40)];
    private static readonly GenerationOptions Greedy = new() { Sampling = SamplingOptions.Greedy, MaxTokens = 24, IgnoreEnd = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("ponder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_weight_cache_gives_the_same_answer_and_is_written_once()
    {
        string model = WriteModel("q4_k_m"), cache = Path.Combine(_folder, "cache");
        int[] expected = await Answer(model, new EngineOptions { Threads = 2 });
        (await Answer(model, new EngineOptions { Threads = 2, WeightCache = cache })).ShouldBe(expected);
        if (ExecutionPath.Current.Instructions == InstructionSet.Portable)
            return;                                             // nothing is repacked
        string file = Directory.GetFiles(cache).ShouldHaveSingleItem();
        var written = File.GetLastWriteTimeUtc(file);
        (await Answer(model, new EngineOptions { Threads = 2, WeightCache = cache })).ShouldBe(expected);
        File.GetLastWriteTimeUtc(file).ShouldBe(written);
    }

    [Fact]
    public async Task A_weight_cache_of_another_model_or_a_damaged_one_is_made_anew()
    {
        string model = WriteModel("q8_0"), cache = Path.Combine(_folder, "cache");
        int[] expected = await Answer(model, new EngineOptions { Threads = 1, WeightCache = cache });
        if (ExecutionPath.Current.Instructions == InstructionSet.Portable)
            return;
        string file = Directory.GetFiles(cache).ShouldHaveSingleItem();
        byte[] whole = File.ReadAllBytes(file);
        foreach (byte[] damaged in (byte[][])[whole[..^1], [.. whole[..1].Select(b => (byte)~b), .. whole[1..]], [1]])
        {
            File.WriteAllBytes(file, damaged);
            (await Answer(model, new EngineOptions { Threads = 1, WeightCache = cache })).ShouldBe(expected);
            File.ReadAllBytes(file).ShouldBe(whole);
        }
        WriteModel("q8_0", seed: 2);
        await Answer(model, new EngineOptions { Threads = 1, WeightCache = cache });
        Directory.GetFiles(cache).Length.ShouldBe(2);
    }

    [Fact]
    public void A_weight_cache_that_cannot_be_written_is_an_error_that_names_it()
    {
        if (ExecutionPath.Current.Instructions == InstructionSet.Portable)
            return;
        string model = WriteModel("q8_0"), occupied = Path.Combine(_folder, "occupied");
        File.WriteAllText(occupied, "a file");
        Should.Throw<ModelFileException>(() => Engine.Load(model, new EngineOptions { Threads = 1, WeightCache = occupied })).Message.ShouldContain("occupied");
    }

    [Fact]
    public async Task Instruction_sets_with_one_recipe_give_one_answer()
    {
        string model = WriteModel("q4_0");
        var answers = new List<int[]>();
        foreach (var instructions in InstructionSets.Available.Where(set => set is InstructionSet.Avx2 or InstructionSet.AvxVnni))
            answers.Add(await Answer(model, new EngineOptions { Threads = 2, Path = ExecutionPath.Of(instructions) }));
        answers.ShouldAllBe(answer => answer.SequenceEqual(answers[0]));
    }

    [Fact]
    public void Progress_ends_at_one()
    {
        double last = 0;
        using var engine = Engine.Load(WriteModel("q8_0"), new EngineOptions { Threads = 1 }, done => last = done);
        last.ShouldBe(engine.Path.Instructions == InstructionSet.Portable ? 0 : 1);
    }

    private string WriteModel(string mix, int seed = 1)
    {
        string path = Path.Combine(_folder, $"{mix}.gguf");
        RandomModel.Write(path, ModelShape.Find("tiny")!, QuantizationMix.Find(mix)!, seed);
        return path;
    }

    private static async Task<int[]> Answer(string model, EngineOptions options)
    {
        using var engine = Engine.Load(model, options);
        return [.. (await engine.CompleteAsync([new GenerationRequest(Prompt, 1, Greedy)]))[0][0].Ids];
    }
}
