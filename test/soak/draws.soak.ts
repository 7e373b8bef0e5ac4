// 100,000 sets of tasks of each kind against theory.

import { campaign } from "../workload/campaign.js";

campaign(100_000);
