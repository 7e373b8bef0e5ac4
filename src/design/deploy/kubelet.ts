// Kubernetes: the kubelet's static CPU manager gives whole CPUs to containers that ask for a whole number of them; to all
// others it gives CFS quotas, in thousandths of a CPU, with one period for the whole node.

import type { BudgetedServer, System } from "../../model/system.js";
import { PART_OF_MACHINE, UPPER_BOUND } from "./bandwidth-limit.js";
import { type Mechanism, type Pins, reservations, type Settings, virtualCpusOf } from "./deployment.js";
import { tickWarnings } from "./linux.js";
import { cpuText, onOneLine } from "./names.js";
import { DoesNotFit } from "./units.js";

/** Thousandths of a CPU in which limits are written. */
const PARTS = 1000;
const PERIOD_MIN = 1000;
const PERIOD_MAX = 1_000_000;

export const kubelet: Mechanism = { title: "Kubernetes, kubelet with static CPU manager", unit: "us", settingsOf };

function settingsOf(system: System, pins?: Pins): Settings {
  const { reserved: all, warnings } = reservations(system);
  const reserved = all.filter((server) => virtualCpusOf(all, server).length === 1);
  for (const { name } of all.filter((server) => !reserved.includes(server)))
    warnings.push(`${JSON.stringify(name)} ${PART_OF_MACHINE}: it has no settings here`);
  const parts = reserved.filter(({ budget, period }) => budget < period);
  const period = commonPeriod(parts);
  if (reserved.length > parts.length)
    warnings.push(
      "a container has a CPU of its own only in a pod whose requests are its limits, all of them whole CPUs",
    );
  if (parts.length > 0) warnings.push(UPPER_BOUND);
  if (pins !== undefined)
    warnings.push("the kubelet chooses CPUs itself: no container can be pinned to the CPU that is said beside it");
  const debt = "and what was too much is taken from the next quota";
  return {
    settings: [
      "# KubeletConfiguration of the node",
      "cpuManagerPolicy: static",
      ...(period === undefined
        ? []
        : ["featureGates: { CustomCPUCFSQuotaPeriod: true }", `cpuCFSQuotaPeriod: ${period}us`]),
      "# resources of each container",
      ...reserved.map((server) => resources(server, pins?.get(server.name))),
    ],
    warnings: [...warnings, ...tickWarnings(parts, "us", debt)],
  };
}

/** The one period of all that share a CPU. */
function commonPeriod(servers: readonly BudgetedServer[]): number | undefined {
  const periods = [...new Set(servers.map(({ period }) => period))];
  if (periods.length > 1)
    throw new DoesNotFit(`a node has one period for all quotas, and these are ${periods.join(", ")} us`);
  const [period] = periods;
  if (period !== undefined && (period < PERIOD_MIN || period > PERIOD_MAX))
    throw new DoesNotFit(`a node's period is from ${PERIOD_MIN} to ${PERIOD_MAX} us, and not ${period}`);
  return period;
}

function resources({ name, budget, period }: BudgetedServer, pinned: number | undefined): string {
  const cpu = budget === period ? "1" : `${Math.ceil((budget * PARTS) / period)}m`;
  return `resources: { requests: { cpu: "${cpu}", memory: 1Gi }, limits: { cpu: "${cpu}", memory: 1Gi } }  # ${onOneLine(name)}${cpuText(pinned)}`;
}
