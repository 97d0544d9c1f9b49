using System;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Example.Numerics;

[Flags]
public enum FileAccessRights : uint
{
    None = 0,
    Read = 1 << 0,
    Write = 1 << 1,
    Delete = 1 << 5,
    Full = 0x8000_0000 | Read | Write | Delete,
}

public readonly struct Matrix2x2(double a, double b, double c, double d)
{
    public const double BohrRadius = 5.29177210903e-11; // m
    private const ulong HashMask = 0xFF_FF00_00FFUL;
    private static readonly Regex Scientific = new(@"^[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?$", RegexOptions.Compiled);

    public double Determinant => a * d - b * c;

    public static Matrix2x2 operator *(Matrix2x2 l, Matrix2x2 r) => new(
        l[0, 0] * r[0, 0] + l[0, 1] * r[1, 0], l[0, 0] * r[0, 1] + l[0, 1] * r[1, 1],
        l[1, 0] * r[0, 0] + l[1, 1] * r[1, 0], l[1, 0] * r[0, 1] + l[1, 1] * r[1, 1]);

    public double this[int row, int col] => (row, col) switch { (0, 0) => a, (0, 1) => b, (1, 0) => c, (1, 1) => d, _ => throw new IndexOutOfRangeException() };

    public override string ToString() => FormattableString.Invariant($"⎡{a,8:F3} {b,8:F3}⎤\n⎣{c,8:F3} {d,8:F3}⎦");

    public static void Main()
    {
        var m = new Matrix2x2(1, 1, 1, 0) * new Matrix2x2(.5, -2e-3, 1.5e2, 0);
        Console.WriteLine(m);
        Console.WriteLine($"{m.Determinant:E3} {BohrRadius:G4} 0x{HashMask >> 8:X10} {FileAccessRights.Full & ~FileAccessRights.Write}");
        Console.WriteLine(string.Join(' ', new[] { "1e-5", "6.02E23", "1.", "0x1F" }.Select(s => Scientific.IsMatch(s) ? "✓" : "✗")));
        Console.WriteLine(1234567.891m.ToString("C", CultureInfo.GetCultureInfo("fr-FR")) + Convert.ToString(0b1010_0101, 2).PadLeft(16, '0'));
    }
}
