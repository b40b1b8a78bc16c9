using Iced.Intel;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Memory;
using static Iced.Intel.AssemblerRegisters;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>Tiles in the emulator against plain loops, and against this machine where it has them.</summary>
public unsafe class TileTests
{
    private struct Arguments
    {
        public byte* Configuration, A, B, C;
        public long StrideA, StrideB, StrideC;
    }

    // C [rows, columns] += A [rows, depth] * B [depth, columns], in units of 4 bytes, with rows of 64 bytes and more in memory.
    private sealed class Case : IDisposable
    {
        public const int Stride = 64 + 12;

        public readonly int Rows, Depth, Columns;
        public readonly NativeBuffer<byte> Configuration = new(64), A = new(16 * Stride), B = new(16 * Stride), C = new(16 * Stride);

        public Case(int rows, int depth, int columns)
        {
            (Rows, Depth, Columns) = (rows, depth, columns);
            var bytes = Configuration.Span;
            bytes[0] = 1;
            Shape(0, rows, columns);
            Shape(1, rows, depth);
            Shape(2, depth, columns);
        }

        public void Shape(int tile, int rows, int words)
        {
            ((ushort*)(Configuration.Pointer + 16))[tile] = (ushort)(4 * words);
            Configuration.Span[48 + tile] = (byte)rows;
        }

        public byte* RowA(int row) => A.Pointer + row * Stride;

        public byte* RowB(int row) => B.Pointer + row * Stride;

        public byte* RowC(int row) => C.Pointer + row * Stride;

        public Arguments Arguments => new()
        {
            Configuration = Configuration.Pointer,
            A = A.Pointer,
            B = B.Pointer,
            C = C.Pointer,
            StrideA = Stride,
            StrideB = Stride,
            StrideC = Stride,
        };

        public void Emulate(byte[] code, int missing = 0)
        {
            var arguments = Arguments;
            int Extent(int rows, int words) => (rows - 1) * Stride + 4 * words;
            KernelEmulator.Run(
                code, KernelAssembler.Native, &arguments, MemoryRange.Read(Configuration.Pointer, 64), MemoryRange.Read(A.Pointer, Extent(Rows, Depth) - missing),
                MemoryRange.Read(B.Pointer, Extent(Depth, Columns)), MemoryRange.ReadWrite(C.Pointer, Extent(Rows, Columns)));
        }

        public void Dispose()
        {
            Configuration.Dispose();
            A.Dispose();
            B.Dispose();
            C.Dispose();
        }
    }

    private static byte[] Kernel(Action<Assembler> product)
    {
        var kernel = new KernelAssembler(KernelAssembler.Native);
        kernel.Begin();
        var c = kernel.Code;
        c.mov(rax, __[rdi]);
        c.ldtilecfg(__[rax]);
        c.mov(rax, __[rdi + 8]);
        c.mov(rcx, __[rdi + 32]);
        c.tileloadd(tmm1, __[rax + rcx]);
        c.mov(rax, __[rdi + 16]);
        c.mov(rcx, __[rdi + 40]);
        c.tileloadd(tmm2, __[rax + rcx]);
        c.mov(rax, __[rdi + 24]);
        c.mov(rcx, __[rdi + 48]);
        c.tileloaddt1(tmm0, __[rax + rcx]);
        product(c);
        c.tilestored(__[rax + rcx], tmm0);
        c.tilerelease();
        kernel.End();
        return kernel.Assemble();
    }

    private static readonly byte[] BFloat16Product = Kernel(c => c.tdpbf16ps(tmm0, tmm1, tmm2));

