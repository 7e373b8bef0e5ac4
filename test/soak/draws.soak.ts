// 100,000 sets of tasks, and 100,000 drawn times, of each kind against theory.

import { campaignOfArrivals, campaign as campaignOfTimes } from "../kernel/times.js";
import { campaign } from "../workload/campaign.js";

campaign(100_000);
campaignOfTimes(100_000);
campaignOfArrivals(100_000);
