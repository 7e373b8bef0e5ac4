// The names of the mechanisms, apart from what they do: the command line shows them in its help.

export const MECHANISM_NAMES = ["sched-deadline", "libvirt", "cgroup", "xen-rtds", "arinc653", "rt-app"] as const;

export type Mechanism = (typeof MECHANISM_NAMES)[number];
