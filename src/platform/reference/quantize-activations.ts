/** Reference of quantizeActivations. Every step rounds to f32, as the specification says. */
import type { KernelCall } from "./memory.js";
import { rowStart } from "./memory.js";

const f32 = Math.fround;

/** Nearest whole number, halves to even. */
function round(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}

/** Nearest float8_e4m3fn of a value within -448 .. 448. */
function e4m3(x: number): number {
  const exponent = Math.max(-6, Math.floor(Math.log2(Math.abs(x) || 2 ** -9)));
  // log2 may be one off at powers of two; both steps then give the same value.
  const step = 2 ** (exponent - 3);
  return round(x / step) * step;
}

const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));

export function quantizeActivations({ inputs, outputs, number, text }: KernelCall): void {
  const [x, out] = [inputs[0]!, outputs[0]!];
  const size = x.shape[1]!;
  const groupSize = number("groupSize") || size;
  const isInt8 = text("type") === "int8";
  const [given, zeroPoint, minScale] = [f32(number("scale")), number("zeroPoint"), f32(number("minScale"))];
  for (let t = 0; t < x.shape[0]!; t++)
    for (let first = 0; first < size; first += groupSize) {
      const from = rowStart(x, t) + first;
      const to = rowStart(out, t) + first;
      const count = Math.min(groupSize, size - first);
      let most = 0;
      for (let k = 0; k < count; k++) {
        const value = Math.abs(x.data[from + k]!);
        if (value > most) most = value;
      }
      const own = isInt8 ? f32(most / 127) : Math.max(f32(most / 448), minScale);
      const scale = given > 0 ? given : own;
      for (let k = 0; k < count; k++) {
        const value = x.data[from + k]!;
        const quotient = scale === 0 ? value : f32(value / scale);
        const code = isInt8
          ? clamp(round(quotient) + zeroPoint, -128, 127) - zeroPoint
          : e4m3(clamp(quotient, -448, 448));
        out.data[to + k] = Number.isNaN(quotient) ? Number.NaN : f32(code * scale);
      }
    }
}
