namespace Ponder.Numerics.Tests.Emulator;

/// <summary>A kernel did what it must not do. The message begins with the offset and the text of the instruction.</summary>
internal abstract class EmulatorException(Step? step, string message)
    : PonderException(step is null ? message : $"0x{step.Offset:x} {step}: {message}");

/// <summary>An address outside the memory that the kernel was given, or a write to memory that it may only read.</summary>
internal sealed class OutOfRangeAccessException(Step step, string message) : EmulatorException(step, message);

/// <summary>An instruction that wants alignment met an address without it.</summary>
internal sealed class MisalignedAccessException(Step step, string message) : EmulatorException(step, message);

/// <summary>An instruction, or a form of one, that the emulator does not know.</summary>
internal sealed class UnknownInstructionException(Step step, string message) : EmulatorException(step, message);

/// <summary>A tile instruction that a processor refuses: tiles that are not configured, or whose shapes do not fit.</summary>
internal sealed class InvalidTileException(Step step, string message) : EmulatorException(step, message);

/// <summary>The kernel does not end, or leaves its code.</summary>
internal sealed class RunawayException(Step? step, string message) : EmulatorException(step, message);

/// <summary>The kernel returned with a register changed that belongs to its caller, or with its stack out of balance.</summary>
internal sealed class BrokenConventionException(Step step, string message) : EmulatorException(step, message);
