namespace Ponder.Models.Hub;

/// <summary>Turns a hub's refusal into a sentence that says what to do.</summary>
internal static class HubRefusal
{
    public static string Status(HttpResponseMessage response) =>
        $"{(int)response.StatusCode} {SafeText.Of(response.ReasonPhrase ?? "")}".TrimEnd();

    public static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? header?.Date - DateTimeOffset.UtcNow;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>The error for an answer that trying again does not change.</summary>
    public static HubException Of(HttpResponseMessage response, HubOptions options, HubSubject subject)
    {
        string code = FileHeaders.Header(response, "X-Error-Code") ?? "";
        string host = options.Endpoint.Host;
        string tokenHint = options.Token is null
            ? "set HF_TOKEN to an access token that may read it"
            : "the access token in use (HF_TOKEN or the token file) may not read it";
        return new HubException((int)response.StatusCode switch
        {
            401 or 403 when code == "GatedRepo" =>
                $"{subject.Repo} is gated: accept its terms at {Page(options, subject)}, and {tokenHint}.",
            401 when code == "RepoNotFound" =>
                $"{host} shows no repository {subject.Repo} (401): check the name, or if it is private, {tokenHint}.",
            401 => $"{host} asks who you are before it gives {subject} (401): {tokenHint}.",
            403 =>
                $"{host} does not let this user read {subject} (403): see {Page(options, subject)} for its terms; {tokenHint}.",
            404 when code == "RevisionNotFound" || subject.File is null && code == "" =>
                $"{host} has no repository {subject.Repo} with a revision '{SafeText.Of(subject.Revision)}' (404): check both names.",
            404 when subject.File is null || code == "RepoNotFound" => $"{host} has no repository {subject.Repo} (404): check the name.",
            404 => $"{host} has no file {subject} at revision {SafeText.Of(subject.Revision)} (404).",
            _ => $"{host} answered {Status(response)} when asked for {subject}{Explanation(response)}.",
        });
    }

    private static string Page(HubOptions options, HubSubject subject) => $"{options.Endpoint.ToString().TrimEnd('/')}/{subject.Repo}";

    private static string Explanation(HttpResponseMessage response) =>
        FileHeaders.Header(response, "X-Error-Message") is { Length: > 0 } text ? $": {SafeText.Of(text).TrimEnd('.')}" : "";
}
