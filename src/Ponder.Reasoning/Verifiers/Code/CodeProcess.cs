using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Ponder.Reasoning.Verifiers.Code;

/// <summary>A confined child process with its pipes. It cannot start others, so ending it ends everything. Disposal does.</summary>
internal sealed class CodeProcess : IDisposable
{
    private const int Failed = 125;

    private readonly Process _process;

    private CodeProcess(Process process) => _process = process;

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public static CodeProcess Start(ProcessStartInfo start) => new(Process.Start(start)!);

    /// <summary>Gives the process what it has to do: its first message.</summary>
    public async Task GiveAsync<T>(CodeLanguage language, T job, CancellationToken stop)
    {
        byte[] message = JsonSerializer.SerializeToUtf8Bytes(job);
        try
        {
            // A line for Python; for C# a length and as many bytes.
            if (language == CodeLanguage.CSharp)
                await Input.WriteAsync(BitConverter.GetBytes(message.Length), stop).ConfigureAwait(false);
            await Input.WriteAsync(message, stop).ConfigureAwait(false);
            if (language == CodeLanguage.Python)
                await Input.WriteAsync("\n"u8.ToArray(), stop).ConfigureAwait(false);
            await Input.FlushAsync(stop).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It ended before it began: what it printed says why.
        }
    }

    /// <summary>Copies what one process says to what another hears, until it ends or has said too much; the other then hears the end.</summary>
    /// <returns>Whether it said too much.</returns>
    public async Task<bool> RelayAsync(CodeProcess other, long most, CancellationToken stop)
    {
        byte[] buffer = new byte[16 << 10];
        long sum = 0;
        try
        {
            while (await Output.ReadAsync(buffer, stop).ConfigureAwait(false) is > 0 and var count)
            {
                if ((sum += count) > most)
                    return true;
                await other.Input.WriteAsync(buffer.AsMemory(0, count), stop).ConfigureAwait(false);
                await other.Input.FlushAsync(stop).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // The other side has ended and listens no more: what it has to report says why.
        }
        finally
        {
            other.CloseInput();
        }
        return false;
    }

    /// <summary>Reads what the process prints to the end, beside its messages.</summary>
    /// <returns>Its end, and whether it was more than allowed; the process is ended then.</returns>
    public Task<(string Text, bool IsTooLong)> PrintedAsync(long most, CancellationToken stop) =>
        ReadAsync(_process.StandardError.BaseStream, most, 4 << 10, stop);

    /// <summary>Reads the messages of a process that sends plain text to the end.</summary>
    /// <returns>All of it, and whether it was more than allowed; the process is ended then.</returns>
    public Task<(string Text, bool IsTooLong)> OutputAsync(int most, CancellationToken stop) => ReadAsync(Output, most, most, stop);

    private async Task<(string Text, bool IsTooLong)> ReadAsync(Stream stream, long most, int keep, CancellationToken stop)
    {
        byte[] buffer = new byte[16 << 10];
        var kept = new MemoryStream();
        long sum = 0;
        while (await stream.ReadAsync(buffer, stop).ConfigureAwait(false) is > 0 and var count)
        {
            if ((sum += count) > most)
            {
                End();
                return ("", true);
            }
            if (kept.Length > keep)
                kept.SetLength(0);
            kept.Write(buffer, 0, count);
        }
        return (Encoding.UTF8.GetString(kept.ToArray()), false);
    }

    /// <summary>Waits until the process has ended.</summary>
    /// <returns>Its exit code, and whether it could not be confined and so has not run.</returns>
    public async Task<(int Code, bool IsUnconfined)> EndedAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop).ConfigureAwait(false);
        return (_process.ExitCode, _process.ExitCode == Failed);
    }

    /// <summary>Whether a process that says no more was ended by the kernel.</summary>
    public async Task<bool> WasKilledAsync(CancellationToken stop)
    {
        const int Killed = 128 + 9, TimeUp = 128 + 24;
        try
        {
            // It may have closed its pipe and live on.
            await _process.WaitForExitAsync(stop).WaitAsync(TimeSpan.FromMilliseconds(500), stop).ConfigureAwait(false);
            return _process.ExitCode is Killed or TimeUp;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before it heard all.
        }
    }

    public void End()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose()
    {
        End();
        _process.Dispose();
    }
}
