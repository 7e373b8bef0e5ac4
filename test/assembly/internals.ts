// Inner functions of the kernel, compiled to a module of their own for tests.

export { philox } from "../../assembly/random";

import { drawn1, drawn2 } from "../../assembly/random";

export { ceilingOfQuotient, productExceeds, quotient } from "../../assembly/wide";

export function word(index: i32): u32 {
  const pair = index < 2 ? drawn1 : drawn2;
  return <u32>(pair >> ((index & 1) << 5));
}
