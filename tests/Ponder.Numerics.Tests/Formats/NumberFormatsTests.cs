using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ponder.Numerics.Formats;

namespace Ponder.Numerics.Tests.Formats;

public sealed class NumberFormatsTests
{
    /// <summary>
    /// The digests were taken when every decoder had been found equal to recorded blocks of a reference implementation: they keep it so
    /// where those recordings are absent.
    /// </summary>
    [Theory]
    [InlineData("F32", 1, 4, 0, "F32", "e5d889d7df7ccdc6")]
    [InlineData("F16", 1, 2, 1, "F16", "c0d1be6231c79484")]
    [InlineData("Q4_0", 32, 18, 2, null, "8ab9939e15cd137a")]
    [InlineData("Q4_1", 32, 20, 3, null, "90f101d5dd7c20f7")]
    [InlineData("Q5_0", 32, 22, 6, null, "80fd79895b9227a5")]
    [InlineData("Q5_1", 32, 24, 7, null, "f938c380ba1b659c")]
    [InlineData("Q8_0", 32, 34, 8, null, "c75e65ff7ae8c493")]
    [InlineData("Q8_1", 32, 36, 9, null, "17c063cf065e8d13")]
    [InlineData("Q2_K", 256, 84, 10, null, "5b487d1cc760e823")]
    [InlineData("Q3_K", 256, 110, 11, null, "09b0d19643dce42d")]
    [InlineData("Q4_K", 256, 144, 12, null, "d90fc0b957e07863")]
    [InlineData("Q5_K", 256, 176, 13, null, "0dc2dfbc865dfba2")]
    [InlineData("Q6_K", 256, 210, 14, null, "47b3645e581f315b")]
    [InlineData("Q8_K", 256, 292, 15, null, "6b123b1ddc8e858b")]
    [InlineData("IQ2_XXS", 256, 66, 16, null, "1bdc70335744e2f5")]
    [InlineData("IQ2_XS", 256, 74, 17, null, "9ff9bbb6146d04f2")]
    [InlineData("IQ3_XXS", 256, 98, 18, null, "88070e6e4a2e0fed")]
    [InlineData("IQ1_S", 256, 50, 19, null, "57bd8b8429e55482")]
    [InlineData("IQ4_NL", 32, 18, 20, null, "278c4296204ed0d8")]
    [InlineData("IQ3_S", 256, 110, 21, null, "60219ec2bea5ed96")]
    [InlineData("IQ2_S", 256, 82, 22, null, "dcf699da2a7d7797")]
    [InlineData("IQ4_XS", 256, 136, 23, null, "f15803740e804356")]
    [InlineData("I8", 1, 1, 24, "I8", "3927d09f753ec481")]
    [InlineData("I16", 1, 2, 25, "I16", "081c5e4e9511acc2")]
    [InlineData("I32", 1, 4, 26, "I32", "9574f7094c7b914d")]
    [InlineData("I64", 1, 8, 27, "I64", "362f5c3f9439e5df")]
    [InlineData("F64", 1, 8, 28, "F64", "b8122bc220d8d61f")]
    [InlineData("IQ1_M", 256, 56, 29, null, "74b42e82cf03ffc0")]
    [InlineData("BF16", 1, 2, 30, "BF16", "0d128f79a49d3e1b")]
    [InlineData("TQ1_0", 256, 54, 34, null, "ef0975cab54526d0")]
    [InlineData("TQ2_0", 256, 66, 35, null, "f6187e5c716ee52a")]
    [InlineData("MXFP4", 32, 17, 39, null, "213145705c4487f4")]
    [InlineData("U8", 1, 1, null, "U8", "cd03b4f9c5167f7a")]
    [InlineData("BOOL", 1, 1, null, "BOOL", "cd03b4f9c5167f7a")]
    [InlineData("U16", 1, 2, null, "U16", "8c9af973fb9939f2")]
    [InlineData("U32", 1, 4, null, "U32", "0380638225c6602c")]
    [InlineData("U64", 1, 8, null, "U64", "b7e32238c2233a79")]
    [InlineData("F8_E4M3", 1, 1, null, "F8_E4M3", "5c9523dc32f8ade8")]
    [InlineData("F8_E5M2", 1, 1, null, "F8_E5M2", "044752a6a1922bd7")]
    public void Every_format_keeps_its_layout_ids_and_values(
        string name, int blockSize, int blockBytes, int? ggufType, string? safetensorsType, string digest)
    {
        var format = NumberFormats.FromName(name).ShouldNotBeNull();
        format.BlockSize.ShouldBe(blockSize);
        format.BlockBytes.ShouldBe(blockBytes);
        format.GgufType.ShouldBe(ggufType);
        format.SafetensorsType.ShouldBe(safetensorsType);
        if (ggufType is not null)
            NumberFormats.FromGgufType(ggufType.Value).ShouldBeSameAs(format);
        if (safetensorsType is not null)
            NumberFormats.FromSafetensorsType(safetensorsType).ShouldBeSameAs(format);
        DigestOfDecodedNoise(format).ShouldBe(digest);
    }

    [Fact]
    public void The_table_lists_each_name_once_and_in_any_case()
    {
        NumberFormats.All.Select(f => f.Name).ShouldBeUnique();
        NumberFormats.FromName("q4_k").ShouldBeSameAs(NumberFormats.Q4_K);
        NumberFormats.KnownNames.ShouldStartWith("F32, F16, Q4_0");
        NumberFormats.KnownNames.Split(", ").Length.ShouldBe(NumberFormats.All.Count);
    }

    [Fact]
    public void Unknown_ids_give_null()
    {
        NumberFormats.FromGgufType(4).ShouldBeNull();           // Q4_2, gone from the format since 2023
        NumberFormats.FromGgufType(-1).ShouldBeNull();
        NumberFormats.FromSafetensorsType("f32").ShouldBeNull();
        NumberFormats.FromName("Q9_0").ShouldBeNull();
    }

    [Fact]
    public void Only_floats_and_quantized_formats_hold_weights()
    {
        NumberFormats.All.Where(f => !f.IsWeight).Select(f => f.Name)
            .ShouldBe(["I8", "I16", "I32", "I64", "U8", "BOOL", "U16", "U32", "U64"]);
    }

    [Fact]
    public void Sizes_of_rows_count_whole_blocks_and_do_not_wrap()
    {
        NumberFormats.Q4_K.BytesOf(512).ShouldBe(288);
        NumberFormats.Q8_0.BytesOf(0).ShouldBe(0);
        Should.Throw<OverflowException>(() => NumberFormats.F32.BytesOf(long.MaxValue));
    }

    private static string DigestOfDecodedNoise(NumberFormat format)
    {
        var values = new float[2048];
        var blocks = new byte[format.BytesOf(values.Length)];
        uint state = 1;
        for (int i = 0; i < blocks.Length; i++)
        {
            state = state * 1664525 + 1013904223;
            blocks[i] = (byte)(state >> 24);
        }
        format.Decode(blocks, values);
        for (int i = 0; i < values.Length; i++)
            values[i] = float.IsNaN(values[i]) ? float.NaN : values[i];         // which NaN it is may depend on the machine
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(values)))[..16];
    }
}
