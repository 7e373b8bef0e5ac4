// Numbers that the draws and their callers share, as ../abi.ts for runs: what is asked for goes in as one flat array of
// float64, what was drawn comes out as one. Literals only, no imports. A change here raises ABI_VERSION.

/** Most periods that `choose` can have; bounds the static memory. */
export const CHOICES_MAX = 1024;
/** Most tasks of one set: those of one server. */
export const DRAWN_MAX = 256;

// What is asked for. Times are whole steps; ratios are of the period, `bcet` of the wcet.
export const ASK_SEED_LOW = 0; // low 32 bits
export const ASK_SEED_HIGH = 1; // high 32 bits
export const ASK_SERVER = 2; // 32 bits of the server's name
export const ASK_REPLICATE = 3;
export const ASK_COUNT = 4;
export const ASK_UTILIZATION = 5; // of all tasks together
export const ASK_METHOD = 6;
export const ASK_EACH_LEAST = 7; // bounds of one task's utilization
export const ASK_EACH_MOST = 8;
export const ASK_PERIODS = 9;
export const ASK_PERIOD_LEAST = 10;
export const ASK_PERIOD_MOST = 11;
export const ASK_PERIOD_MULTIPLE = 12; // periods are multiples of it, as are their bounds
export const ASK_DEADLINE_LEAST = 13; // below 0: deadlines are the periods
export const ASK_DEADLINE_MOST = 14;
export const ASK_BCET_LEAST = 15; // below 0: every job takes the wcet
export const ASK_BCET_MOST = 16;
export const ASK_OFFSET = 17; // 1: drawn within the period
export const ASK_JITTER_LEAST = 18; // below 0: none
export const ASK_JITTER_MOST = 19;
export const ASK_CHOICES = 20; // how many periods to choose from follow, each with its weight
export const ASK_SIZE = 21;
export const CHOICE_PERIOD = 0;
export const CHOICE_WEIGHT = 1; // a whole number; all together at most 2^53 - 1
export const CHOICE_SIZE = 2;

export const METHOD_CONVOLUTION = 0;
export const METHOD_RANDFIXEDSUM = 1;
export const METHOD_UUNIFAST = 2;

export const PERIODS_LOG_UNIFORM = 0;
export const PERIODS_UNIFORM = 1;
export const PERIODS_CHOOSE = 2;

// What was drawn of each task. -1 stands for what was not asked for.
export const DRAWN_UTILIZATION = 0; // before its wcet was rounded
export const DRAWN_PERIOD = 1;
export const DRAWN_WCET = 2;
export const DRAWN_DEADLINE = 3;
export const DRAWN_BCET = 4;
export const DRAWN_OFFSET = 5;
export const DRAWN_JITTER = 6;
export const DRAWN_SIZE = 7;
