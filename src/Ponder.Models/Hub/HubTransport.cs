using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;

namespace Ponder.Models.Hub;

/// <summary>
/// Sends one request and follows its redirects. Redirects are followed by hand because the token may only go to the
/// endpoint's own origin, and because the headers that describe a file come with the redirect, not with its target.
/// </summary>
internal sealed class HubTransport : IDisposable
{
    private const int MostRedirects = 8;

    private readonly HubOptions _options;
    private readonly HttpClient _http;

    public HubTransport(HubOptions options)
    {
        _options = options;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None, // hashes and sizes are those of the bytes on the wire
            UseCookies = false,
            ConnectTimeout = options.StallTimeout,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        string version = typeof(HubTransport).Assembly.GetName().Version!.ToString(3);
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ponder", version));
    }

    /// <summary>Sends a request and reads the headers of the answer.</summary>
    /// <param name="method">GET, or HEAD, which does not follow redirects to other hosts.</param>
    /// <param name="address">An address below the endpoint.</param>
    /// <param name="offset">The first byte wanted.</param>
    /// <param name="subject">What is asked for.</param>
    /// <param name="stop">Cancels the request.</param>
    /// <returns>A success, a redirect in answer to HEAD, or 416.</returns>
    /// <exception cref="TransientFailure">Trying again may help.</exception>
    /// <exception cref="HubException">Trying again does not help.</exception>
    public async Task<HubAnswer> SendAsync(HttpMethod method, Uri address, long offset, HubSubject subject, CancellationToken stop)
    {
        var described = new FileHeaders(null, null, null);
        for (int hop = 0; hop <= MostRedirects; hop++)
        {
            var response = await SendOnceAsync(method, address, offset, stop).ConfigureAwait(false);
            described = described.Or(FileHeaders.Of(response));
            if (Target(response, address) is not { } target || method == HttpMethod.Head && !IsEndpoint(target))
            {
                var answer = new HubAnswer(response, described);
                RefuseFailures(answer, address, subject);
                return answer;
            }
            response.Dispose();
            if (target.Scheme != Uri.UriSchemeHttps && (target.Scheme != Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
                throw new HubException($"{address.Host} redirects {subject} to a '{target.Scheme}' address, which is refused.");
            address = target;
        }
        throw new HubException($"{address.Host} redirects {subject} more than {MostRedirects} times.");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Runs a network operation; silence and cut connections become <see cref="TransientFailure"/>.</summary>
    public async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> operation, string host, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(_options.StallTimeout);
        try
        {
            return await operation(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw new TransientFailure($"{host} was silent for {_options.StallTimeout.TotalSeconds:0.#} s", innerException: error);
        }
        catch (HttpRequestException error) when (error.InnerException is AuthenticationException)
        {
            throw new HubException($"No secure connection to {host}: {error.InnerException.Message}", error);
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.NameResolutionError)
        {
            throw new TransientFailure($"{host} could not be found (is the network up, is HF_ENDPOINT right?)", innerException: error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            string reason = error.Message.TrimEnd('.');
            throw new TransientFailure($"the connection to {host} was cut or refused ({reason})", innerException: error);
        }
    }

    private Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, Uri address, long offset, CancellationToken stop) =>
        WithinAsync(
            async patience =>
            {
                using var request = new HttpRequestMessage(method, address);
                request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
                if (offset > 0)
                    request.Headers.Range = new RangeHeaderValue(offset, null);
                if (_options.Token is { } token && IsEndpoint(address))
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience).ConfigureAwait(false);
            },
            address.Host,
            stop);

    private bool IsEndpoint(Uri address) =>
        address.Scheme == _options.Endpoint.Scheme
        && address.Port == _options.Endpoint.Port
        && address.IdnHost.Equals(_options.Endpoint.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static Uri? Target(HttpResponseMessage response, Uri address) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location
            ? new Uri(address, location)
            : null;

    private void RefuseFailures(HubAnswer answer, Uri address, HubSubject subject)
    {
        int status = (int)answer.Response.StatusCode;
        if (status is >= 200 and < 300 or 416 || Target(answer.Response, address) is not null)
            return;
        using (answer)
        {
            // A signed address of a content server lapses: asking the hub again gives a fresh one.
            if (status is 408 or 429 or >= 500 || !IsEndpoint(address) && status is 401 or 403)
            {
                string reason = $"{address.Host} answered {HubRefusal.Status(answer.Response)}";
                throw new TransientFailure(reason, HubRefusal.RetryAfter(answer.Response));
            }
            throw HubRefusal.Of(answer.Response, _options, subject);
        }
    }
}
