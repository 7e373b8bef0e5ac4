import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";

interface Internals {
  philox(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): void;
  word(index: number): number;
  quotient(a: bigint, b: bigint, c: bigint): bigint;
  ceilingOfQuotient(a: bigint, b: bigint, c: bigint): bigint;
  productExceeds(a: bigint, b: bigint, c: bigint, d: bigint): number;
}
let internals: Internals;

beforeAll(async () => {
  const entry = fileURLToPath(new URL("internals.ts", import.meta.url));
  let binary: string | Uint8Array = new Uint8Array();
  const { error, stderr } = await asc.main(
    [entry, "--runtime", "stub", "--outFile", "internals.wasm", "--baseDir", "/"],
    {
      writeFile: (_name, contents) => {
        binary = contents;
      },
    },
  );
  expect(error, stderr.toString()).toBeNull();
  const module = new WebAssembly.Module(binary as Uint8Array);
  internals = new WebAssembly.Instance(module, { env: { abort: () => 0 } }).exports as unknown as Internals;
});

// Known-answer vectors of Random123 (Salmon et al., SC'11), file kat_vectors: counter, key, output.
const PHILOX = [
  ["00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
  ["ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"],
  ["243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"],
];

describe("philox", () => {
  test.each(PHILOX)("counter %s, key %s", (counter, key, output) => {
    const numbers = `${counter} ${key}`.split(" ").map((word) => Number.parseInt(word, 16));
    internals.philox(...(numbers as [number, number, number, number, number, number]));
    const words = [0, 1, 2, 3].map((index) => (internals.word(index) >>> 0).toString(16).padStart(8, "0"));
    expect(words.join(" ")).toBe(output);
  });
});

describe("productExceeds", () => {
  test("compares products of up to 126 bits exactly", () => {
    const number = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(number, number, number, number, (a, b, c, d) => {
        expect(internals.productExceeds(a, b, c, d) !== 0).toBe(a * b > c * d);
      }),
    );
  });
  test("tells products that differ by one apart", () => {
    expect(internals.productExceeds(2n ** 53n, 2n ** 53n, 2n ** 53n - 1n, 2n ** 53n + 1n)).toBe(1);
    expect(internals.productExceeds(2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 53n, 2n ** 53n)).toBe(0);
    expect(internals.productExceeds(6n, 35n, 14n, 15n)).toBe(0);
  });
});

describe("quotient", () => {
  const MOST = 2n ** 63n - 1n;
  const least = (a: bigint, b: bigint) => (a < b ? a : b);

  test("divides products of up to 126 bits exactly, and says 2^63 - 1 where the result is beyond that", () => {
    const number = fc.oneof(fc.bigInt({ min: 0n, max: MOST }), fc.bigInt({ min: 0n, max: 100n }));
    fc.assert(
      fc.property(number, number, number, (a, b, c) => {
        const by = c + 1n > MOST ? MOST : c + 1n;
        const up = (a * b + by - 1n) / by;
        expect(internals.quotient(a, b, by)).toBe(least(MOST, (a * b) / by));
        expect(internals.ceilingOfQuotient(a, b, by)).toBe(least(MOST, up));
      }),
      { numRuns: 2000 },
    );
  });
});
