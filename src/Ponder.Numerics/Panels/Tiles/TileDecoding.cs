using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ponder.Numerics.Panels.Tiles;

/// <summary>
/// Emits the decoding of a group of a panel to a B tile: 16 vectors of 16 outputs with two values of K each. <see cref="TileWeights"/> says what comes out.
/// </summary>
/// <remarks>
/// A quad vector has four values of K in each 32-bit lane. One <c>vpshufb</c> spreads two neighbouring values of two outputs over a 128-bit lane of float32,
/// each byte into a number whose other bytes are there already (merge-masking): 32768 or 128 plus the code, without a conversion. Two such vectors
/// make, scaled and converted by <c>vcvtne2ps2bf16</c>, one row of the tile; no permutation follows, at the price of an order of columns.
/// Six vector operations for 32 weights, besides those that unpack bits: on one Zen 5 core 13 ns for a group (512 weights) that lies in a cache.
/// </remarks>
/// <param name="c">The code. RAX, RCX, K1 and all vectors are its own; <see cref="TileCode.Panel"/> and <see cref="TileCode.Group"/> are read.</param>
/// <param name="layout">Of the panels.</param>
internal sealed class TileDecoding(Assembler c, PanelLayout layout)
{
    // How far in advance the Q and H planes are asked for. On one Zen 5 core, from memory: Q8_0 20 GB/s without, 31 with eight groups, 36 with sixteen;
    // Q6_K 16 GB/s with the Q plane alone, 21 with both; Q4_K, which decoding limits, 16 without, 19 with.
    private const int GroupsAhead = 16;

    private static readonly AssemblerRegisterZMM Codes = zmm0, Work = zmm1, Even = zmm2, Odd = zmm3;
    private static readonly AssemblerRegisterZMM Scale = zmm4, Base = zmm5, Factor = zmm6;
    private static readonly AssemblerRegisterZMM[] Scales = [zmm8, zmm9], Bases = [zmm10, zmm11];
    private static readonly AssemblerRegisterZMM[] Spread = [zmm24, zmm25, zmm26, zmm27];
    private static readonly AssemblerRegisterZMM Lifted = zmm28, Nibbles = zmm29, HighBits = zmm30, Origin = zmm31;

    private readonly PanelKind _kind = layout.Kind;

    // Where in a lifted float32 the code lies: byte 1 makes 32768 + code, byte 2 makes 128 + code for codes below 128.
    private int CodeByte => _kind.Bits == 8 ? 1 : 2;

    /// <summary>Loads the constants. Needs 16 bytes at RSP.</summary>
    public void Constants()
    {
        c.mov(rax, (long)(0x1111_1111_1111_1111UL << CodeByte));
        c.kmovq(k1, rax);
        for (int i = 0; i < Spread.Length; i++)
        {
            for (int half = 0; half < 2; half++)
            {
                c.mov(rax, SpreadIndices(i / 2, i % 2, half));
                c.mov(__[rsp + 8 * half], rax);
            }
            c.vbroadcasti32x4(Spread[i], __xmmword_ptr[rsp]);
        }
        float lift = TileFormat.Lift(_kind);
        Broadcast(Lifted, BitConverter.SingleToInt32Bits(lift));
        Broadcast(Origin, BitConverter.SingleToInt32Bits(-(lift + _kind.Offset)));
        if (_kind.Bits < 8)
            Broadcast(Nibbles, 0x0F0F0F0F);
        if (_kind.HighVectors > 0)
            Broadcast(HighBits, _kind.Bits == 5 ? 0x10101010 : 0x30303030);
    }

    /// <summary>Decodes a group.</summary>
    /// <param name="panelOffset">Bytes from <see cref="TileCode.Panel"/> to the panel.</param>
    /// <param name="tileOffset">Bytes from <see cref="TileCode.Decoded"/> to the tile.</param>
    public void Group(long panelOffset, int tileOffset)
    {
        for (int quad = 0; quad < 8; quad++)
        {
            if (quad == 0 || (quad == 4 && _kind.SubScales == 2))
            {
                LoadScales(panelOffset, quad / 4);
                Along(rax, _kind.QuadVectors * 64);
                if (_kind.HighVectors > 0)
                    Along(rcx, _kind.HighVectors * 64);
            }
            LoadCodes(panelOffset, quad);
            for (int pair = 0; pair < 2; pair++)
                StorePair(pair, tileOffset + (2 * quad + pair) * TileFormat.RowBytes);
        }
    }

