namespace Ponder.Numerics.Tests.Emulator;

/// <summary>Handlers of instructions that do the same in every lane.</summary>
internal static unsafe class Lanes
{
    /// <summary>destination = operation(source).</summary>
    public static Handler Unary<T>(Func<T, T> operation) where T : unmanaged => Convert(operation);

    /// <summary>destination = operation(first source, second source).</summary>
    public static Handler Binary<T>(Func<T, T, T> operation) where T : unmanaged => (cpu, step) =>
    {
        int bytes = step[0].Bytes;
        T* a = (T*)cpu.Source(step, 1, bytes, sizeof(T)), b = (T*)cpu.Source(step, 2, bytes, sizeof(T)), result = (T*)cpu.Result;
        for (int i = 0; i < bytes / sizeof(T); i++)
            result[i] = operation(a[i], b[i]);
        cpu.SetVector(step, 0, bytes, sizeof(T));
    };

    /// <summary>destination = operation(destination, first source, second source).</summary>
    public static Handler Ternary<T>(Func<T, T, T, T> operation) where T : unmanaged => (cpu, step) =>
    {
        int bytes = step[0].Bytes;
        T* c = (T*)cpu.Source(step, 0, bytes, sizeof(T)), a = (T*)cpu.Source(step, 1, bytes, sizeof(T)), b = (T*)cpu.Source(step, 2, bytes, sizeof(T));
        T* result = (T*)cpu.Result;
        for (int i = 0; i < bytes / sizeof(T); i++)
            result[i] = operation(c[i], a[i], b[i]);
        cpu.SetVector(step, 0, bytes, sizeof(T));
    };

    /// <summary>
    /// destination = operation(source), from one size of number to another; there are as many as the wider of the two gives. What a narrower
    /// result leaves of its register becomes zero.
    /// </summary>
    public static Handler Convert<TFrom, TTo>(Func<TFrom, TTo> operation) where TFrom : unmanaged where TTo : unmanaged => (cpu, step) =>
    {
        int lanes = sizeof(TTo) >= sizeof(TFrom) ? step[0].Bytes / sizeof(TTo) : step[1].Bytes / sizeof(TFrom);
        TFrom* source = (TFrom*)cpu.Source(step, 1, lanes * sizeof(TFrom), sizeof(TFrom));
        TTo* result = (TTo*)cpu.Result;
        for (int i = 0; i < lanes; i++)
            result[i] = operation(source[i]);
        cpu.SetVector(step, 0, lanes * sizeof(TTo), sizeof(TTo));
    };

    /// <summary>destination = operation(source, count) with the count as an immediate, or as the low 64 bits of a third operand.</summary>
    public static Handler Shift<T>(Func<T, int, T> operation) where T : unmanaged => (cpu, step) =>
    {
        int bytes = step[0].Bytes;
        ulong wanted = step[2].Place == Place.Immediate ? step.Immediate & 0xff : *(ulong*)cpu.WholeSource(step, 2, 16);
        int count = (int)Math.Min(wanted, 8UL * (ulong)sizeof(T));
        T* source = (T*)cpu.Source(step, 1, bytes, sizeof(T)), result = (T*)cpu.Result;
        for (int i = 0; i < bytes / sizeof(T); i++)
            result[i] = operation(source[i], count);
        cpu.SetVector(step, 0, bytes, sizeof(T));
    };
}
