using Ponder.Cli.Tests.Support;

namespace Ponder.Cli.Tests;

public class CommandLineTests
{
    public static TheoryData<string> CommandNames =>
        ["solve", "strategies", "run", "chat", "batch", "embed", "perplexity", "info", "pull", "models", "tokenize", "template", "score", "logits", "bench", "tune", "new", "completion"];

    [Theory]
    [MemberData(nameof(CommandNames))]
    public async Task Every_command_explains_itself_with_examples(string command)
    {
        string help = (await CliRunner.RunAsync(command, "--help")).ShouldSucceed();
        help.ShouldContain($"ponder {command}");
        help.ShouldContain("Examples:");
    }

    [Fact]
    public async Task Without_a_command_the_help_lists_the_commands()
    {
        string help = (await CliRunner.RunAsync()).ShouldSucceed();
        foreach (var row in CommandNames)
            help.ShouldContain(((string)row).PadRight(((string)row).Length + 1));
        help.Split('\n').ShouldAllBe(line => line.Length <= 140);
    }

    [Fact]
    public async Task The_version_is_one_line() => (await CliRunner.RunAsync("--version")).ShouldSucceed().ShouldMatch(@"\Aponder \d+\.\d+\.\d+\S*\n\z");

    [Theory]
    [InlineData("'runn' (did you mean 'run'?)", "runn")]
    [InlineData("'--temprature' (did you mean '--temperature'?)", "run", "puzzles", "--temprature", "1")]
    [InlineData("there is no option '--nothing-like-it'; see", "info", "puzzles", "--nothing-like-it")]
    [InlineData("there is no argument 'extra'", "models", "extra")]
    [InlineData("MODEL is missing", "run")]
    [InlineData("--prompt wants a value", "run", "puzzles", "-p")]
    [InlineData("--top-k wants a whole number, not 'abc'", "run", "puzzles", "-p", "x", "--top-k", "abc")]
    [InlineData("--context", "template", "puzzles")]
    [InlineData("ksh", "completion", "ksh")]
    public async Task Wrong_use_is_one_sentence_that_names_it(string part, params string[] args) => (await CliRunner.RunAsync(args)).ShouldBeRefused(part);

    [Theory]
    [InlineData("--temperature must be", "--temperature=-1")]
    [InlineData("--temperature must be", "--temperature=nan")]
    [InlineData("--top-p must be", "--top-p=1.5")]
    [InlineData("--top-k must", "--top-k=-2")]
    [InlineData("--min-p must be", "--min-p=2")]
    [InlineData("--typical must be", "--typical=0")]
    [InlineData("--top-n-sigma must be", "--top-n-sigma=-1")]
    [InlineData("--mirostat-tau must be", "--mirostat-tau=nan")]
    [InlineData("--repetition-penalty must be", "--repetition-penalty=0")]
    [InlineData("--dry-allowed-length must be", "--dry-allowed-length=0")]
    [InlineData("--logit-bias must be", "--logit-bias=5=101")]
    [InlineData("--logit-bias holds token 99999999", "--logit-bias=99999999=1")]
    [InlineData("--logit-bias wants ID=VALUE", "--logit-bias=five=1")]
    [InlineData("--logit-bias is given twice", "--logit-bias=5=1", "--logit-bias=5=-inf")]
    [InlineData("--max-tokens must be", "--max-tokens=0")]
    [InlineData("--stop wants a value", "--stop=")]
    [InlineData("--threads", "--threads=-1")]
    [InlineData("--seed", "--seed=-1")]
    public async Task Options_out_of_range_are_named(string part, params string[] options) =>
        (await CliRunner.RunAsync(["run", "puzzles", "-p", "x", .. options])).ShouldBeRefused(part);

    [Fact]
    public async Task A_text_that_begins_with_an_at_sign_is_a_text() =>
        (await CliRunner.RunAsync("tokenize", "puzzles", "--text", "@file", "--json")).ShouldSucceed().ShouldStartWith("[");

    [Fact]
    public async Task Errors_come_with_their_trace_when_asked_for()
    {
        var result = await CliRunner.StartAsync(["info", "nowhere.gguf"], variables: new() { [CommandLine.TraceVariable] = "1" });
        result.Code.ShouldBe(2);
        result.Error.ShouldContain("   at ");
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _ponder ponder")]
    [InlineData("zsh", "compdef _ponder ponder")]
    [InlineData("fish", "complete -c ponder")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_scripts_register_themselves(string shell, string line) =>
        (await CliRunner.RunAsync("completion", shell)).ShouldSucceed().ShouldContain(line);

    [Theory]
    [InlineData("ponder r", "run")]
    [InlineData("ponder run m --tem", "--temperature")]
    [InlineData("ponder new --shape smol", "smollm2-135m")]
    [InlineData("ponder solve --strategy maj", "majority")]
    [InlineData("ponder solve --strategy majority --set sam", "samples=16")]
    [InlineData("ponder solve --task ch", "chain")]
    [InlineData("ponder solve --verifier js", "json-schema:")]
    [InlineData("ponder strategies maj", "majority")]
    public async Task The_program_suggests_what_fits(string line, string suggestion) =>
        (await CliRunner.RunAsync($"[suggest:{line.Length}]", line)).ShouldSucceed().Split('\n').ShouldContain(suggestion);
}
