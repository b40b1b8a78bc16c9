using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// Short by default: three warm-ups and three measurements of each case, in this process. '--job medium' asks for more.
var quick = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).AsDefault();
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(quick));
