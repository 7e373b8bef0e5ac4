// A permutation of the first numbers of which each value is worked out by itself: a Feistel network over the least even number of
// bits that holds them, walked on while it leads outside (Black & Rogaway, CT-RSA 2002).

/** Rounds of the network: with four and a good function it is as good as random (Luby & Rackoff, 1988); two more are cheap. */
const ROUNDS = 6;

/**
 * A permutation of 0 to count - 1.
 * @param count from 1 to 2^32
 * @param mix a random word for one half of a number and the round
 */
export function permuted(count: number, mix: (half: number, round: number) => number): (number: number) => number {
  let bits = 1;
  while (4 ** bits < count) bits++;
  const half = 2 ** bits;
  const once = (number: number): number => {
    let [left, right] = [Math.floor(number / half), number % half];
    for (let round = 0; round < ROUNDS; round++) [left, right] = [right, (left ^ (mix(right, round) % half)) >>> 0];
    return left * half + right;
  };
  return (number) => {
    let at = once(number);
    while (at >= count) at = once(at);
    return at;
  };
}
