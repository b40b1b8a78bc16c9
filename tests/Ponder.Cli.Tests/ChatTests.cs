using System.Text.Json;
using Ponder.Cli.Tests.Support;

namespace Ponder.Cli.Tests;

public class ChatTests
{
    [Fact]
    public async Task History_is_kept_saved_and_reset()
    {
        using var folder = new TempFolder();
        string input = $"""
            hello
            again

            /save {folder["two.json"]}
            /reset
            /system Be brief.
            third
            /save {folder["one.jsonl"]}
            /exit
            never said
            """;
        var result = await CliRunner.RunWithInputAsync(input, "chat", TinyModel.WriteChat(folder), "--temperature", "0", "--max-tokens", "4");
        result.ShouldSucceed();
        using var two = JsonDocument.Parse(File.ReadAllText(folder["two.json"]));
        two.RootElement.EnumerateArray().Select(message => message.GetProperty("role").GetString()).ShouldBe(["user", "assistant", "user", "assistant"]);
        two.RootElement[0].GetProperty("content").GetString().ShouldBe("hello");
        string[] lines = File.ReadAllLines(folder["one.jsonl"]);
        lines.Length.ShouldBe(3);
        lines[0].ShouldBe("""{"role":"system","content":"Be brief."}""");
        lines[1].ShouldBe("""{"role":"user","content":"third"}""");
        result.Error.ShouldContain("4 messages are in");
    }

    [Fact]
    public async Task A_conversation_longer_than_the_context_is_refused_and_reset_helps()
    {
        using var folder = new TempFolder();
        string input = $"{new string('x', 2000)}\nhello\n/reset\nhello\n/save {folder["after.json"]}\n";
        var result = await CliRunner.RunWithInputAsync(input, "chat", TinyModel.WriteChat(folder), "--temperature", "0", "--max-tokens", "4");
        result.Code.ShouldBe(2);
        result.Error.ShouldContain("the model's context holds 256; /reset begins a new one.");
        using var after = JsonDocument.Parse(File.ReadAllText(folder["after.json"]));
        after.RootElement.GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Ctrl_C_stops_the_answer_and_the_conversation_goes_on()
    {
        using var folder = new TempFolder();
        using var error = new StringWriter();
        Terminal? terminal = null;
        using var output = new Interrupting(() => terminal!.Interrupts.Raise());
        using var input = new StringReader($"hello\n/save {folder["saved.json"]}\n");
        terminal = new Terminal { In = input, Out = output, Error = error };
        int code = await CommandLine.RunAsync(["chat", TinyModel.WriteChat(folder), "--seed", "1", "--temperature", "1", "--max-tokens", "150", "--ignore-eos"], terminal);
        code.ShouldBe(0, error.ToString());
        output.Raised.ShouldBeTrue();
        using var saved = JsonDocument.Parse(File.ReadAllText(folder["saved.json"]));
        saved.RootElement.GetArrayLength().ShouldBe(2);
        terminal.Interrupts.Raise().ShouldBeFalse();            // at the prompt nobody holds it back
    }

    [Theory]
    [InlineData("/rest", "did you mean /reset?")]
    [InlineData("/nonsense-command", "there is no command")]
    [InlineData("/save", "/save wants")]
    [InlineData("/save /nowhere/at/all.json", "cannot be written")]
    public async Task A_command_that_cannot_be_obeyed_says_why(string line, string part)
    {
        using var folder = new TempFolder();
        var result = await CliRunner.RunWithInputAsync(line + "\n", "chat", TinyModel.WriteChat(folder), "--temperature", "0");
        result.Code.ShouldBe(2);
        result.Error.ShouldContain(part);
    }

    [Fact]
    public async Task A_template_that_throws_is_refused_and_named()
    {
        using var folder = new TempFolder();
        string model = TinyModel.WriteChat(folder, "{{ raise_exception('Roles must alternate') }}");
        (await CliRunner.RunWithInputAsync("hello\n", "chat", model, "--temperature", "0")).ShouldBeRefused("chat template", "Roles must alternate");
    }

    [Fact]
    public async Task A_model_without_a_template_cannot_chat() => (await CliRunner.RunAsync("chat", "puzzles")).ShouldBeRefused("no chat template", "ponder run");

    private sealed class Interrupting(Func<bool> raise) : StringWriter
    {
        public bool Raised { get; private set; }

        public override async Task WriteAsync(string? value)
        {
            await base.WriteAsync(value);
            if (!Raised)
                Raised = raise();
        }
    }
}
