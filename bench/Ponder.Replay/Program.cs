using System.CommandLine;
using Ponder.Numerics;
using Ponder.Replay.Commands;

var root = new RootCommand("Measures the engine as a whole: recorded traces, samples of one prompt, the cost of a step; and strategies on the built-in puzzles.")
{
    AzureCommand.Create(),
    MooncakeCommand.Create(),
    BestOfCommand.Create(),
    StepCostCommand.Create(),
    SolveCommand.Create(),
    PuzzlesCommand.Create(),
    SharingCommand.Create(),
    AutoCommand.Create(),
};
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception error) when (error is PonderException or ArgumentException or IOException or InvalidDataException)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
