using System.Text;
using Ponder.Cli.Tests.Support;
using Ponder.Models.Files;

namespace Ponder.Cli.Tests;

/// <summary>What is wrong with a model or a prompt is said in one sentence, with the file and the field.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static Task<CliResult> RunAsync(string model) => CliRunner.RunAsync("run", model, "-p", "a", "--max-tokens", "1");

    [Fact]
    public async Task A_missing_file()
    {
        (await RunAsync(_folder["absent.gguf"])).ShouldBeRefused("absent.gguf", "no such file");
        (await RunAsync(_folder.Path)).ShouldBeRefused(_folder.Path, "no model in this folder");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(3000)]
    [InlineData(-100)]
    public async Task A_truncated_file(int length)
    {
        byte[] whole = File.ReadAllBytes(TinyModel.Write(_folder));
        File.WriteAllBytes(_folder["cut.gguf"], whole[..(length < 0 ? whole.Length + length : length)]);
        (await RunAsync(_folder["cut.gguf"])).ShouldBeRefused("cut.gguf");
    }

    [Fact]
    public async Task An_empty_file() => (await RunAsync(_folder.Write("empty.gguf", ""))).ShouldBeRefused("empty.gguf", "empty");

    [Fact]
    public async Task A_wrong_magic()
    {
        (await RunAsync(_folder.Write("magic.gguf", new string('x', 4096)))).ShouldBeRefused("magic.gguf", "GGUF");
        (await RunAsync(_folder.Write("noise.bin", new string('x', 4096)))).ShouldBeRefused("noise.bin", "not a model");
    }

    [Fact]
    public async Task An_unknown_architecture_and_the_known_ones()
    {
        string model = TinyModel.Write(_folder, metadata => metadata.Set("general.architecture", "mystery"));
        (await RunAsync(model)).ShouldBeRefused("edited.gguf", "mystery", "llama", "qwen2");
    }

    [Fact]
    public async Task An_unknown_tensor_type_and_the_known_ones()
    {
        byte[] bytes = File.ReadAllBytes(TinyModel.Write(_folder));
        byte[] name = Encoding.UTF8.GetBytes("blk.0.attn_q.weight");
        int at = bytes.AsSpan().IndexOf(name) + name.Length;
        int dimensions = BitConverter.ToInt32(bytes, at);
        BitConverter.GetBytes(777).CopyTo(bytes, at + 4 + (8 * dimensions));
        File.WriteAllBytes(_folder["type.gguf"], bytes);
        (await RunAsync(_folder["type.gguf"])).ShouldBeRefused("type.gguf", "blk.0.attn_q.weight", "777", "Q4_K");
    }

    [Fact]
    public async Task A_missing_tensor()
    {
        string model = TinyModel.Write(_folder, _ => { }, tensor => tensor.Name == "blk.1.ffn_up.weight" ? null : tensor);
        (await RunAsync(model)).ShouldBeRefused("edited.gguf", "blk.1.ffn_up.weight");
    }

    [Fact]
    public async Task A_shape_that_does_not_fit_the_config()
    {
        string model = TinyModel.Write(
            _folder,
            _ => { },
            tensor => tensor.Name == "blk.0.attn_q.weight" ? new TensorDeclaration(tensor.Name, tensor.Format, [tensor.Shape[0] / 2, tensor.Shape[1] * 2]) : tensor);
        (await RunAsync(model)).ShouldBeRefused("edited.gguf", "blk.0.attn_q.weight");
    }

    [Fact]
    public async Task A_vocabulary_that_does_not_fit_the_embedding()
    {
        string model = TinyModel.Write(_folder, metadata =>
        {
            metadata.Set("tokenizer.ggml.tokens", (string[])[.. metadata.GetStringArray("tokenizer.ggml.tokens"), "one more"]);
            metadata.Set("tokenizer.ggml.token_type", (int[])[.. metadata.GetInt32Array("tokenizer.ggml.token_type"), 1]);
        });
        (await RunAsync(model)).ShouldBeRefused("edited.gguf", "513", "512");
    }

    [Fact]
    public async Task A_template_that_throws()
    {
        string model = TinyModel.WriteChat(_folder, "{{ raise_exception('System role not supported') }}");
        (await CliRunner.RunAsync("run", model, "--chat", "-p", "a")).ShouldBeRefused("chat template", "System role not supported");
    }

    [Fact]
    public async Task A_prompt_longer_than_the_context_with_both_lengths()
    {
        string prompt = string.Concat(Enumerable.Repeat("7 ", 200));
        (await CliRunner.RunAsync("run", "puzzles", "-p", prompt)).ShouldBeRefused("The prompt has", "401", "256");
    }

    [Fact]
    public async Task An_empty_prompt()
    {
        (await CliRunner.RunAsync("run", "puzzles", "--raw", "-p", "")).ShouldBeRefused("empty");
    }

    [Fact]
    public async Task A_model_that_cannot_generate() => (await CliRunner.RunAsync("run", "puzzles/reward", "-p", "a")).ShouldBeRefused("TokenClasses");

    [Fact]
    public async Task A_damaged_config_or_tokenizer_beside_safetensors()
    {
        foreach (string file in Directory.GetFiles(ModelLocator.Policy))
            File.Copy(file, _folder[Path.GetFileName(file)]);
        string config = File.ReadAllText(_folder["config.json"]);
        _folder.Write("config.json", config.Replace("\"hidden_size\"", "\"hidden\"", StringComparison.Ordinal));
        (await RunAsync(_folder.Path)).ShouldBeRefused("config.json", "hidden_size");
        _folder.Write("config.json", config[..^10]);
        (await RunAsync(_folder.Path)).ShouldBeRefused("config.json");
        _folder.Write("config.json", config);
        _folder.Write("tokenizer.json", "{}");
        (await RunAsync(_folder.Path)).ShouldBeRefused("tokenizer.json");
        File.Delete(_folder["tokenizer.json"]);
        (await RunAsync(_folder.Path)).ShouldBeRefused("tokenizer.json");
    }

    public void Dispose() => _folder.Dispose();
}
