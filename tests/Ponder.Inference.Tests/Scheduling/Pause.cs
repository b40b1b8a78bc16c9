using Ponder.Inference.Generation;

namespace Ponder.Inference.Tests.Scheduling;

/// <summary>Holds an engine between two steps, so that everything that is handed in meanwhile is there when the next one is planned.</summary>
internal sealed class Pause
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously), _released = new();
    private readonly Task _work;

    private Pause(Engine engine) => _work = engine.CompleteAsync(
        [new GenerationRequest([70], 1, new GenerationOptions { MaxTokens = 1, IgnoreEnd = true })],
        (_, _, _) =>
        {
            _reached.SetResult();
            _released.Task.Wait(Patience).ShouldBeTrue("the pause was not ended");
        });

    /// <summary>Begins a pause of an engine that is idle; one answer runs until it ends.</summary>
    public static async Task<Pause> BeginAsync(Engine engine)
    {
        var pause = new Pause(engine);
        await pause._reached.Task.WaitAsync(Patience);
        return pause;
    }

    public async Task EndAsync()
    {
        _released.SetResult();
        await _work;
    }
}
