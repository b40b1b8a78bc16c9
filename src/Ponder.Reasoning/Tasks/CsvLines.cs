using System.Text.Json;

namespace Ponder.Reasoning.Tasks;

/// <summary>CSV as RFC 4180 has it, without line breaks inside quotes: a line of names, then a problem a line.</summary>
internal static class CsvLines
{
    public static IEnumerable<(string Place, int Number, string Json)> Read(string path, string text)
    {
        string[]? names = null;
        int number = 0;
        using var reader = new StringReader(text);
        while (reader.ReadLine() is string line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            string[] cells = Cells(line) ?? throw new TaskException($"{path}, line {number}: a quote is not closed, or stands inside a cell");
            if (names is null)
            {
                names = cells;
                continue;
            }
            if (cells.Length != names.Length)
                throw new TaskException($"{path}, line {number}: has {cells.Length} cells where the first line has {names.Length}");
            // Empty cells are fields that are not there.
            var fields = names.Zip(cells).Where(pair => pair.Second.Length > 0).DistinctBy(pair => pair.First)
                .ToDictionary(pair => pair.First, pair => pair.Second);
            yield return ("line", number, JsonSerializer.Serialize(fields));
        }
    }

    private static string[]? Cells(string line)
    {
        var cells = new List<string>();
        int at = 0;
        while (true)
        {
            int end;
            if (at < line.Length && line[at] == '"')
            {
                end = at + 1;
                while (end < line.Length && (line[end] != '"' || (end + 1 < line.Length && line[end + 1] == '"' && ++end > 0)))
                    end++;
                if (end >= line.Length)
                    return null;
                cells.Add(line[(at + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal));
                end++;
            }
            else
            {
                end = line.IndexOf(',', at);
                end = end < 0 ? line.Length : end;
                cells.Add(line[at..end]);
            }
            if (end == line.Length)
                return [.. cells];
            if (line[end] != ',')
                return null;
            at = end + 1;
        }
    }
}
