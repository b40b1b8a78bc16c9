using System.Runtime.CompilerServices;

namespace Ponder.Numerics.Workers;

/// <summary>Splits the units (rows, panels) of up to three products into the tasks of one parallel loop; a task lies in one product.</summary>
/// <param name="perTask">Most units of a task, 1 or more.</param>
internal struct TaskSplit(int perTask)
{
    /// <summary>Most products of a loop.</summary>
    public const int MostProducts = 3;

    private Units _units;
    private int _products;

    /// <summary>Tasks of all products.</summary>
    public int Tasks { get; private set; }

    /// <summary>Adds the next product.</summary>
    public void Add(int units)
    {
        _units[_products++] = units;
        Tasks += TasksOf(units);
    }

    /// <summary>The product of a task and its units in it.</summary>
    public readonly (int Product, int First, int Count) this[int task]
    {
        get
        {
            int product = 0;
            while (task >= TasksOf(_units[product]))
                task -= TasksOf(_units[product++]);
            int first = task * perTask;
            return (product, first, Math.Min(perTask, _units[product] - first));
        }
    }

    private readonly int TasksOf(int units) => (units + perTask - 1) / perTask;

    [InlineArray(MostProducts)]
    private struct Units
    {
        private int _first;
    }
}
