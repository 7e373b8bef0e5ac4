import fc from "fast-check";
import { expect, test } from "vitest";
import { copyBits, setBits } from "../../src/tables/memory.js";

function bitsOf(bitmap: Uint8Array): number[] {
  return Array.from({ length: bitmap.length * 8 }, (_, bit) => (bitmap[bit >> 3] >> (bit & 7)) & 1);
}

test("bits are copied to any place, and to no other", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(bytes, fc.nat(95), fc.nat(95), fc.nat(95), (source, from, to, wanted) => {
      const count = Math.min(wanted, Math.max(0, source.length * 8 - from));
      const target = new Uint8Array(Math.ceil((to + count) / 8));
      for (let bit = 0; bit < to; bit++) if (bit % 3 !== 0) target[bit >> 3] |= 1 << (bit & 7);
      const before = bitsOf(target).slice(0, to);
      copyBits(source, from, target, to, count);
      expect(bitsOf(target)).toEqual([
        ...before,
        ...bitsOf(source).slice(from, from + count),
        ...new Array(target.length * 8 - to - count).fill(0),
      ]);
    }),
    { numRuns: 2000 },
  );
});

test("the first bits are set", () => {
  for (let count = 0; count <= 24; count++) {
    const bitmap = new Uint8Array(3);
    setBits(bitmap, count);
    expect(bitsOf(bitmap)).toEqual(Array.from({ length: 24 }, (_, bit) => (bit < count ? 1 : 0)));
  }
});
