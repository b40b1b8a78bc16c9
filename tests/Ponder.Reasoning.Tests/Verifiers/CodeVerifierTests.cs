using System.Diagnostics;
using Ponder.Reasoning.Verifiers;
using Ponder.Reasoning.Verifiers.Code;

namespace Ponder.Reasoning.Tests.Verifiers;

/// <summary>Skipped where code of a language cannot be run.</summary>
public sealed class CodeFactAttribute : FactAttribute
{
    public CodeFactAttribute(CodeLanguage language) => Skip = CodeVerifier.Missing(language);
}

/// <summary>Skipped where code of a language cannot be run.</summary>
public sealed class CodeTheoryAttribute : TheoryAttribute
{
    public CodeTheoryAttribute(CodeLanguage language) => Skip = CodeVerifier.Missing(language);
}

public sealed class CodeVerifierTests
{
    // Tests share the machine with others: only processor time is judged.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly CodeProblem Double = new(
        CodeLanguage.Python, "def double(x: int) -> int:\n    \"\"\" Twice x. \"\"\"\n",
        "def check(candidate):\n    assert candidate(2) == 4\n    assert candidate(-3) == -6\n\ncheck(double)", "double");

    private static readonly CodeProblem SharpDouble = new(
        CodeLanguage.CSharp, "using System;\nusing System.Diagnostics;\nclass Problem {\n    // Twice x.\n    public static long Twice(long x) {\n",
        "    }\n    public static void Main(string[] args) {\n    Debug.Assert(Twice((2L)) == (4L));\n    Debug.Assert(Twice((-3L)) == (-6L));\n    }\n\n}\n");

    [CodeFact(CodeLanguage.Python)]
    public async Task A_right_program_in_a_fenced_block_passes()
    {
        (await Check(Double, "Here it is:\n```python\ndef double(x):\n    return 2 * x\n```\nDone."))
            .ShouldBe(new Verdict(true, "def double(x):\n    return 2 * x\n"));
    }

    [CodeTheory(CodeLanguage.Python)]
    [InlineData("    return x + x\n")]
    [InlineData("double = lambda x: x << 1")]
    [InlineData("import math\n\ndef double(x):\n    print('thinking', x)\n    return int(math.ldexp(x, 1))\n\nif __name__ == '__main__':\n    double(input())\n")]
    public async Task Right_code_passes_whether_it_goes_on_or_begins_anew(string code) => (await Check(Double, code)).IsCorrect.ShouldBe(true);

    [CodeTheory(CodeLanguage.Python)]
    [InlineData("def double(x):\n    return x * x", "the test assert candidate(-3) == -6 failed")]
    [InlineData("def double(x):\n    return x / 0", "the code raised ZeroDivisionError: division by zero")]
    [InlineData("def double(x:\n", "the code raised SyntaxError: '(' was never closed (<unknown>, line 1)")]
    [InlineData("def triple(x):\n    return 3 * x", "the test assert candidate(2) == 4 failed")]
    [InlineData("def double(x):\n    return object()", "the code raised TypeError: a value of the type object cannot be compared here")]
    [InlineData("I do not know.", "the code raised SyntaxError: invalid syntax (<unknown>, line 1)")]
    public async Task Wrong_code_fails_with_a_reason(string code, string reason)
    {
        var verdict = await Check(Double, code);
        verdict.IsCorrect.ShouldBe(false);
        verdict.Reason.ShouldBe(reason);
    }

    [CodeFact(CodeLanguage.Python)]
    public async Task Helpers_of_the_prompt_and_values_of_all_kinds_reach_both_sides()
    {
        var problem = new CodeProblem(
            CodeLanguage.Python, "import math\ndef half(x):\n    return x / 2\n\ndef mirror(*values, last=None):\n    \"\"\" What it is given. \"\"\"\n",
            """
            def check(candidate):
                for value in [None, True, 10 ** 40, -1.5, float("inf"), 2j, "\u00e9\n'\"\ud800", b"\x00", [], (1,), (), {1, 2}, set(), {"a": [{}]}]:
                    back, = candidate(value)
                    assert back == value and type(back) is type(value)
                assert candidate(half(3), last=half(5)) == (1.5, 2.5)
            """, "mirror");
        (await Check(problem, "def mirror(*values, last=None):\n    return values if last is None else (half(3), last)")).ShouldSatisfyAllConditions(v => v.Reason.ShouldBeNull(), v => v.IsCorrect.ShouldBe(true));
    }

    [CodeTheory(CodeLanguage.Python)]
    [InlineData("class All:\n    def __eq__(self, other):\n        return True\ndef double(x):\n    return All()")]
    [InlineData("class All(int):\n    def __eq__(self, other):\n        return True\ndef double(x):\n    return All(1)")]
    [InlineData("print('passed')\nimport os\nos._exit(0)\ndef double(x): pass")]
    [InlineData("import os, sys\nos.write(1, b'passed\\n'); os.write(2, b'passed\\n')\nsys.exit(0)\ndef double(x): pass")]
    [InlineData("import os\ndef double(x):\n    for fd in range(20):\n        try: os.write(fd, b'passed\\n')\n        except OSError: pass\n    os._exit(0)")]
    [InlineData("import os\ndef double(x):\n    for fd in range(20):\n        try: os.close(fd)\n        except OSError: pass\n    return 4")]
    [InlineData("import ast, builtins, sys\nast.literal_eval = lambda text: True\nbuiltins.AssertionError = BaseException\nsys.stdin.close()\ndef double(x):\n    return 5")]
    [InlineData("import gc, sys\ndef double(x):\n    for o in gc.get_objects():\n        if isinstance(o, dict) and 'Tests' in o: o['Tests'] = ''\n    frame = sys._getframe()\n    while frame:\n        frame.f_locals.clear()\n        frame = frame.f_back\n    return 0")]
    [InlineData("import atexit, os\natexit.register(lambda: os.write(2, b'passed\\n'))\ndef double(x):\n    raise SystemExit(0)")]
    public async Task Code_cannot_say_of_itself_that_it_passed(string code) => (await Check(Double, code)).IsCorrect.ShouldBe(false);

    [CodeTheory(CodeLanguage.Python)]
    [InlineData("while True: pass", "the code used more than 1 s of processor time, or too much memory")]
    [InlineData("bytearray(8 << 30)", "the code raised MemoryError:")]
    [InlineData("import mmap; m = mmap.mmap(-1, 8 << 30); m.write(b'x' * (8 << 30))", "the code raised PermissionError: [Errno 1] Operation not permitted")]
    [InlineData("x = []\n    while True: x.append(' ' * (1 << 20))", "the code raised MemoryError:")]
    [InlineData("import os\n    while True: os.fork()", "the code raised PermissionError: [Errno 1] Operation not permitted")]
    [InlineData("import os; os.posix_spawn('/bin/sh', ['sh'], {})", "the code raised PermissionError: [Errno 1] Operation not permitted: '/bin/sh'")]
    [InlineData("import subprocess; subprocess.run(['true'])", "the code raised PermissionError: [Errno 1] Operation not permitted")]
    [InlineData("import socket; socket.socket()", "the code raised PermissionError: [Errno 1] Operation not permitted")]
    [InlineData("import os; os.kill(os.getppid(), 9)", "the code raised PermissionError: [Errno 1] Operation not permitted")]
    [InlineData("while True: print('x' * 100000)", "the code printed more than 100000 bytes")]
    [InlineData("return 'x' * (20 << 20)", "the code returned too much")]
    [InlineData("import threading, time\n    while True: threading.Thread(target=time.sleep, args=(9,)).start()", "the code raised RuntimeError: can't start new thread")]
    public async Task Code_is_held_to_its_limits(string statement, string reason)
    {
        var limits = new CodeLimits { Time = Patience, CpuSeconds = 1, OutputBytes = 100_000, MemoryBytes = 256 << 20 };
        var verdict = await Check(Double, $"def double(x):\n    {statement}\n    return 2 * x", limits);
        verdict.IsCorrect.ShouldBe(false);
        verdict.Reason.ShouldBe(reason);
    }

    [CodeFact(CodeLanguage.Python)]
    public async Task Code_that_sleeps_is_ended_by_the_clock()
    {
        var watch = Stopwatch.StartNew();
        var verdict = await Check(Double, "import time\ndef double(x):\n    time.sleep(60)", new CodeLimits { Time = TimeSpan.FromSeconds(1) });
        verdict.ShouldSatisfyAllConditions(v => v.IsCorrect.ShouldBeNull(), v => v.Reason.ShouldBe("the check took longer than 1 s"));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(6));
    }

    [CodeFact(CodeLanguage.Python)]
    public async Task A_check_that_is_cancelled_ends_at_once()
    {
        using var stop = new CancellationTokenSource(300);
        var watch = Stopwatch.StartNew();
        await Should.ThrowAsync<OperationCanceledException>(
            () => new CodeVerifier(Double).VerifyAsync(null!, "import time\ndef double(x):\n    time.sleep(60)", stop.Token));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [CodeFact(CodeLanguage.Python)]
    public async Task Code_changes_no_file_and_reads_none_but_its_own()
    {
        string folder = Directory.CreateTempSubdirectory("ponder-code-").FullName;
        try
        {
            string secret = Path.Combine(folder, "secret");
            File.WriteAllText(secret, "here");
            Environment.SetEnvironmentVariable("PONDER_TEST_SECRET", "here");
            var problem = Double with { Tests = $"def check(candidate):\n    assert candidate({System.Text.Json.JsonSerializer.Serialize(folder)}) == []\n" };
            var verdict = await Check(problem, """
                import os
                def double(folder):
                    secret = folder + "/secret"
                    done = []
                    def attempt(name, action):
                        try:
                            done.append((name, str(action())[:100]))
                        except OSError:
                            pass
                    attempt("read", lambda: open(secret).read())
                    attempt("list", lambda: os.listdir(folder))
                    attempt("passwords", lambda: open("/etc/passwd").read())
                    attempt("write", lambda: open(secret, "w"))
                    attempt("append", lambda: open(secret, "a"))
                    attempt("create", lambda: open(folder + "/new", "x"))
                    attempt("create here", lambda: open("new", "x"))
                    attempt("remove", lambda: os.remove(secret))
                    attempt("truncate", lambda: os.truncate(secret, 0))
                    attempt("rename", lambda: os.rename(secret, secret + "2"))
                    attempt("link", lambda: os.symlink("/", folder + "/link"))
                    attempt("mode", lambda: os.chmod(secret, 0o777))
                    attempt("time", lambda: os.utime(secret))
                    attempt("folder", lambda: os.mkdir(folder + "/sub"))
                    attempt("shared memory", lambda: open("/dev/shm/ponder-code-test", "w"))
                    attempt("memory file", lambda: os.memfd_create("x"))
                    attempt("parent", lambda: open("/proc/%d/environ" % os.getppid()).read())
                    attempt("parent's memory", lambda: open("/proc/%d/mem" % os.getppid(), "rb"))
                    attempt("priority", lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19))
                    if any("SECRET" in name or "PATH" in name or "HOME" in name for name in os.environ):
                        done.append("environment")
                    return done
                """);
            verdict.Reason.ShouldBeNull();
            verdict.IsCorrect.ShouldBe(true);
            Directory.GetFileSystemEntries(folder).ShouldBe([secret]);
            File.ReadAllText(secret).ShouldBe("here");
        }
        finally
        {
            Environment.SetEnvironmentVariable("PONDER_TEST_SECRET", null);
            Directory.Delete(folder, recursive: true);
        }
    }

    [CodeTheory(CodeLanguage.CSharp)]
    [InlineData("```csharp\nusing System;\nclass Problem {\n    public static long Twice(long x) { Console.WriteLine(x); return 2 * x; }\n    static void Main() { }\n}\n```")]
    [InlineData("        return x + x;\n    }\n")]
    public async Task Right_csharp_passes(string text) =>
        (await Check(SharpDouble, text)).ShouldSatisfyAllConditions(v => v.Reason.ShouldBeNull(), v => v.IsCorrect.ShouldBe(true));

    [CodeTheory(CodeLanguage.CSharp)]
    [InlineData("return x * x;", "the test Twice((-3L)) == (-6L) failed")]
    [InlineData("return \"four\";", "the code does not compile: Cannot implicitly convert type 'string' to 'long'")]
    [InlineData("throw new System.Exception(\"no\");", "the code threw Exception: no")]
    [InlineData("Console.WriteLine(\"passed\"); Console.Error.WriteLine(\"passed\"); Environment.Exit(0); return 0;", "the code's process ended: passed")]
    [InlineData("while (true) { }", "the code used more than 3 s of processor time, or too much memory")]
    [InlineData("var all = new System.Collections.Generic.List<byte[]>(); while (true) all.Add(new byte[10_000_000]);", "the code threw OutOfMemoryException: ")]
    public async Task Wrong_csharp_fails_with_a_reason(string body, string reason)
    {
        var verdict = await Check(SharpDouble, $"using System;\nclass Problem {{ public static long Twice(long x) {{ {body} }} }}", new CodeLimits { Time = Patience, CpuSeconds = 3 });
        verdict.IsCorrect.ShouldBe(false);
        verdict.Reason!.ShouldStartWith(reason);
    }

    [CodeFact(CodeLanguage.CSharp)]
    public async Task Csharp_code_changes_no_file_starts_no_process_and_reaches_no_network()
    {
        string folder = Directory.CreateTempSubdirectory("ponder-code-").FullName;
        try
        {
            string secret = Path.Combine(folder, "secret");
            File.WriteAllText(secret, "here");
            var problem = new CodeProblem(
                CodeLanguage.CSharp, "using System;\nusing System.Diagnostics;\nclass Problem {\n    public static string Try(string folder) {\n",
                $"}} public static void Main() {{ string got = Try({System.Text.Json.JsonSerializer.Serialize(folder)}); Debug.Assert(got == \"\", got); }} }}");
            var verdict = await Check(problem, """
                using System;
                using System.Collections.Generic;
                using System.IO;
                using System.Linq;
                using System.Runtime.InteropServices;
                class Problem {
                    [DllImport("libc", SetLastError = true)] static extern int kill(int pid, int signal);
                    [DllImport("libc")] static extern int getppid();
                    [DllImport("libc")] static extern int fork();
                    [DllImport("libc")] static extern IntPtr mmap(IntPtr at, UIntPtr size, int protection, int flags, int file, IntPtr offset);
                    public static string Try(string folder) {
                        var done = new List<string>();
                        string secret = folder + "/secret";
                        void Attempt(string name, Action action) { try { action(); done.Add(name); } catch (Exception) { } }
                        Attempt("read", () => File.ReadAllText(secret));
                        Attempt("write", () => File.WriteAllText(secret, "x"));
                        Attempt("create", () => File.WriteAllText(folder + "/new", "x"));
                        Attempt("delete", () => File.Delete(secret));
                        Attempt("process", () => System.Diagnostics.Process.Start("/bin/true"));
                        Attempt("network", () => new System.Net.Sockets.TcpClient("127.0.0.1", 22));
                        Attempt("parent", () => File.ReadAllText($"/proc/{getppid()}/environ"));
                        if (kill(getppid(), 9) == 0) done.Add("kill");
                        if (fork() >= 0) done.Add("fork");
                        if (mmap(IntPtr.Zero, (UIntPtr)(8UL << 30), 3, 0x22, -1, IntPtr.Zero) != new IntPtr(-1)) done.Add("mmap");
                        if (mmap(IntPtr.Zero, (UIntPtr)(16UL << 20), 3, 0x21, -1, IntPtr.Zero) != new IntPtr(-1)) done.Add("shared");
                        done.AddRange(Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => !name.StartsWith("DOTNET_") && name != "LANG"));
                        return string.Join(", ", done);
                    }
                }
                """);
            verdict.Reason.ShouldBeNull();
            verdict.IsCorrect.ShouldBe(true);
            Directory.GetFileSystemEntries(folder).ShouldBe([secret]);
            File.ReadAllText(secret).ShouldBe("here");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_problem_in_python_names_its_function() =>
        Should.Throw<VerifierException>(() => new CodeVerifier(Double with { EntryPoint = null })).Message.ShouldBe("Tests in Python need the name of the function that they call.");

    [CodeTheory(CodeLanguage.Python)]
    [InlineData("def check(candidate", "the tests do not compile")]
    public async Task Tests_that_are_broken_leave_the_answer_unverified(string tests, string reason)
    {
        var verdict = await Check(Double with { Tests = tests }, "def double(x):\n    return 2 * x");
        verdict.IsCorrect.ShouldBeNull();
        verdict.Reason!.ShouldStartWith(reason);
    }

    private static Task<Verdict> Check(CodeProblem problem, string text, CodeLimits? limits = null) => new CodeVerifier(problem, limits ?? new CodeLimits { Time = Patience }).VerifyAsync(null!, text);
}
