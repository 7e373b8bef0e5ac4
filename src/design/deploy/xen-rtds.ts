// Xen's RTDS scheduler: EDF over deferrable servers, one a virtual CPU, set with xl in microseconds.

import { type Deployment, type Design, reservations, verify, withPolicy } from "./deployment.js";
import { shellWord } from "./text.js";
import { inDeployUnit } from "./units.js";

/** Xen refuses less, in microseconds. */
const LEAST = 10;

export function xenRtds({ system, step }: Design): Deployment {
  const rounded = inDeployUnit(system, step, "us");
  const { reserved, warnings } = reservations(rounded);
  for (const { name, period, budget } of reserved) {
    if (budget < LEAST || period < LEAST) warnings.push(`${name}: Xen refuses periods and budgets below ${LEAST} us`);
  }
  // A budget kept to the end of one period and the next one back to back: more than EDF's utilisation bound allows for.
  const host = { ...rounded.host, scheduler: "edf" } as const;
  warnings.push(
    ...verify({ ...rounded, host, servers: reserved.map((server) => withPolicy(server, "deferrable")) }, "RTDS"),
  );
  return {
    mechanism: "xen-rtds",
    title: "Xen, RTDS",
    unit: "us",
    settings: [
      "# Boot Xen with sched=rtds, and give each domain one virtual CPU, pinned to the CPU of this design.",
      ...reserved.map(
        ({ name, period, budget }) => `xl sched-rtds -d ${shellWord(name)} -v all -p ${period} -b ${budget} -e 0`,
      ),
    ],
    warnings,
  };
}
