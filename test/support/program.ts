// The command as it is published: the bundle of npm run build.

import { fileURLToPath } from "node:url";

export const PROGRAM = fileURLToPath(new URL("../../build/command/replenish.js", import.meta.url));
