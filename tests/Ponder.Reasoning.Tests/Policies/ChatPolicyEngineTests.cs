using Ponder.Inference;
using Ponder.Inference.Chat;
using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Tests.Policies;

/// <summary>The shipped policy behind the chat client of the engine, with a chat template of its own.</summary>
public sealed class ChatPolicyEngineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ponder-").FullName;
    private readonly Engine _engine;

    public ChatPolicyEngineTests()
    {
        foreach (string file in Directory.GetFiles(EmbeddedModels.Policy))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        File.WriteAllText(Path.Combine(_folder, "chat_template.jinja"), "{{ bos_token }}{% for message in messages %}{{ message.content }}{% endfor %}");
        _engine = Engine.Load(_folder);
    }

    public void Dispose()
    {
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_engine_behind_a_chat_client_solves_the_same_way_again()
    {
        using var client = new PonderChatClient(_engine);
        var problem = new Problem { Prompt = Prompt.Plain("Make 24 from 3 7 8 12:\n"), Question = "Make 24 from 3 7 8 12.", Answers = new LastLine() };
        var texts = new List<string>();
        for (int run = 0; run < 2; run++)
        {
            using var session = new SolveSession(problem, new ChatPolicy(client), new SolveSettings { Seed = 7, MaxTokens = 64 }, PolicyFeatures.None, default);
            await new Majority(4).SolveAsync(session);

            texts.Add(string.Join('|', session.Thoughts.Select(thought => thought.Text)));
            session.Ledger.GeneratedTokens.ShouldBe(session.Thoughts.Sum(thought => thought.GeneratedTokens));
            session.Ledger.GeneratedTokens.ShouldBeGreaterThan(4);
            session.Ledger.PromptTokens.ShouldBe(4 * _engine.EncodePrompt(problem.Prompt.Text!).Length);
            session.Notes.ShouldBeEmpty();
        }
        texts[0].ShouldContain("left");
        texts[0].ShouldBe(texts[1]);
        texts[0].Split('|').Distinct().Count().ShouldBeGreaterThan(2);
    }

    private sealed class LastLine : IAnswerReader
    {
        public string? Read(string text) => text.TrimEnd().Split('\n')[^1];

        public bool AreSame(string first, string second) => first == second;
    }
}
