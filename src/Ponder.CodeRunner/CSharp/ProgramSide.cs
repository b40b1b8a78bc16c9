using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Ponder.CodeRunner.CSharp;

/// <summary>Runs a program that reads no input; what it prints is its result.</summary>
internal static class ProgramSide
{
    // As a new console project has them.
    private const string Usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Numerics; global using System.Text;\n";

    public static int Run()
    {
        var output = Console.Out;
        var job = Job.Parse(Frames.Take().ReadText());
        Console.SetOut(output);
        try
        {
            var program = Compiler.Compile(Compiler.Parse(Usings + job.Code), OutputKind.ConsoleApplication);
            var main = program.EntryPoint!;
            object? result = main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
            (result as Task)?.GetAwaiter().GetResult();
            output.Flush();
            return 0;
        }
        catch (CompilerException error)
        {
            Console.Error.WriteLine($"it does not compile: {error.Message}");
        }
        catch (Exception error)
        {
            var cause = error is TargetInvocationException { InnerException: Exception inner } ? inner : error;
            Console.Error.WriteLine($"it threw {cause.GetType().Name}: {cause.Message}".ReplaceLineEndings(" "));
        }
        return 1;
    }
}
