using System.Diagnostics;
using System.Reflection;

namespace Ponder.CodeRunner.CSharp;

/// <summary>
/// The side that runs the tests. The wanted method is here only as a stub that asks the other side, so the answer's code never shares a process
/// with the tests: it cannot skip them, change them, or say that they passed.
/// </summary>
internal static class TestSide
{
    public static int Run()
    {
        var frames = Frames.Take();
        var job = Job.Parse(frames.ReadText());
        try
        {
            var program = Compiler.Compile(Compiler.Parse(WithStub(job)));
            Remote.Start(frames);
            Trace.Listeners.Clear();
            Trace.Listeners.Add(new Thrower());
            const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
            var main = program.GetTypes().Select(type => type.GetMethod("Main", Any)).FirstOrDefault(method => method is not null)
                ?? throw new CompilerException("they have no method Main");
            main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
        }
        catch (CompilerException error)
        {
            return Report($"broken the tests do not compile: {error.Message}", 1);
        }
        catch (Exception error)
        {
            var cause = error is TargetInvocationException { InnerException: Exception inner } ? inner : error;
            return Report($"failed {(cause is TestException ? cause.Message : $"the test threw {cause.GetType().Name}: {cause.Message}")}", 1);
        }
        return Report("passed", 0);
    }

    private static string WithStub(Job job)
    {
        var method = Compiler.OpenMethod(job.Prompt);
        string arguments = string.Join(", ", method.ParameterList.Parameters.Select(parameter => parameter.Identifier.Text));
        string type = method.ReturnType.ToString();
        string call = $"global::{typeof(Remote).FullName}.Call<{(type == "void" ? "object" : type)}>(new object[] {{ {arguments} }});";
        return $"{job.Prompt}\n{(type == "void" ? "" : "return ")}{call}\n{job.Tests}";
    }

    private static int Report(string text, int code)
    {
        Console.Error.WriteLine(text.ReplaceLineEndings(" "));
        return code;
    }

    private sealed class Thrower : TraceListener
    {
        public override void Fail(string? message, string? detailMessage) =>
            throw new TestException(string.IsNullOrEmpty(message) ? "a test failed" : $"the test {message} failed");

        public override void Write(string? message)
        {
        }

        public override void WriteLine(string? message)
        {
        }
    }
}

/// <summary>A test that did not hold: why, without a full stop.</summary>
internal sealed class TestException(string message) : Exception(message);
