using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ponder.Models.Tests.Hub;

/// <summary>A request as the server read it; header names are in lower case.</summary>
internal sealed record Seen(string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public long From => Header("range") is { } range ? long.Parse(range["bytes=".Length..].TrimEnd('-')) : 0;
}

/// <summary>What to answer: the body is cut after <see cref="CutAfter"/> bytes, or left hanging there.</summary>
internal sealed record Reply(int Status, byte[]? Body = null, params (string Name, string Value)[] Headers)
{
    public int? CutAfter { get; init; }

    public bool Hang { get; init; }
}

/// <summary>A small HTTP server on 127.0.0.1, one request a connection, that can misbehave on purpose. It ends with its test.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Seen> _requests = new();
    private readonly Func<Seen, Reply> _answer;
    private readonly Task _loop;

    public LoopbackServer(Func<Seen, Reply> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _loop = AcceptAsync();
    }

    public Uri Address { get; }

    public IReadOnlyList<Seen> Requests => [.. _requests];

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _loop.Wait(TimeSpan.FromSeconds(5));
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
                open.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
        await Task.WhenAll(open);
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            if (await ReadAsync(stream) is not { } request)
                return;
            _requests.Enqueue(request);
            await WriteAsync(stream, request, _answer(request));
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or SocketException)
        {
        }
    }

    private async Task<Seen?> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int got = await stream.ReadAsync(buffer, _stop.Token);
            if (got == 0)
                return null;
            text.Append(Encoding.ASCII.GetString(buffer, 0, got));
        }
        string[] lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] first = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        return new Seen(first[0], first[1], headers);
    }

    private async Task WriteAsync(NetworkStream stream, Seen request, Reply reply)
    {
        byte[] body = reply.Body ?? [];
        var head = new StringBuilder($"HTTP/1.1 {reply.Status} Test\r\nConnection: close\r\nContent-Length: {body.Length}\r\n");
        foreach (var (name, value) in reply.Headers)
            head.Append($"{name}: {value}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), _stop.Token);
        if (request.Method != "HEAD")
            await stream.WriteAsync(body.AsMemory(0, reply.CutAfter ?? body.Length), _stop.Token);
        if (reply.Hang)
            await Task.Delay(Timeout.Infinite, _stop.Token);
    }
}
