namespace Ponder.Numerics.Workers;

/// <summary>The body of a parallel loop: a struct with its arguments, so that a fork allocates nothing.</summary>
public interface IParallelBody
{
    /// <summary>Does one piece of work.</summary>
    /// <param name="index">The piece, 0 to count - 1; each is run exactly once, in no fixed order.</param>
    /// <param name="worker">The thread's number, 0 to <see cref="WorkerPool.Threads"/> - 1: the key to scratch memory.</param>
    void Run(int index, int worker);
}
