using System.Security.Cryptography;
using Ponder.Numerics.Formats;

namespace Ponder.Numerics.Tests.Formats;

public sealed class CodebookTests
{
    [Fact]
    public void Points_are_spelled_lowest_coordinate_first_and_in_ascending_order()
    {
        // Of the nine points (a, b) over three levels, numbers 0, 5 and 7: 5 = 2 + 1 * 3, 7 = 1 + 2 * 3.
        var book = new Codebook(3, 2, [-1, 0, 1], Convert.ToBase64String([0b1010_0001, 0]));
        book.Count.ShouldBe(3);
        book[0].ToArray().ShouldBe([-1, -1]);
        book[1].ToArray().ShouldBe([1, 0]);
        book[2].ToArray().ShouldBe([0, 1]);
    }

    /// <summary>The digests were taken when blocks of every format had been found to decode as recorded elsewhere.</summary>
    [Fact]
    public void The_books_hold_as_many_points_as_their_indices_can_name_and_keep_them()
    {
        Digest(Codebooks.Iq2Xxs, 256).ShouldBe("05826b5d3e472a3a");
        Digest(Codebooks.Iq2Xs, 512).ShouldBe("06e47aaca60b4dc1");
        Digest(Codebooks.Iq2S, 1024).ShouldBe("e1aa1473412b0552");
        Digest(Codebooks.Iq3Xxs, 256).ShouldBe("46e35f5a997efdee");
        Digest(Codebooks.Iq3S, 512).ShouldBe("bd1af4945a1717c6");
        Digest(Codebooks.Iq1, 2048).ShouldBe("1d552b4162466c82");
    }

    [Fact]
    public void Seven_sign_bits_name_an_even_number_of_signs()
    {
        Signs.FromSevenBits(0).ShouldBe(0);
        Signs.FromSevenBits(1).ShouldBe(0x81);
        Signs.FromSevenBits(3).ShouldBe(3);
        Signs.FromSevenBits(0xFF).ShouldBe(0xFF);           // the eighth bit given is not part of the seven
    }

    private static string Digest(Codebook book, int count)
    {
        book.Count.ShouldBe(count);
        var points = Enumerable.Range(0, count).SelectMany(i => book[i].ToArray()).Select(v => (byte)v).ToArray();
        return Convert.ToHexStringLower(SHA256.HashData(points))[..16];
    }
}
