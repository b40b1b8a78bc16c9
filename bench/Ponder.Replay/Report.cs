using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ponder.Replay;

/// <summary>What a command measured: figures, some with a bar that they should meet.</summary>
internal sealed class Report(string title)
{
    private readonly List<Row> _rows = [];

    /// <summary>Adds a figure.</summary>
    public void Add(string name, double value, string unit = "") => _rows.Add(new Row(name, value, unit, null, null));

    /// <summary>Adds a figure that has a bar.</summary>
    public void Add(string name, double value, string unit, string bar, bool isMet) => _rows.Add(new Row(name, value, unit, bar, isMet));

    /// <summary>Writes a table, or one JSON object.</summary>
    public void Print(bool asJson) => Console.WriteLine(asJson ? Json() : Table());

    private string Table()
    {
        int name = _rows.Max(row => row.Name.Length);
        var text = new StringBuilder(title);
        foreach (var row in _rows)
        {
            text.AppendLine();
            text.Append(CultureInfo.InvariantCulture, $"  {row.Name.PadRight(name)}  {Number(row.Value),12} {row.Unit}");
            if (row.Bar is not null)
                text.Append(CultureInfo.InvariantCulture, $"   (bar: {row.Bar}; {(row.IsMet == true ? "met" : "MISSED")})");
        }
        return text.ToString();
    }

    private static string Number(double value) =>
        value == Math.Round(value) && Math.Abs(value) < 1e12 ? value.ToString("#,0", CultureInfo.InvariantCulture)
        : Math.Abs(value) >= 100 ? value.ToString("#,0.0", CultureInfo.InvariantCulture) : value.ToString("0.000", CultureInfo.InvariantCulture);

    private string Json()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("title", title);
            json.WriteStartArray("figures");
            foreach (var row in _rows)
            {
                json.WriteStartObject();
                json.WriteString("name", row.Name);
                if (double.IsFinite(row.Value))
                    json.WriteNumber("value", row.Value);
                else
                    json.WriteNull("value");
                json.WriteString("unit", row.Unit);
                if (row.Bar is not null)
                {
                    json.WriteString("bar", row.Bar);
                    json.WriteBoolean("met", row.IsMet == true);
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed record Row(string Name, double Value, string Unit, string? Bar, bool? IsMet);
}
