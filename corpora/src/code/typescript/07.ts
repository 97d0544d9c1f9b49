type Row4 = readonly [number, number, number, number];
export type Matrix4 = readonly [Row4, Row4, Row4, Row4];

export enum Permission {
  None = 0,
  Read = 1 << 0,
  Write = 1 << 1,
  Share = 1 << 2,
  All = Read | Write | Share,
}

export const GRAVITATIONAL_CONSTANT = 6.6743e-11 as const; // m³·kg⁻¹·s⁻²
export const EARTH_MASS = 5.972e24;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const HEX_COLOR = /^#?([\da-f]{3}|[\da-f]{6})$/i;

export const IDENTITY: Matrix4 = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];

export function multiply(a: Matrix4, b: Matrix4): Matrix4 {
  return a.map((row) => [0, 1, 2, 3].map((j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0))) as unknown as Matrix4;
}

export function fnv1a(text: string): string {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, FNV_PRIME) >>> 0;
  }
  return `0x${hash.toString(16).padStart(8, '0')}`;
}

export function parseColor(input: string): [r: number, g: number, b: number] {
  const hex = HEX_COLOR.exec(input)?.[1];
  if (hex === undefined) throw new SyntaxError(`Invalid colour "${input}"`);
  const full = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
  const value = Number.parseInt(full, 16);
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

export const has = (mask: Permission, flag: Permission): boolean => (mask & flag) === flag;

console.log(fnv1a('tokenizer'), parseColor('#f80'), has(Permission.All & ~Permission.Write, Permission.Share));
console.log((GRAVITATIONAL_CONSTANT * EARTH_MASS / 6.371e6 ** 2).toFixed(3), (1e21).toLocaleString('en-US'));
