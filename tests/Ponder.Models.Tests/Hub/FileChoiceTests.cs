using Ponder.Models.Hub;

namespace Ponder.Models.Tests.Hub;

public sealed class FileChoiceTests
{
    private static readonly string[] Quants =
        ["m-BF16.gguf", "m-F16.gguf", "m-Q4_0.gguf", "m-Q4_0_4_4.gguf", "m-Q4_K_M.gguf", "m-Q4_K_S.gguf", "mmproj-m-F16.gguf", "README.md"];

    [Theory]
    [InlineData("q4_k_m", "m-Q4_K_M.gguf")]
    [InlineData("K_S", "m-Q4_K_S.gguf")]
    [InlineData("F16", "m-F16.gguf")]
    [InlineData("Q4_0", "m-Q4_0.gguf")]
    [InlineData("m-Q4_0_4_4.gguf", "m-Q4_0_4_4.gguf")]
    [InlineData("MMPROJ-m-f16.gguf", "mmproj-m-F16.gguf")]
    [InlineData("README.md", "README.md")]
    public void A_selector_is_a_file_or_a_part_of_a_gguf_name(string selector, string file) =>
        FileChoice.Choose("r", Quants, selector).Entry.ShouldBe(file);

    [Fact]
    public void A_selector_that_fits_several_models_lists_them()
    {
        string message = Should.Throw<HubException>(() => FileChoice.Choose("o/r", Quants, "Q4_K")).Message;
        message.ShouldContain("m-Q4_K_M.gguf, m-Q4_K_S.gguf");
        message.ShouldNotContain("BF16");
    }

    [Fact]
    public void A_selector_that_fits_nothing_lists_what_is_there() =>
        Should.Throw<HubException>(() => FileChoice.Choose("o/r", Quants, "Q9")).Message.ShouldContain("m-BF16.gguf");

    [Fact]
    public void Several_gguf_models_and_no_selector_is_an_error_that_lists_them() =>
        Should.Throw<HubException>(() => FileChoice.Choose("o/r", Quants, null)).Message.ShouldContain("6 GGUF models");

    [Fact]
    public void A_projector_does_not_make_the_only_model_ambiguous() =>
        FileChoice.Choose("r", ["m.gguf", "mmproj.gguf", "imatrix.gguf"], null).Files.ShouldBe(["m.gguf"]);

    [Fact]
    public void Naming_any_shard_takes_them_all()
    {
        string[] shards = ["m-00001-of-00003.gguf", "m-00002-of-00003.gguf", "m-00003-of-00003.gguf"];
        FileChoice.Choose("r", shards, shards[1]).Files.ShouldBe(shards);
        FileChoice.Choose("r", shards, null).Entry.ShouldBe(shards[0]);
        Should.Throw<HubException>(() => FileChoice.Choose("r", shards[..2], null)).Message.ShouldContain(shards[2]);
    }

    [Fact]
    public void Safetensors_beside_gguf_are_chosen_by_their_kind()
    {
        string[] names = ["m.gguf", "config.json", "tokenizer.json", "model.safetensors", "consolidated.safetensors"];
        FileChoice.Choose("r", names, null).Kind.ShouldBe(ModelKind.Gguf);
        FileChoice.Choose("r", names, "safetensors").Files.ShouldBe(["config.json", "tokenizer.json", "model.safetensors"]);
    }

    [Fact]
    public void Safetensors_bring_their_index_and_all_shards()
    {
        string[] names =
        [
            "config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json",
        ];
        FileChoice.Choose("r", names, null).Files.Order(StringComparer.Ordinal).ShouldBe(names);
        Should.Throw<HubException>(() => FileChoice.Choose("r", [names[0], names[1]], null)).Message.ShouldContain(names[2]);
        Should.Throw<HubException>(() => FileChoice.Choose("r", names[1..], null)).Message.ShouldContain("config.json");
    }

    [Fact]
    public void A_repository_without_weights_says_what_it_has() =>
        Should.Throw<HubException>(() => FileChoice.Choose("r", ["pytorch_model.bin"], null)).Message.ShouldContain("pytorch_model.bin");

    [Fact]
    public void Absurd_shard_counts_end_in_an_error_and_not_in_a_long_wait() =>
        Should.Throw<HubException>(() => FileChoice.Choose("r", ["m-00001-of-99999.gguf", "n-00000-of-00000.gguf"], "m-"))
            .Message.ShouldContain("missing");
}
