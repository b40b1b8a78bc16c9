using Ponder.Reasoning.Problems;

namespace Ponder.Reasoning.Verifiers.Code;

/// <summary>
/// Runs an answer's code against a problem's tests, in two child processes: one holds the code, the other the tests, and only calls and plain
/// values pass between them. So nothing that the code does, prints or redefines can pass for a test that held. Both are confined (Linux): no writing
/// to files, no reading but of the interpreter's own, no network, no other processes, no signals, no environment, limited time and memory.
/// </summary>
public sealed class CodeVerifier : IVerifier
{
    private const long MostMessages = 64L << 20;
    private const int MostReport = 64 << 10;
    private const string Ended = "the code's process ended";

    private readonly CodeProblem _problem;
    private readonly CodeLimits _limits;

    /// <summary>Creates the verifier.</summary>
    /// <param name="problem">The function to write, and its tests.</param>
    /// <param name="limits">What the code may use; null for the defaults.</param>
    /// <exception cref="VerifierException">A problem in Python names no function.</exception>
    public CodeVerifier(CodeProblem problem, CodeLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (problem is { Language: CodeLanguage.Python, EntryPoint: null or "" })
            throw new VerifierException("Tests in Python need the name of the function that they call.");
        (_problem, _limits) = (problem, limits ?? new CodeLimits());
        _limits.Demand();
    }

    /// <inheritdoc/>
    public string Name => "tests";

    /// <summary>False: tests try a few cases of all.</summary>
    public bool IsExact => false;

    /// <inheritdoc/>
    public string Cost => _problem.Language == CodeLanguage.Python ? "two child processes, 0.2 s" : "two child processes and a compiler, 2 s";

    /// <summary>Why code in a language cannot be checked on this machine; null when it can.</summary>
    public static string? Missing(CodeLanguage language) => CodeHost.Missing(language);

    /// <inheritdoc/>
    public async Task<Verdict> VerifyAsync(Problem problem, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (CodeHost.Missing(_problem.Language) is string missing)
            return Verdict.Unverified(missing);
        string code = CodeBlocks.Last(text, _problem.Language);
        using var answer = CodeProcess.Start(CodeHost.Prepare(_problem.Language, "answer", _limits));
        using var tests = CodeProcess.Start(CodeHost.Prepare(_problem.Language, "tests", _limits));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_limits.Time);
        try
        {
            return await CheckAsync(answer, tests, code, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Code that waits, or a machine that is busy: the limit on processor time is the one that tells.
            return new Verdict(null, code, FormattableString.Invariant($"the check took longer than {_limits.Time.TotalSeconds:0.###} s"));
        }
    }

    private async Task<Verdict> CheckAsync(CodeProcess answer, CodeProcess tests, string code, CancellationToken stop)
    {
        await answer.GiveAsync(_problem.Language, new Job(_problem.Prompt, code, null, _problem.EntryPoint), stop).ConfigureAwait(false);
        await tests.GiveAsync(_problem.Language, new Job(_problem.Prompt, null, _problem.Tests, _problem.EntryPoint), stop).ConfigureAwait(false);
        var printed = answer.PrintedAsync(_limits.OutputBytes, stop);
        var report = tests.PrintedAsync(MostReport, stop);
        var returned = answer.RelayAsync(tests, MostMessages, stop);
        var called = tests.RelayAsync(answer, MostMessages, stop);

        // The tests' word decides. Their process ends by itself when the other's messages do.
        string text = (await report.ConfigureAwait(false)).Text;
        var (exit, isUnconfined) = await tests.EndedAsync(stop).ConfigureAwait(false);
        string last = text.Trim().Split('\n')[^1];
        if (last.EndsWith(Ended, StringComparison.Ordinal) && await answer.WasKilledAsync(stop).ConfigureAwait(false))
            last = $"failed the code used more than {_limits.CpuSeconds} s of processor time, or too much memory";
        answer.End();
        var (shown, isTooLong) = await printed.ConfigureAwait(false);
        bool isTooMuch = await returned.ConfigureAwait(false);
        await called.ConfigureAwait(false);
        if (isUnconfined)
            return Verdict.Unverified($"the code could not be confined: {last}");
        if (isTooLong)
            return new Verdict(false, code, $"the code printed more than {_limits.OutputBytes} bytes");
        if (isTooMuch)
            return new Verdict(false, code, $"the code returned more than {MostMessages} bytes");
        return last.Split(' ', 2) switch
        {
            ["passed"] when exit == 0 => new Verdict(true, code),
            ["failed", var reason] => new Verdict(false, code, Explain(reason, shown)),
            ["broken", var reason] => Verdict.Unverified(reason),
            _ => Verdict.Unverified($"the tests ended with code {exit}: {last}"),
        };
    }

    // A process that the kernel ended, or the runtime for want of memory, cannot say why in a message.
    private static string Explain(string reason, string printed) =>
        reason.EndsWith(Ended, StringComparison.Ordinal) && printed.Trim().Split('\n')[^1].Trim() is { Length: > 0 and < 300 } last ? $"{reason}: {last}" : reason;

    private sealed record Job(string Prompt, string? Code, string? Tests, string? EntryPoint);
}
