namespace Ponder.TestSupport;

/// <summary>
/// Finds the reference data: the folder named by PONDER_SHARED, or <c>shared</c> beside the repository.
/// It is not part of the repository; tests that need it are skipped, and say so, where it is absent.
/// </summary>
public static class SharedData
{
    /// <summary>The repository: the nearest folder above the test assembly with Ponder.slnx in it.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The folder, or null when there is none.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>The full path of a file or folder in it.</summary>
    public static string Path(params string[] parts) =>
        System.IO.Path.Combine([Root ?? throw new InvalidOperationException("No shared data here: use SharedFact or SharedTheory."), .. parts]);

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Ponder.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No Ponder.slnx above {AppContext.BaseDirectory}.");
    }

    private static string? FindRoot()
    {
        string root = Environment.GetEnvironmentVariable("PONDER_SHARED") is { Length: > 0 } set
            ? set
            : System.IO.Path.Combine(Repository, "..", "shared");
        return Directory.Exists(System.IO.Path.Combine(root, "data")) ? System.IO.Path.GetFullPath(root) : null;
    }
}
