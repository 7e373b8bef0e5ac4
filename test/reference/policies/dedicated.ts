// Servers that have the CPU whenever their turn comes: `dedicated`, and those whose host decides alone (`credit`). A
// `fair` server is never eligible: it is served in the best-effort class only.

import { isPending } from "../state.js";
import { Policy } from "./policy.js";

export class Dedicated extends Policy {
  override isEligible(_now: number): boolean {
    return isPending(this.server);
  }
}

export class BestEffort extends Policy {
  override isEligible(_now: number): boolean {
    return false;
  }
}
