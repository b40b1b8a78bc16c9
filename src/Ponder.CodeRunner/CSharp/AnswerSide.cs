using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ponder.CodeRunner.CSharp;

/// <summary>
/// The side that holds the answer's code: compiles it, then calls its method with the arguments that come in, and sends back what it returns. The
/// code may do here what it likes; all that it can change is what is sent back, which the other side compares.
/// </summary>
internal static class AnswerSide
{
    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static int Run()
    {
        var frames = Frames.Take();
        var job = Job.Parse(frames.ReadText());
        MethodInfo method;
        try
        {
            var wanted = Compiler.OpenMethod(job.Prompt);
            method = Find(Compiler.Compile(Complete(job, wanted)), wanted);
        }
        catch (CompilerException error)
        {
            Reply(frames, 'x', $"the code does not compile: {error.Message}");
            return 1;
        }
        Reply(frames, 'r', "");
        while (frames.Read() is byte[] message)
            Call(frames, method, message);
        return 0;
    }

    private static void Call(Frames frames, MethodInfo method, byte[] message)
    {
        object? value;
        try
        {
            using var reader = new BinaryReader(new MemoryStream(message));
            object?[] arguments = [.. method.GetParameters().Select(parameter => Values.Read(reader, parameter.ParameterType))];
            value = method.Invoke(null, arguments);
        }
        catch (Exception error)
        {
            var cause = error is TargetInvocationException { InnerException: Exception inner } ? inner : error;
            Reply(frames, 'x', $"the code threw {cause.GetType().Name}: {cause.Message}");
            return;
        }
        try
        {
            using var memory = new MemoryStream();
            using var writer = new BinaryWriter(memory);
            writer.Write((byte)'v');
            Values.Write(writer, value);
            frames.Write(memory.ToArray());
        }
        catch (InvalidDataException error)
        {
            Reply(frames, 'x', error.Message);
        }
    }

    private static void Reply(Frames frames, char kind, string text) => frames.Write([(byte)kind, .. Encoding.UTF8.GetBytes(text)]);

    // An answer is a whole program, or goes on where the prompt stops, or is a method alone: the first reading that is well formed counts.
    private static SyntaxTree Complete(Job job, MethodDeclarationSyntax wanted)
    {
        string usings = string.Concat(job.Prompt.Split('\n').TakeWhile(line => !line.Contains("class", StringComparison.Ordinal)).Select(line => line + '\n'));
        string code = job.Code!;
        string[] readings = [usings + code, job.Prompt + code + "\n}}", job.Prompt + code + "\n}", job.Prompt + code, $"{usings}class Problem {{\n{code}\n}}"];
        var trees = readings.Select(Compiler.Parse).Where(tree => Methods(tree, wanted.Identifier.Text).Any()).ToArray();
        return trees.FirstOrDefault(Compiler.IsWellFormed)
            ?? trees.FirstOrDefault() ?? throw new CompilerException($"it has no method {wanted.Identifier.Text}");
    }

    // Local functions do not count: nobody outside can call them.
    private static IEnumerable<MethodDeclarationSyntax> Methods(SyntaxTree tree, string name) =>
        tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().Where(method => method.Identifier.Text == name && method.Parent is TypeDeclarationSyntax);

    private static MethodInfo Find(Assembly program, MethodDeclarationSyntax wanted) => program.GetTypes().SelectMany(type => type.GetMethods(Any))
        .FirstOrDefault(method => method.Name == wanted.Identifier.Text && method.GetParameters().Length == wanted.ParameterList.Parameters.Count)
        ?? throw new CompilerException($"it has no static method {wanted.Identifier.Text} with {wanted.ParameterList.Parameters.Count} parameters");
}
