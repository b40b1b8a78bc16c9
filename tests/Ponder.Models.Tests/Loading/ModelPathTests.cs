using Ponder.Models.Files;
using Ponder.Models.Loading;
using Ponder.Models.Tests.Files;

namespace Ponder.Models.Tests.Loading;

public sealed class ModelPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("model.gguf")]
    [InlineData("MODEL.GGUF")]
    public void A_gguf_file_is_itself(string name)
    {
        Touch(name);
        ModelPath.Find(_folder[name]).ShouldBe(new ModelPath(_folder[name], null));
        ModelPath.Find(_folder[name]).IsGguf.ShouldBeTrue();
    }

    [Theory]
    [InlineData("other.safetensors")]
    [InlineData("model.safetensors.index.json")]
    public void A_safetensors_file_has_its_folder_beside_it(string name)
    {
        Touch(name);
        ModelPath.Find(_folder[name]).ShouldBe(new ModelPath(_folder[name], _folder.Root));
        ModelPath.Find(_folder[name]).IsGguf.ShouldBeFalse();
    }

    [Fact]
    public void A_file_without_a_known_ending_is_gguf_by_its_magic_or_nothing()
    {
        _folder.Write("blob", "GGUF\u0003\0\0\0"u8);
        ModelPath.Find(_folder["blob"]).IsGguf.ShouldBeTrue();
        foreach (string content in (string[])["", "GGU", "GGML and more"])
        {
            File.WriteAllText(_folder["other"], content);
            Should.Throw<ModelFileException>(() => ModelPath.Find(_folder["other"])).Message.ShouldContain("not a model: Ponder reads .gguf");
        }
    }

    [Fact]
    public void A_folder_gives_its_safetensors_and_the_index_before_a_single_file()
    {
        Touch("config.json", "model.safetensors", "model.gguf");
        ModelPath.Find(_folder.Root).ShouldBe(new ModelPath(_folder["model.safetensors"], _folder.Root));
        Touch("model.safetensors.index.json");
        ModelPath.Find(_folder.Root).Weights.ShouldBe(_folder["model.safetensors.index.json"]);
        File.Delete(_folder["config.json"]);
        ModelPath.Find(_folder.Root).ShouldBe(new ModelPath(_folder["model.gguf"], null));
    }

    [Theory]
    [InlineData("a.gguf")]
    [InlineData("best-of-show.gguf")]
    [InlineData("my-best-of-show.gguf")]
    [InlineData("a-of-b.gguf")]
    public void A_folder_gives_its_only_gguf_file_whatever_its_name(string name)
    {
        Touch(name, "README.md");
        ModelPath.Find(_folder.Root).ShouldBe(new ModelPath(_folder[name], null));
    }

    [Fact]
    public void A_folder_of_parts_gives_the_first()
    {
        Touch("m-00003-of-00003.gguf", "m-00001-of-00003.gguf", "m-00002-of-00003.gguf");
        ModelPath.Find(_folder.Root).Weights.ShouldBe(_folder["m-00001-of-00003.gguf"]);
    }

    [Fact]
    public void A_folder_with_several_models_names_them_and_one_without_says_so()
    {
        Should.Throw<ModelFileException>(() => ModelPath.Find(_folder.Root)).Message.ShouldContain("no model in this folder");
        Touch("b.gguf", "a.gguf");
        Should.Throw<ModelFileException>(() => ModelPath.Find(_folder.Root)).Message.ShouldContain("name one of a.gguf, b.gguf");
    }

    [Fact]
    public void A_path_to_nothing_is_said_to_be_so() =>
        Should.Throw<ModelFileException>(() => ModelPath.Find(_folder["absent"])).Message.ShouldContain("no such file or folder");

    public void Dispose() => _folder.Dispose();

    private void Touch(params string[] names) => Array.ForEach(names, name => File.WriteAllText(_folder[name], ""));
}
