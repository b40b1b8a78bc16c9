using Ponder.Inference.Branches;
using Ponder.Inference.Sampling;
using Ponder.Inference.Scheduling;

namespace Ponder.Inference.Generation;

/// <summary>
/// Runs requests to their ends: a prompt is computed once, its answers fork from it. Only so many answers are started that the engine is kept busy;
/// as one ends the next begins.
/// </summary>
internal sealed class CompletionRun
{
    private readonly EngineLoop _loop;
    private readonly IReadOnlyList<GenerationRequest> _requests;
    private readonly Func<int, Branch> _createRoot;
    private readonly Action<int, int, GeneratedToken> _deliver;
    private readonly int _most;
    private readonly CancellationToken _callers;
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _request, _sample, _inFlight;
    private Branch? _root;
    private SamplerChain? _chain;
    private Exception? _error;

    public CompletionRun(
        EngineLoop loop, IReadOnlyList<GenerationRequest> requests, Func<int, Branch> createRoot, Action<int, int, GeneratedToken> deliver, int most,
        CancellationToken stop)
    {
        (_loop, _requests, _createRoot, _deliver, _most) = (loop, requests, createRoot, deliver, most);
        _callers = stop;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
    }

    public async Task RunAsync()
    {
        try
        {
            Continue();
            await _done.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _callers.ThrowIfCancellationRequested();            // with the token that the caller knows
            throw;
        }
        finally
        {
            _stop.Dispose();
        }
    }

    /// <summary>Starts answers while there is room; ends the run when none is left.</summary>
    private void Continue()
    {
        lock (_loop.Gate)
        {
            try
            {
                while (_error is null && _inFlight < _most && _request < _requests.Count)
                {
                    if (_inFlight > 0 && _loop.Room < 1)
                        break;                                  // too much waits: the next begins when one of these has ended
                    StartNext();
                    _inFlight++;
                }
            }
            catch (Exception error)
            {
                _error ??= error;
            }
            if (_inFlight == 0)
            {
                _root?.Dispose();
                Finish();
            }
        }
        if (_error is not null && _inFlight > 0)
            ThreadPool.UnsafeQueueUserWorkItem(_ => CancelRest(), null);
    }

    private void StartNext()
    {
        int request = _request, sample = _sample;
        var (samples, options) = (_requests[request].Samples, _requests[request].Options);
        _root ??= _createRoot(request);
        _chain ??= SamplerChain.Create(options.Sampling, _loop.Tokenizer, _loop.Config.Outputs);
        bool isLast = sample == samples - 1;
        var branch = samples == 1 ? _root : _root.Fork((ulong)sample);
        var job = new GenerationJob(_loop, branch, options, _chain)
        {
            OwnsBranch = true,
            OnToken = token => _deliver(request, sample, token),
            OnEnd = OnEnded,
        };
        try
        {
            _loop.Submit([job], _stop.Token);
        }
        catch
        {
            branch.Dispose();
            throw;
        }
        finally
        {
            if (isLast)
            {
                if (samples > 1)
                    _root.Dispose();
                (_root, _chain, _request, _sample) = (null, null, request + 1, 0);
            }
            else
            {
                _sample++;
            }
        }
    }

    private void OnEnded(Exception? error)
    {
        _inFlight--;
        _error ??= error;
        Continue();
    }

    private void CancelRest()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The last of them ended in the meantime.
        }
    }

    private void Finish()
    {
        if (_error is null)
            _done.TrySetResult();
        else
            _done.TrySetException(_error);
    }
}
