// Why a run ended without a result.

import * as abi from "../../assembly/abi.js";

const REASONS: ReadonlyMap<number, string> = new Map([
  [abi.STATUS_OVERFLOW, "a counter or a time passes what is exact: 2^53 - 1, of a sum of response times 2^62"],
  [
    abi.STATUS_REFILLS_FULL,
    `a sporadic server had more than ${abi.REPLENISHMENTS_MAX} pending replenishments (REPLENISHMENTS_MAX)`,
  ],
  [abi.STATUS_BACKLOG_FULL, `a task had more than ${abi.BACKLOG_MAX} released, unfinished jobs (BACKLOG_MAX)`],
]);

/** Why a valid scenario cannot be computed; undefined for a status that says nothing of the kind. */
export function failureReason(status: number): string | undefined {
  return REASONS.get(status);
}
