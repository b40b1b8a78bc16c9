namespace Ponder.Cli.Tuning;

/// <summary>One run of a workload.</summary>
/// <param name="Seconds">From the requests to their last token.</param>
/// <param name="TokensPerSecond">Tokens of prompts and answers in that time: what is to be made large.</param>
/// <param name="PromptRate">Tokens of the prompts, per second until the last answer has begun.</param>
/// <param name="DecodeRate">Tokens of the answers, per second since then; 0 where none came after.</param>
internal readonly record struct WorkRun(double Seconds, double TokensPerSecond, double PromptRate, double DecodeRate);
