using Microsoft.Extensions.AI;
using Ponder.Inference.Chat;
using Ponder.Inference.Embeddings;
using Ponder.Models.Files;
using Ponder.TestSupport;

namespace Ponder.Inference.Tests.Chat;

/// <summary>The faces of Microsoft.Extensions.AI, on the shipped policy with a chat template of its own.</summary>
public sealed class AdapterTests : IDisposable
{
    private const string Puzzle = "Make 24 from 3 7 8 12:\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("ponder-").FullName;
    private readonly Engine _engine;

    public AdapterTests()
    {
        foreach (string file in Directory.GetFiles(Policy))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        File.WriteAllText(Path.Combine(_folder, "chat_template.jinja"), "{{ bos_token }}{% for message in messages %}{{ message.content }}{% endfor %}");
        _engine = Engine.Load(_folder);
    }

    private static string Policy => Path.Combine(SharedData.Repository, "models", "puzzles", "policy");

    public void Dispose()
    {
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_response_is_the_streamed_one_whole_with_usage_and_reason()
    {
        using var client = new PonderChatClient(_engine);
        var options = new ChatOptions { Seed = 5, Temperature = 1 };
        var response = await client.GetResponseAsync([new ChatMessage(ChatRole.User, Puzzle)], options);
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, Puzzle)], options))
            updates.Add(update);

        response.Text.ShouldContain(" left ");
        string.Concat(updates.Select(u => u.Text)).ShouldBe(response.Text);
        response.FinishReason.ShouldBe(ChatFinishReason.Stop);
        response.ModelId.ShouldBe("model.safetensors");
        response.Usage!.InputTokenCount.ShouldBe(_engine.EncodePrompt(Puzzle).Length);
        response.Usage.OutputTokenCount.ShouldBe(updates.Count(u => u.Text.Length > 0) + 1);
        response.Usage.TotalTokenCount.ShouldBe(response.Usage.InputTokenCount + response.Usage.OutputTokenCount);
        _engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task Options_reach_the_engine()
    {
        using var client = new PonderChatClient(_engine);
        ChatMessage[] messages = [new(ChatRole.User, Puzzle)];
        var cut = await client.GetResponseAsync(messages, new ChatOptions { Temperature = 0, MaxOutputTokens = 4 });
        cut.FinishReason.ShouldBe(ChatFinishReason.Length);
        cut.Usage!.OutputTokenCount.ShouldBe(4);
        var whole = await client.GetResponseAsync(messages, new ChatOptions { Temperature = 0 });
        whole.Text.ShouldStartWith(cut.Text);
        var stopped = await client.GetResponseAsync(messages, new ChatOptions { Temperature = 0, StopSequences = ["left"] });
        stopped.Text.ShouldBe(whole.Text[..whole.Text.IndexOf("left", StringComparison.Ordinal)]);
        var instructed = await client.GetResponseAsync([], new ChatOptions { Temperature = 0, Instructions = Puzzle });
        instructed.Text.ShouldBe(whole.Text);
    }

    [Fact]
    public async Task Penalties_change_what_is_drawn()
    {
        using var client = new PonderChatClient(_engine);
        var message = new ChatMessage(ChatRole.User, Puzzle);
        string plain = (await client.GetResponseAsync([message], new ChatOptions { Temperature = 4, Seed = 5, MaxOutputTokens = 60 })).Text;
        foreach (var options in (ChatOptions[])[new ChatOptions { FrequencyPenalty = 2 }, new ChatOptions { PresencePenalty = 2 }])
        {
            (options.Temperature, options.Seed, options.MaxOutputTokens) = (4, 5, 60);
            (await client.GetResponseAsync([message], options)).Text.ShouldNotBe(plain);
        }
        var tooMuch = await Should.ThrowAsync<ArgumentOutOfRangeException>(() => client.GetResponseAsync([message], new ChatOptions { PresencePenalty = 3 }));
        tooMuch.ParamName.ShouldBe("PresencePenalty");
    }

    [Fact]
    public async Task What_cannot_be_honoured_is_refused_by_name()
    {
        using var client = new PonderChatClient(_engine);
        foreach (var (option, name) in ((ChatOptions, string)[])
        [
            (new ChatOptions { ResponseFormat = ChatResponseFormat.Json }, "ResponseFormat"),
            (new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1)] }, "Tools"),
            (new ChatOptions { ConversationId = "7" }, "ConversationId"),
        ])
        {
            var error = await Should.ThrowAsync<NotSupportedException>(() => client.GetResponseAsync([new ChatMessage(ChatRole.User, Puzzle)], option));
            error.Message.ShouldContain(name);
        }
        var picture = new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")]);
        (await Should.ThrowAsync<NotSupportedException>(() => client.GetResponseAsync([picture]))).Message.ShouldContain("DataContent");
        using var bare = Engine.Load(Policy);
        (await Should.ThrowAsync<ModelFileException>(() => new PonderChatClient(bare).GetResponseAsync([new ChatMessage(ChatRole.User, Puzzle)])))
            .Message.ShouldContain("no chat template");
    }

    [Fact]
    public async Task Embeddings_are_those_of_the_engine_with_usage()
    {
        using var generator = new PonderEmbeddingGenerator(_engine);
        string[] texts = [Puzzle, "a=28 b=a*3-15 b?\n"];
        var embeddings = await generator.GenerateAsync(texts);
        float[][] expected = await _engine.EmbedAsync(texts);
        for (int i = 0; i < texts.Length; i++)
        {
            embeddings[i].Vector.ToArray().ShouldBe(expected[i]);
            embeddings[i].Vector.ToArray().Sum(v => (double)v * v).ShouldBe(1, 1e-5);
        }
        embeddings.Usage!.InputTokenCount.ShouldBe(texts.Sum(text => _engine.EncodePrompt(text).Length));
        var error = await Should.ThrowAsync<NotSupportedException>(() => generator.GenerateAsync(texts, new EmbeddingGenerationOptions { Dimensions = 7 }));
        error.Message.ShouldContain("144");
    }

    [Fact]
    public void Services_are_found_by_type()
    {
        using var client = new PonderChatClient(_engine);
        client.GetService(typeof(Engine)).ShouldBe(_engine);
        client.GetService(typeof(IChatClient)).ShouldBe(client);
        client.GetService(typeof(ChatClientMetadata)).ShouldBeOfType<ChatClientMetadata>().ProviderName.ShouldBe("ponder");
        client.GetService(typeof(string)).ShouldBeNull();
        client.GetService(typeof(Engine), "key").ShouldBeNull();
    }
}
