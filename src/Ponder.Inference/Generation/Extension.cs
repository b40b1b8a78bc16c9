using Ponder.Inference.Branches;
using Ponder.Inference.Sampling;
using Ponder.Inference.Scheduling;

namespace Ponder.Inference.Generation;

/// <summary>Extends branches and puts what was drawn together.</summary>
internal static class Extension
{
    /// <summary>Extends branches, all from the same step on.</summary>
    public static Task<Completion>[] RunAsync(EngineLoop loop, IReadOnlyList<Branch> branches, GenerationOptions options, CancellationToken stop)
    {
        loop.Checks.DemandLanguageModel("generate text");
        loop.Checks.DemandOptions(options);
        if (stop.IsCancellationRequested)
            return [.. branches.Select(_ => Task.FromCanceled<Completion>(stop))];
        var chain = SamplerChain.Create(options.Sampling, loop.Tokenizer, loop.Outputs);
        var jobs = new GenerationJob[branches.Count];
        var builders = new CompletionBuilder[branches.Count];
        lock (loop.Gate)
        {
            for (int i = 0; i < jobs.Length; i++)
            {
                if (branches[i].Length > loop.Context)
                    throw new ContextLengthException(branches[i].Length, loop.Context, "The branch");
                builders[i] = new CompletionBuilder();
                jobs[i] = new GenerationJob(loop, branches[i], options, chain) { OnToken = builders[i].Add };
            }
            loop.Submit(jobs);
        }
        foreach (var job in jobs)
            job.Watch(loop, stop);
        return [.. jobs.Select((job, i) => Result(job, builders[i]))];

        static async Task<Completion> Result(Job job, CompletionBuilder builder)
        {
            await job.Ended.ConfigureAwait(false);
            return builder.Build();
        }
    }
}
