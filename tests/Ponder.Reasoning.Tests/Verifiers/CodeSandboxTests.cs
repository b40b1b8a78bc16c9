using Ponder.Reasoning.Verifiers;
using Ponder.Reasoning.Verifiers.Code;

namespace Ponder.Reasoning.Tests.Verifiers;

public sealed class CodeSandboxTests
{
    private static bool CanRun(string language) => CodeVerifier.Missing(language == "python" ? CodeLanguage.Python : CodeLanguage.CSharp) is null;

    [Theory]
    [InlineData("python", "import math\nprint(math.factorial(5))\nprint(sum(range(4)))", "120\n6\n")]
    [InlineData("csharp", "int Twice(int x) => 2 * x;\nConsole.WriteLine(Twice(21));\nConsole.WriteLine(BigInteger.Pow(2, 70));", "42\n1180591620717411303424\n")]
    [InlineData("csharp", "class Program { static void Main() { Console.WriteLine(string.Join(\",\", Enumerable.Range(1, 3))); } }", "1,2,3\n")]
    public async Task What_a_program_prints_is_its_result(string language, string code, string printed)
    {
        if (!CanRun(language))
            return;
        var run = await new CodeSandbox().RunAsync(language, code, default);
        run.Error.ShouldBeNull();
        run.ShouldBe(new CodeRun(true, printed, null));
    }

    [Theory]
    [InlineData("python", "print(1 / 0)", "ZeroDivisionError")]
    [InlineData("python", "open('/tmp/x', 'w')", "failed")]
    [InlineData("python", "import os\nos.fork()", "failed")]
    [InlineData("python", "while True: pass", "time")]
    [InlineData("python", "print('x' * (4 << 20))", "printed more than")]
    [InlineData("python", "def", "SyntaxError")]
    [InlineData("csharp", "throw new InvalidOperationException(\"mine\");", "it threw InvalidOperationException: mine")]
    [InlineData("csharp", "int x = \"text\";", "it does not compile")]
    [InlineData("csharp", "File.WriteAllText(\"/tmp/x\", \"x\");", "failed")]
    public async Task What_fails_or_leaves_its_limits_says_why(string language, string code, string reason)
    {
        if (!CanRun(language))
            return;
        var run = await new CodeSandbox(new CodeLimits { CpuSeconds = 3, Time = TimeSpan.FromSeconds(20) }).RunAsync(language, code, default);
        run.Ended.ShouldBeFalse();
        run.Error!.ShouldContain(reason);
    }

    [Fact]
    public async Task An_unknown_language_is_refused() =>
        (await Should.ThrowAsync<ArgumentException>(new CodeSandbox().RunAsync("cobol", "", default))).Message.ShouldContain("python or csharp");
}
