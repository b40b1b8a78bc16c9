namespace Ponder.Reasoning.Verifiers.Code;

/// <summary>Runs programs in a child process that is confined as that of <see cref="CodeVerifier"/> is (Linux).</summary>
public sealed class CodeSandbox : ICodeRunner
{
    private readonly CodeLimits _limits;

    /// <summary>Creates the sandbox.</summary>
    /// <param name="limits">What a program may use; null for the defaults.</param>
    public CodeSandbox(CodeLimits? limits = null)
    {
        _limits = limits ?? new CodeLimits();
        _limits.Demand();
    }

    /// <inheritdoc/>
    public async Task<CodeRun> RunAsync(string language, string code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(code);
        var kind = language switch
        {
            "python" => CodeLanguage.Python,
            "csharp" => CodeLanguage.CSharp,
            _ => throw new ArgumentException($"Programs are run in python or csharp, not in '{language}'.", nameof(language)),
        };
        if (CodeHost.Missing(kind) is string missing)
            return Failed(missing);
        using var process = CodeProcess.Start(CodeHost.Prepare(kind, "program", _limits));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_limits.Time);
        try
        {
            return await RunAsync(process, kind, code, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(FormattableString.Invariant($"the program took longer than {_limits.Time.TotalSeconds:0.###} s"));
        }
    }

    private async Task<CodeRun> RunAsync(CodeProcess process, CodeLanguage language, string code, CancellationToken stop)
    {
        var printed = process.OutputAsync(_limits.OutputBytes, stop);
        var complaints = process.PrintedAsync(_limits.OutputBytes, stop);
        await process.GiveAsync(language, new { Code = code }, stop).ConfigureAwait(false);
        process.CloseInput();
        var (output, isTooLong) = await printed.ConfigureAwait(false);
        string last = (await complaints.ConfigureAwait(false)).Text.Trim().Split('\n')[^1].Trim();
        if (isTooLong)
            return Failed($"the program printed more than {_limits.OutputBytes} bytes");
        var (exit, isUnconfined) = await process.EndedAsync(stop).ConfigureAwait(false);
        if (isUnconfined)
            return Failed($"the program could not be confined: {last}");
        if (exit == 0)
            return new CodeRun(true, output, null);
        string reason = last.Length > 0 ? last : $"its process ended with code {exit}: it used too much time or memory, or did what programs may not do here";
        return new CodeRun(false, output, $"the program failed: {reason}.");
    }

    private static CodeRun Failed(string reason) => new(false, "", $"{reason}.");
}
