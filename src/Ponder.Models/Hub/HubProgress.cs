namespace Ponder.Models.Hub;

/// <summary>
/// How far a pull is. The first report of a file carries what was there already, so that a speed taken from
/// differences between reports is the speed of the network.
/// </summary>
/// <param name="File">The file's name in the repository; the repository's name while its files are being listed.</param>
/// <param name="FileNumber">Its place among the files of this pull, from 1; 0 while they are being listed.</param>
/// <param name="FileCount">Files of this pull; 0 while they are being listed.</param>
/// <param name="BytesDone">Bytes of the file that are on disk; falls back to 0 when a server makes the download start over.</param>
/// <param name="BytesTotal">Bytes of the whole file.</param>
/// <param name="Note">Something worth telling now (a retry, a wait), as a clause without a full stop; else null.</param>
public sealed record HubProgress(string File, int FileNumber, int FileCount, long BytesDone, long BytesTotal, string? Note = null);
