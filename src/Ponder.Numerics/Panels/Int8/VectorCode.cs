using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ponder.Numerics.Panels.Int8;

/// <summary>
/// The few vector instructions of the int8 kernels, for registers by number: 16 of 256 bits in VEX encoding, or 32 of 512 bits in EVEX encoding.
/// </summary>
internal sealed class VectorCode(Assembler code, bool wide)
{
    private static readonly AssemblerRegisterYMM[] Y =
    [
        ymm0, ymm1, ymm2, ymm3, ymm4, ymm5, ymm6, ymm7, ymm8, ymm9, ymm10, ymm11, ymm12, ymm13, ymm14, ymm15,
    ];

    private static readonly AssemblerRegisterZMM[] Z =
    [
        zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11, zmm12, zmm13, zmm14, zmm15,
        zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31,
    ];

    /// <summary>Registers.</summary>
    public int Registers => wide ? 32 : 16;

    /// <summary>Bytes of a register.</summary>
    public int Bytes => wide ? 64 : 32;

    public void Load(int target, AssemblerMemoryOperand source)
    {
        if (wide) code.vmovups(Z[target], source);
        else code.vmovups(Y[target], source);
    }

    public void Store(AssemblerMemoryOperand target, int source)
    {
        if (wide) code.vmovups(target, Z[source]);
        else code.vmovups(target, Y[source]);
    }

    /// <summary>One 32-bit integer to all lanes.</summary>
    public void BroadcastInt32(int target, AssemblerMemoryOperand source)
    {
        if (wide) code.vpbroadcastd(Z[target], source);
        else code.vpbroadcastd(Y[target], source);
    }

    /// <summary>One float32 to all lanes.</summary>
    public void BroadcastSingle(int target, AssemblerMemoryOperand source)
    {
        if (wide) code.vbroadcastss(Z[target], source);
        else code.vbroadcastss(Y[target], source);
    }

    public void Zero(int target)
    {
        if (wide) code.vpxord(Z[target], Z[target], Z[target]);
        else code.vpxor(Y[target], Y[target], Y[target]);
    }

    public void And(int target, int left, int right)
    {
        if (wide) code.vpandd(Z[target], Z[left], Z[right]);
        else code.vpand(Y[target], Y[left], Y[right]);
    }

    public void And(int target, int left, AssemblerMemoryOperand right)
    {
        if (wide) code.vpandd(Z[target], Z[left], right);
        else code.vpand(Y[target], Y[left], right);
    }

    public void Or(int target, int left, int right)
    {
        if (wide) code.vpord(Z[target], Z[left], Z[right]);
        else code.vpor(Y[target], Y[left], Y[right]);
    }

    /// <summary>Shifts 32-bit lanes, to the left where <paramref name="bits"/> is above 0.</summary>
    public void Shift(int target, int bits)
    {
        byte count = (byte)Math.Abs(bits);
        switch (wide, Math.Sign(bits))
        {
            case (true, 1): code.vpslld(Z[target], Z[target], count); break;
            case (false, 1): code.vpslld(Y[target], Y[target], count); break;
            case (true, -1): code.vpsrld(Z[target], Z[target], count); break;
            case (false, -1): code.vpsrld(Y[target], Y[target], count); break;
        }
    }

    /// <summary>Adds to 32-bit lanes the products of four unsigned bytes with four signed ones.</summary>
    public void DotBytes(int sum, int unsigned, int signed)
    {
        if (wide) code.vpdpbusd(Z[sum], Z[unsigned], Z[signed]);
        else code.vex.vpdpbusd(Y[sum], Y[unsigned], Y[signed]);
    }

    /// <summary>16-bit lanes: the saturated sum of the products of two unsigned bytes with two signed ones. 256 bits only.</summary>
    public void MultiplyBytes(int target, int unsigned, int signed) => code.vpmaddubsw(Y[target], Y[unsigned], Y[signed]);

    /// <summary>32-bit lanes: the sum of two products of signed 16-bit lanes. 256 bits only.</summary>
    public void MultiplyInt16(int target, int left, int right) => code.vpmaddwd(Y[target], Y[left], Y[right]);

    /// <summary>Adds 16-bit lanes. 256 bits only.</summary>
    public void AddInt16(int target, int left, int right) => code.vpaddw(Y[target], Y[left], Y[right]);

    /// <summary>Adds 32-bit lanes. 256 bits only.</summary>
    public void AddInt32(int target, int left, int right) => code.vpaddd(Y[target], Y[left], Y[right]);

    /// <summary>Bytes in memory, a quarter of a register, to 32-bit lanes.</summary>
    public void WidenBytes(int target, AssemblerMemoryOperand source, bool signed)
    {
        switch (wide, signed)
        {
            case (true, true): code.vpmovsxbd(Z[target], source); break;
            case (false, true): code.vpmovsxbd(Y[target], source); break;
            case (true, false): code.vpmovzxbd(Z[target], source); break;
            case (false, false): code.vpmovzxbd(Y[target], source); break;
        }
    }

    /// <summary>32-bit integers to float32, in place.</summary>
    public void ToSingle(int target)
    {
        if (wide) code.vcvtdq2ps(Z[target], Z[target]);
        else code.vcvtdq2ps(Y[target], Y[target]);
    }

    /// <summary>float16 in memory, half a register, to float32.</summary>
    public void LoadHalves(int target, AssemblerMemoryOperand source)
    {
        if (wide) code.vcvtph2ps(Z[target], source);
        else code.vcvtph2ps(Y[target], source);
    }

    public void Multiply(int target, int left, int right)
    {
        if (wide) code.vmulps(Z[target], Z[left], Z[right]);
        else code.vmulps(Y[target], Y[left], Y[right]);
    }

    /// <summary><c>target = target * right + addend</c>, rounded once.</summary>
    public void MultiplyThenAdd(int target, int right, AssemblerMemoryOperand addend)
    {
        if (wide) code.vfmadd213ps(Z[target], Z[right], addend);
        else code.vfmadd213ps(Y[target], Y[right], addend);
    }

    /// <inheritdoc cref="MultiplyThenAdd(int, int, AssemblerMemoryOperand)"/>
    public void MultiplyThenAdd(int target, int right, int addend)
    {
        if (wide) code.vfmadd213ps(Z[target], Z[right], Z[addend]);
        else code.vfmadd213ps(Y[target], Y[right], Y[addend]);
    }

    /// <summary><c>target = left * right + target</c>, rounded once.</summary>
    public void AddProduct(int target, int left, int right)
    {
        if (wide) code.vfmadd231ps(Z[target], Z[left], Z[right]);
        else code.vfmadd231ps(Y[target], Y[left], Y[right]);
    }
}
