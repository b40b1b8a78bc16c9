using Ponder.Reasoning.Verifiers;
using Ponder.Reasoning.Verifiers.Code;

namespace Ponder.Reasoning.Tests.Verifiers;

public sealed class CodeVerifierTests
{
    private static readonly CodeProblem Double = new(
        CodeLanguage.Python, "def double(x: int) -> int:\n    \"\"\" Twice x. \"\"\"\n",
        "def check(candidate):\n    assert candidate(2) == 4\n    assert candidate(-3) == -6\n\ncheck(double)", "double");

    [Fact]
    public async Task Right_python_passes()
    {
        (await Check(Double, "Here it is:\n```python\ndef double(x):\n    return 2 * x\n```\nDone.")).ShouldBe(new Verdict(true, "def double(x):\n    return 2 * x\n"));
    }

    internal static Task<Verdict> Check(CodeProblem problem, string text, CodeLimits? limits = null) =>
        new CodeVerifier(problem, limits).VerifyAsync(null!, text);
}
