namespace Ponder.Numerics.CodeGen;

/// <summary>Where a kernel's one argument arrives, and which registers it must give back as they were.</summary>
internal enum CallingConvention
{
    /// <summary>Linux and macOS: argument in RDI; RBX, RBP and R12 to R15 are the caller's, no vector register is.</summary>
    SystemV,

    /// <summary>Windows: argument in RCX; RSI, RDI and XMM6 to XMM15 are the caller's too.</summary>
    Windows,
}