    [Theory]
    [InlineData(16, 16, 16)]
    [InlineData(1, 16, 16)]
    [InlineData(7, 3, 5)]
    public void Bfloat16_products_of_whole_numbers_are_exact(int rows, int depth, int columns)
    {
        using var x = new Case(rows, depth, columns);
        var random = new Random(1);
        x.A.Span.Fill(0xff);
        x.B.Span.Fill(0xff);
        float[,] expected = new float[rows, columns];
        for (int n = 0; n < columns; n++)
        {
            for (int m = 0; m < rows; m++)
                expected[m, n] = ((float*)x.RowC(m))[n] = random.Next(-100, 100);
            for (int k = 0; k < 2 * depth; k++)
            {
                // Columns of B lie in pairs of depth.
                int b = random.Next(-16, 16);
                ((ushort*)x.RowB(k / 2))[2 * n + k % 2] = BFloat16(b);
                for (int m = 0; m < rows; m++)
                {
                    int a = (m * 31 + k * 17) % 29 - 14;
                    ((ushort*)x.RowA(m))[k] = BFloat16(a);
                    expected[m, n] += a * b;
                }
            }
        }
        x.Emulate(BFloat16Product);
        for (int m = 0; m < rows; m++)
            for (int n = 0; n < columns; n++)
                ((float*)x.RowC(m))[n].ShouldBe(expected[m, n]);
    }

    // Each row: the products of one dot, the tile's number before, and its number after.
    [Theory]
    [InlineData(new[] { 1e8f, 1e8f, 1f, 1f, -1e8f, -1e8f }, 0f, 0f)]                // 1 is lost beside 1e8 in both sums
    [InlineData(new[] { 1e8f, 1f, -1e8f, 1f }, 0f, 2f)]                             // even products meet even ones first
    [InlineData(new[] { 1e8f, -1e8f }, 1f, 1f)]                                     // even and odd meet before the tile
    [InlineData(new[] { 1f, 0f }, 1e8f, 1e8f)]
    [InlineData(new[] { 1e-40f, 1f }, 0f, 1f)]                                      // a subnormal factor is zero
    [InlineData(new[] { 0f, 0f }, 1e-40f, 0f)]                                      // and so is one in the tile
    [InlineData(new[] { 1.1754944e-38f, 0f, -1.3e-38f, 0f }, 0f, 0f)]               // and a subnormal sum
    [InlineData(new[] { float.PositiveInfinity, 0f }, 0f, float.PositiveInfinity)]
    public void Bfloat16_sums_are_rounded_in_the_documented_order(float[] products, float before, float after)
    {
        using var x = new Case(1, 16, 1);
        for (int k = 0; k < 32; k++)
        {
            ((ushort*)x.RowB(k / 2))[k % 2] = BFloat16(1);
            if (k < products.Length)
                ((ushort*)x.RowA(0))[k] = BFloat16(products[k]);
        }
        *(float*)x.RowC(0) = before;
        x.Emulate(BFloat16Product);
        // 1e8 is no bfloat16; what counts is that it cancels.
        (*(float*)x.RowC(0)).ShouldBe(after);
    }

    public static TheoryData<string> ByteProducts() => ["ssd", "sud", "usd", "uud"];

