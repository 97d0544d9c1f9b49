const FLAG_READ = 1 << 0;
const FLAG_WRITE = 1 << 1;
const FLAG_ADMIN = 0x80;
const LIGHT_SPEED = 2.99792458e8; // m/s
const ELECTRON_CHARGE = 1.602_176_634e-19;
const MAX_SAFE = 0x1f_ffff_ffff_ffffn;
const NUMBER_RE = /^[+-]?(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i;

const identity = (n) => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
const transpose = (m) => m[0].map((_, j) => m.map((row) => row[j]));

function multiply(a, b) {
  const columns = transpose(b);
  return a.map((row) => columns.map((col) => row.reduce((sum, x, k) => sum + x * col[k], 0)));
}

function power(m, exponent) {
  let result = identity(m.length);
  for (let e = exponent, base = m; e > 0; e >>= 1, base = multiply(base, base)) {
    if (e & 1) result = multiply(result, base);
  }
  return result;
}

function formatMatrix(m, digits = 3) {
  const cells = m.map((row) => row.map((x) => x.toFixed(digits)));
  const width = Math.max(...cells.flat().map((s) => s.length));
  return cells.map((row) => `│ ${row.map((s) => s.padStart(width)).join('  ')} │`).join('\n');
}

console.log(formatMatrix(power([[1, 1], [1, 0]], 30), 0)); // Fibonacci numbers
console.log((FLAG_READ | FLAG_ADMIN).toString(2).padStart(8, '0'), (0xff & ~FLAG_WRITE).toString(16));
console.log(LIGHT_SPEED.toExponential(3), ELECTRON_CHARGE, MAX_SAFE, Number.EPSILON);
console.log(['-1.5e3', '.5', '0xCAFE', '1e', ''].map((s) => NUMBER_RE.test(s)));
console.log(new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }).format(1234567.891));
