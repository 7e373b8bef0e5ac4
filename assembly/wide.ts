// Exact comparison of products that do not fit 64 bits.

/** High 64 bits of the product of two unsigned numbers. */
function productHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >> 32);
  const carry = aLow * bHigh + (middle & 0xffffffff);
  return aHigh * bHigh + (middle >> 32) + (carry >> 32);
}

/** Whether a * b > c * d, for numbers that are not negative. */
export function productExceeds(a: i64, b: i64, c: i64, d: i64): bool {
  const left = productHigh(a, b);
  const right = productHigh(c, d);
  return left == right ? <u64>(a * b) > <u64>(c * d) : left > right;
}
