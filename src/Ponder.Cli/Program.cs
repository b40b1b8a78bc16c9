using Ponder.Cli;

var terminal = Terminal.OfProcess();
return await CommandLine.RunAsync(args, terminal);