    [Theory]
    [MemberData(nameof(ByteProducts))]
    public void Byte_products_are_those_of_plain_loops(string signs)
    {
        byte[] code = Kernel(c =>
        {
            switch (signs)
            {
                case "ssd": c.tdpbssd(tmm0, tmm1, tmm2); break;
                case "sud": c.tdpbsud(tmm0, tmm1, tmm2); break;
                case "usd": c.tdpbusd(tmm0, tmm1, tmm2); break;
                default: c.tdpbuud(tmm0, tmm1, tmm2); break;
            }
        });
        var random = new Random(5);
        for (int round = 0; round < 10; round++)
        {
            using var x = new Case(random.Next(1, 17), random.Next(1, 17), random.Next(1, 17));
            foreach (var matrix in (NativeBuffer<byte>[])[x.A, x.B, x.C])
                random.NextBytes(matrix.Span);
            byte[] before = x.C.Span.ToArray();
            long[,] expected = new long[x.Rows, x.Columns];
            for (int m = 0; m < x.Rows; m++)
            {
                for (int n = 0; n < x.Columns; n++)
                {
                    expected[m, n] = ((int*)x.RowC(m))[n];
                    for (int k = 0; k < 4 * x.Depth; k++)
                    {
                        byte a = x.RowA(m)[k], b = x.RowB(k / 4)[4 * n + k % 4];
                        expected[m, n] += (signs[0] == 's' ? (sbyte)a : a) * (signs[1] == 's' ? (sbyte)b : b);
                    }
                }
            }
            x.Emulate(code);
            for (int m = 0; m < x.Rows; m++)
            {
                for (int n = 0; n < x.Columns; n++)
                    ((int*)x.RowC(m))[n].ShouldBe(unchecked((int)expected[m, n]));
                // Nothing right of the tile is written.
                int end = m * Case.Stride + 4 * x.Columns;
                x.C.Span[end..((m + 1) * Case.Stride)].SequenceEqual(before.AsSpan(end..((m + 1) * Case.Stride))).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void Tiles_are_refused_as_a_processor_refuses_them()
    {
        void Refused(string message, Action<Case> configure, Action<Assembler>? product = null)
        {
            using var x = new Case(16, 16, 16);
            configure(x);
            Should.Throw<InvalidTileException>(() => x.Emulate(Kernel(product ?? (c => c.tdpbf16ps(tmm0, tmm1, tmm2))))).Message.ShouldContain(message);
        }

        Refused("palette 2", x => x.Configuration.Span[0] = 2);
        Refused("no tiles are configured", x => x.Configuration.Span[0] = 0);
        Refused("byte 2 of", x => x.Configuration.Span[2] = 1);
        Refused("17 rows", x => x.Shape(0, 17, 16));
        Refused("68 bytes", x => x.Shape(0, 16, 17));
        Refused("tile 2 is not configured", x => x.Shape(2, 0, 0));
        Refused("tile 3 is not configured", _ => { }, c => c.tilezero(tmm3));
        Refused("do not fit", x => x.Shape(2, 15, 16));
        Refused("do not fit", x => x.Shape(0, 15, 16));
        Refused("no tiles are configured", _ => { }, c => { c.tilerelease(); c.tdpbssd(tmm0, tmm1, tmm2); });
    }

    [Fact]
    public void A_product_of_a_tile_with_itself_is_no_instruction()
    {
        using var x = new Case(16, 16, 16);
        Should.Throw<UnknownInstructionException>(() => x.Emulate(Kernel(c => c.tdpbf16ps(tmm0, tmm0, tmm2))));
    }

    [Fact]
    public void A_load_beyond_memory_is_found_in_its_last_row()
    {
        using var x = new Case(16, 16, 16);
        x.Emulate(BFloat16Product);
        Should.Throw<OutOfRangeAccessException>(() => x.Emulate(BFloat16Product, missing: 1)).Message.ShouldContain("tileloadd");
    }

    [Fact]
    public void Tiles_do_what_this_machine_does()
    {
        if (!CpuFeatures.Amx)
            return;
        var random = new Random(11);
        var kernel = new GeneratedKernel("tiles", BFloat16Product);
        for (int round = 0; round < 50; round++)
        {
            using var x = new Case(random.Next(1, 17), random.Next(1, 17), random.Next(1, 17));
            foreach (var matrix in (NativeBuffer<byte>[])[x.A, x.B, x.C])
                for (int i = 0; i < matrix.Length / 2; i++)
                    ((ushort*)matrix.Pointer)[i] = Finite(random, round % 2 == 0);
            byte[] before = x.C.Span.ToArray();
            x.Emulate(BFloat16Product);
            byte[] emulated = x.C.Span.ToArray();
            before.CopyTo(x.C.Span);
            var arguments = x.Arguments;
            kernel.Run(&arguments);
            x.C.Span.SequenceEqual(emulated).ShouldBeTrue($"round {round}: {x.Rows} x {x.Depth} x {x.Columns}");
        }
    }

    // Any sign and mantissa; exponents around 1, or down to where products are subnormal.
    private static ushort Finite(Random random, bool ordinary) =>
        (ushort)(random.Next(2) << 15 | (ordinary ? random.Next(120, 134) : random.Next(0, 130)) << 7 | random.Next(128));

    private static ushort BFloat16(float value) => Conversions.ToBFloat16(value);
}
