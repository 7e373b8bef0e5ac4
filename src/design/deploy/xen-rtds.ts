// Xen's RTDS scheduler: EDF over deferrable servers, one a virtual CPU, set with xl in microseconds.

import { shellWord } from "../../input/shell.js";
import type { System } from "../../model/system.js";
import {
  type Mechanism,
  machineOf,
  onEachCpu,
  type Pins,
  reservations,
  type Settings,
  settingsHold,
  withPolicy,
} from "./deployment.js";
import { whyNoWord } from "./names.js";

/** Xen refuses less, in microseconds. */
const LEAST = 10;

export const xenRtds: Mechanism = { title: "Xen, RTDS", unit: "us", settingsOf };

function settingsOf(system: System, pins?: Pins): Settings {
  const { settings, warnings } = onEachCpu(system, pins, domainsOf);
  const which = pins === undefined ? "the CPU of this design" : "its CPU";
  return {
    settings: [
      `# Boot Xen with sched=rtds, and give each domain one virtual CPU, a VM as many as it has here, pinned to ${which}.`,
      ...settings,
    ],
    warnings,
  };
}

/** The domains of one CPU. */
function domainsOf(system: System, cpu: number | undefined): Settings {
  const { reserved, warnings } = reservations(system, { fields: ["extratime"] });
  for (const { name, period, budget } of reserved) {
    if (budget < LEAST || period < LEAST) warnings.push(`${name}: Xen refuses periods and budgets below ${LEAST} us`);
  }
  // A budget kept to the end of one period and the next one back to back: more than EDF's utilisation bound allows for.
  const host = { ...system.host, scheduler: "edf" } as const;
  warnings.push(
    ...settingsHold({ ...system, host, servers: reserved.map((server) => withPolicy(server, "deferrable")) }, "RTDS"),
  );
  if (reserved.some(({ more }) => more?.extratime === true))
    warnings.push("extra time (-e 1) is what others leave: it guarantees nothing beyond the budget");
  return {
    settings: reserved.flatMap((server) => {
      const { period, budget, more } = server;
      const { name, vcpu } = machineOf(server);
      const extra = more?.extratime === true ? 1 : 0;
      const which = server.vm === undefined ? "all" : vcpu;
      const reason = whyNoWord(name);
      if (reason === null)
        return [
          ...(cpu === undefined ? [] : [`xl vcpu-pin ${shellWord(name)} ${vcpu} ${cpu}`]),
          `xl sched-rtds -d ${shellWord(name)} -v ${which} -p ${period} -b ${budget} -e ${extra}`,
        ];
      warnings.push(`${JSON.stringify(name)} ${reason}: it has no settings here`);
      return [];
    }),
    warnings,
  };
}
