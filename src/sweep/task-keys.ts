// The keys that a task may have in a sweep.

import { TASK_FIELDS, treeOf } from "../model/fields.js";

/** What a task may say besides its fields; of `after` a field is a part. */
export const TASK_PARTS = ["vcpu", "parts", "after", "defer_while", "jobs", "recorded"] as const;
export const TASK_KEYS: readonly string[] = [...new Set([...treeOf(TASK_FIELDS).children.keys(), ...TASK_PARTS])];