    // Scales and bases of the 16 outputs, then twice each as the lanes of the two spread vectors want them.
    private void LoadScales(long panelOffset, int half)
    {
        if (_kind.ScaleValues == PanelLayout.GroupValues)
        {
            Along(rax, PanelLayout.Columns * 2);
        }
        else
        {
            c.mov(rax, TileCode.Group);
            c.and(rax, -8);         // eight groups share an entry of 32 bytes
            c.shl(rax, 2);
        }
        c.vcvtph2ps(Scale, __ymmword_ptr[TileCode.Panel + rax + (panelOffset + PanelLayout.D)]);
        if (_kind.HasMinimum)
            c.vcvtph2ps(Base, __ymmword_ptr[TileCode.Panel + rax + (panelOffset + layout.M)]);
        if (_kind.SubScales > 0)
        {
            Along(rax, _kind.SubScales * PanelLayout.Columns);
            var factors = __xmmword_ptr[TileCode.Panel + rax + (panelOffset + layout.Sc + half * PanelLayout.Columns)];
            if (_kind.SubScales == 2)
                c.vpmovsxbd(Factor, factors);
            else
                c.vpmovzxbd(Factor, factors);
            c.vcvtdq2ps(Factor, Factor);
            c.vmulps(Scale, Scale, Factor);
            if (_kind.HasMinimum)
            {
                c.vpmovzxbd(Factor, __xmmword_ptr[TileCode.Panel + rax + (panelOffset + layout.Mn)]);
                c.vcvtdq2ps(Factor, Factor);
                c.vmulps(Base, Base, Factor);
            }
        }
        if (!_kind.HasMinimum)
            c.vmulps(Base, Scale, Origin);
        else if (_kind.SubtractsMinimum)
            c.vfmsub231ps(Base, Scale, Origin);
        else
            c.vfmadd231ps(Base, Scale, Origin);
        c.vunpcklps(Scales[0], Scale, Scale);
        c.vunpckhps(Scales[1], Scale, Scale);
        c.vunpcklps(Bases[0], Base, Base);
        c.vunpckhps(Bases[1], Base, Base);
    }

    // The codes of a quad as bytes. The Q plane is at RAX, the H plane at RCX.
    private void LoadCodes(long panelOffset, int quad)
    {
        int vector = quad % _kind.QuadVectors;
        long q = panelOffset + layout.Q + vector * 64;
        if (quad < _kind.QuadVectors)
            c.prefetcht0(__[TileCode.Panel + rax + (q + GroupsAhead * _kind.QuadVectors * 64)]);
        c.vmovdqu64(Codes, __zmmword_ptr[TileCode.Panel + rax + q]);
        if (_kind.Bits == 8)
            return;
        if (quad >= 4)
            c.vpsrlw(Codes, Codes, 4);
        c.vpandd(Codes, Codes, Nibbles);
        if (_kind.HighVectors == 0)
            return;
        int bits = _kind.Bits - 4, highVector = _kind.HighVectors == 1 ? 0 : quad / 4;
        int position = _kind.HighVectors == 1 ? quad : quad % 4 * bits;         // of the high bits in their byte; they belong at bit 4
        long h = panelOffset + layout.H + highVector * 64;
        if (quad % (8 / _kind.HighVectors) == 0)
            c.prefetcht0(__[TileCode.Panel + rcx + (h + GroupsAhead * _kind.HighVectors * 64)]);
        c.vmovdqu64(Work, __zmmword_ptr[TileCode.Panel + rcx + h]);
        if (position < 4)
            c.vpsllw(Work, Work, (byte)(4 - position));
        else if (position > 4)
            c.vpsrlw(Work, Work, (byte)(position - 4));
        c.vpternlogd(Codes, Work, HighBits, 0xF8);                              // codes | (bits & mask)
    }

    private void StorePair(int pair, int tileOffset)
    {
        AssemblerRegisterZMM[] halves = [Even, Odd];
        for (int half = 0; half < 2; half++)
        {
            c.vmovdqa64(halves[half], Lifted);
            c.vpshufb(halves[half].k1, Codes, Spread[2 * pair + half]);
            c.vfmadd213ps(halves[half], Scales[half], Bases[half]);
        }
        c.vcvtne2ps2bf16(Even, Odd, Even);
        c.vmovdqu64(__zmmword_ptr[TileCode.Decoded + tileOffset], Even);
    }

    // Bytes from a plane's beginning to the group's entry.
    private void Along(AssemblerRegister64 offset, int bytes)
    {
        c.mov(offset, TileCode.Group);
        c.shl(offset, (byte)int.Log2(bytes));
    }

    private void Broadcast(AssemblerRegisterZMM target, int value)
    {
        c.mov(eax, value);
        c.vpbroadcastd(target, eax);
    }

    // Eight indices for vpshufb: two float32 of an output, its values 2 * pair and 2 * pair + 1.
    private long SpreadIndices(int pair, int half, int output)
    {
        ulong indices = 0;
        for (int i = 0; i < 2; i++)
            indices |= (ulong)((2 * half + output) * 4 + 2 * pair + i) << (8 * (4 * i + CodeByte));
        return (long)indices;
    }
}
