using Ponder.Inference.Sampling;

namespace Ponder.Inference.Tests.Sampling;

public sealed class SamplingOptionsTests
{
    public static TheoryData<SamplingOptions, string> Invalid
    {
        get
        {
            var data = new TheoryData<SamplingOptions, string>
            {
                { new SamplingOptions { TopK = -1 }, "TopK" },
                { new SamplingOptions { PenaltyWindow = -1 }, "PenaltyWindow" },
                { new SamplingOptions { DryAllowedLength = 0 }, "DryAllowedLength" },
                { new SamplingOptions { DryWindow = -1 }, "DryWindow" },
                { new SamplingOptions { LogitBias = new Dictionary<int, double> { [-1] = 1 } }, "LogitBias" },
                { new SamplingOptions { LogitBias = new Dictionary<int, double> { [10] = 1 } }, "LogitBias" },
            };
            foreach (double value in (double[])[double.NaN, double.PositiveInfinity, -0.01, 100.1])
            {
                data.Add(new SamplingOptions { Temperature = value }, "Temperature");
                data.Add(new SamplingOptions { TopP = value }, "TopP");
                data.Add(new SamplingOptions { MinP = value }, "MinP");
                data.Add(new SamplingOptions { Typical = value }, "Typical");
                data.Add(new SamplingOptions { TopNSigma = value * 10 }, "TopNSigma");
                data.Add(new SamplingOptions { MirostatTau = value }, "MirostatTau");
                data.Add(new SamplingOptions { MirostatEta = value }, "MirostatEta");
                data.Add(new SamplingOptions { RepetitionPenalty = value }, "RepetitionPenalty");
                data.Add(new SamplingOptions { FrequencyPenalty = value * 201 }, "FrequencyPenalty");
                data.Add(new SamplingOptions { PresencePenalty = value * 201 }, "PresencePenalty");
                data.Add(new SamplingOptions { DryMultiplier = value }, "DryMultiplier");
                data.Add(new SamplingOptions { DryBase = value }, "DryBase");
                data.Add(new SamplingOptions { LogitBias = new Dictionary<int, double> { [1] = value * 10_001 } }, "LogitBias");
            }
            data.Add(new SamplingOptions { TopP = 0 }, "TopP");
            data.Add(new SamplingOptions { Typical = 0 }, "Typical");
            data.Add(new SamplingOptions { MirostatEta = 0 }, "MirostatEta");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Options_out_of_range_name_the_field(SamplingOptions options, string field) =>
        Should.Throw<ArgumentOutOfRangeException>(() => SamplerTests.ChainOf(options, 10)).ParamName.ShouldBe(field);

    [Fact]
    public void Lists_that_are_missing_or_hold_nothing_name_the_field()
    {
        Should.Throw<ArgumentException>(() => new SamplingOptions { DrySequenceBreakers = null! }.Validated()).ParamName.ShouldBe("DrySequenceBreakers");
        Should.Throw<ArgumentException>(() => new SamplingOptions { DrySequenceBreakers = ["a", ""] }.Validated()).ParamName.ShouldBe("DrySequenceBreakers");
        Should.Throw<ArgumentException>(() => new SamplingOptions { LogitBias = null! }.Validated()).ParamName.ShouldBe("LogitBias");
    }

    [Fact]
    public void What_is_at_its_default_is_no_step()
    {
        SamplerTests.ChainOf(new SamplingOptions(), 10).StepNames.ShouldBe(["Temperature"]);
        SamplerTests.ChainOf(SamplingOptions.Greedy with { TopK = 3, TopNSigma = 1, MirostatTau = 3 }, 10).StepNames.ShouldBe(["Temperature"]);
    }

    [Fact]
    public void Steps_come_in_the_order_that_the_options_tell()
    {
        var all = new SamplingOptions
        {
            TopK = 1,
            TopP = 0.5,
            MinP = 0.5,
            Typical = 0.5,
            TopNSigma = 1,
            MirostatTau = 1,
            RepetitionPenalty = 2,
            FrequencyPenalty = 1,
            DryMultiplier = 1,
            LogitBias = new Dictionary<int, double> { [0] = 1 },
        };
        SamplerTests.ChainOf(all, 10).StepNames.ShouldBe(
            ["LogitBias", "RepetitionPenalty", "CountPenalties", "Dry", "TopNSigma", "Temperature", "TopK", "Typical", "TopP", "MinP", "Mirostat"]);
    }
}
