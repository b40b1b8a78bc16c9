using Ponder.CodeRunner.Confinement;
using Ponder.CodeRunner.CSharp;

namespace Ponder.CodeRunner;

/// <summary>
/// Not for people: Ponder starts it to run code that a model wrote. <c>enter</c> confines the process and replaces it by another program;
/// <c>answer</c> and <c>tests</c>, which are only started through it, are the two sides of a check in C#; <c>program</c> runs a program in C#.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["enter", var limits, "--", .. var program] when program.Length > 0:
                Entrance.Enter(Limits.Parse(limits), program);
                return Entrance.Failed;
            case ["answer"]:
                return AnswerSide.Run();
            case ["tests"]:
                return TestSide.Run();
            case ["program"]:
                return ProgramSide.Run();
            default:
                Console.Error.WriteLine("Ponder.CodeRunner is started by Ponder, to run code within limits.");
                return 2;
        }
    }
}
