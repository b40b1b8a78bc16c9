using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace Ponder.CodeRunner.CSharp;

/// <summary>Compiles C# against the framework that runs this process.</summary>
internal static class Compiler
{
    // Debug.Assert is compiled only where DEBUG is defined.
    private static readonly CSharpParseOptions Parsing = CSharpParseOptions.Default.WithPreprocessorSymbols("DEBUG").WithLanguageVersion(LanguageVersion.Latest);

    public static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, Parsing);

    /// <summary>Whether a text is well formed, whatever its names mean.</summary>
    public static bool IsWellFormed(SyntaxTree tree) => tree.GetDiagnostics().All(one => one.Severity != DiagnosticSeverity.Error);

    /// <summary>The method that a program's beginning leaves open: the last one.</summary>
    /// <exception cref="CompilerException">There is none.</exception>
    public static MethodDeclarationSyntax OpenMethod(string prompt) =>
        Parse(prompt + "\n}}").GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().LastOrDefault()
        ?? throw new CompilerException("the program's beginning opens no method");

    /// <summary>Compiles and loads a program.</summary>
    /// <exception cref="CompilerException">It does not compile: the first error.</exception>
    public static Assembly Compile(SyntaxTree tree, OutputKind kind = OutputKind.DynamicallyLinkedLibrary)
    {
        var compilation = CSharpCompilation.Create(
            $"check-{Environment.ProcessId}", [tree], References(),
            new CSharpCompilationOptions(kind, concurrentBuild: false, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true));
        using var code = new MemoryStream();
        var result = compilation.Emit(code, options: new EmitOptions());
        if (!result.Success)
        {
            var error = result.Diagnostics.First(one => one.Severity == DiagnosticSeverity.Error);
            throw new CompilerException(error.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        }
        return Assembly.Load(code.ToArray());
    }

    // The parts of the framework that programs of this kind use; reading all 170 would take a third of the time.
    private static IEnumerable<MetadataReference> References()
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] names =
        [
            "System.Private.CoreLib", "System.Runtime", "System.Collections", "System.Collections.Concurrent", "System.Collections.Immutable", "System.Console",
            "System.Diagnostics.Process", "System.Diagnostics.TraceSource", "System.Linq", "System.Memory", "System.Net.Primitives", "System.Net.Sockets",
            "System.Net.Http", "System.Private.Uri", "System.Runtime.Extensions", "System.Runtime.InteropServices", "System.Runtime.Numerics",
            "System.Security.Cryptography", "System.Text.Encoding.Extensions", "System.Text.Json", "System.Text.RegularExpressions", "System.Threading",
            "System.Threading.Thread", "System.Threading.Tasks", "System.Threading.Tasks.Parallel", "System.ComponentModel.Primitives",
            "System.ComponentModel", "Microsoft.Win32.Primitives", "netstandard",
        ];
        return names.Select(name => Path.Combine(folder, name + ".dll")).Where(File.Exists)
            .Append(typeof(Compiler).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path));
    }
}

/// <summary>Code that does not compile: why, without a full stop.</summary>
internal sealed class CompilerException(string message) : Exception(message);
