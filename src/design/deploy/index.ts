// Deployment: a design -> the settings of real schedulers, as text. Pure.

import { arinc653 } from "./arinc653.js";
import { cgroup, libvirt } from "./bandwidth-limit.js";
import type { Deployment, Design } from "./deployment.js";
import type { Mechanism } from "./mechanisms.js";
import { rtApp } from "./rt-app.js";
import { schedDeadline } from "./sched-deadline.js";
import { DoesNotFit } from "./units.js";
import { xenRtds } from "./xen-rtds.js";

export type { Deployment, Design } from "./deployment.js";
export { MECHANISM_NAMES, type Mechanism } from "./mechanisms.js";

const MECHANISMS: Readonly<Record<Mechanism, (design: Design) => Deployment>> = {
  "sched-deadline": schedDeadline,
  libvirt,
  cgroup,
  "xen-rtds": xenRtds,
  arinc653,
  "rt-app": rtApp,
};

/**
 * The settings that give each server of a design its period and budget, in the mechanism's unit: budgets rounded up,
 * periods down.
 * @returns without settings, and with the reason as a warning, where the mechanism cannot do it
 */
export function deploy(design: Design, mechanism: Mechanism): Deployment {
  try {
    return MECHANISMS[mechanism](design);
  } catch (error) {
    if (!(error instanceof DoesNotFit)) throw error;
    return { mechanism, title: mechanism, unit: "us", settings: [], warnings: [`not possible: ${error.message}`] };
  }
}
