// Numbers that the kernel and its callers share: limits, ids, slots and status codes. Literals only, no imports, so that
// AssemblyScript (which infers i32) and TypeScript (which infers number) both read this file as it is.

export const ABI_VERSION = 12;

// Limits of one cell. Exceeding one is an error that names it.
export const SERVERS_MAX = 64; // VCPUs, and servers that hold servers: a set of them is one 64-bit mask
export const CPUS_MAX = 64; // likewise
export const TASKS_MAX = 1024; // of all servers together; bounds the static columns, 13 KiB a task for its histogram
export const TASKS_PER_SERVER_MAX = 256; // a server's pending set is four 64-bit words
export const WINDOWS_MAX = 65536; // of a table host and all recorded servers together
export const JOBS_MAX = 65536; // given one by one, of all tasks together
export const OBSERVED_MAX = 65536; // observed execution times, of all tasks together
export const PARTS_MAX = 65536; // of all tasks together: one a VCPU
export const CHAINED_MAX = 262144; // jobs of tasks that follow others, from when they come to be until they leave
export const JOB_WINDOW_MAX = 1024; // consecutive jobs in which misses are counted
export const SHARE_PARTS_MAX = 1000000; // denominator of the share of long execution times: a draw is split by it
export const BACKLOG_MAX = 65536; // released, unfinished jobs of a task whose arrivals cannot be drawn again
export const BACKLOGS_MAX = 1048576; // those of all such tasks together
export const REPLENISHMENTS_MAX = 4096; // pending refills of one sporadic server (its max_replenishments is cut to this)

// A scenario is one flat array of float64: header, then servers, then tasks, then windows (those of the table, then those of
// each server), then jobs as given (those of each task), then observed execution times and then parts (likewise). A server is
// what semantics.md section 11 calls a VCPU, or a server of a tree: in its order, so a server stands before those in it, and the VCPUs of a VM
// one after the other. Every number is whole and at most 2^53 - 1. ABSENT stands for a field that was left out; the
// kernel fills the defaults of semantics.md section 2 in. IN_ slots are offsets within a record that goes in.
export const ABSENT = -1;

export const IN_HEADER_ABI = 0;
export const IN_HEADER_HORIZON = 1;
export const IN_HEADER_SEED_LOW = 2; // low 32 bits
export const IN_HEADER_SEED_HIGH = 3; // high 32 bits
export const IN_HEADER_REPLICATE = 4;
export const IN_HEADER_STOP = 5;
export const IN_HEADER_HOST_SCHEDULER = 6;
export const IN_HEADER_HOST_SWITCH = 7;
export const IN_HEADER_GUEST_SWITCH = 8;
export const IN_HEADER_FRAME = 9;
export const IN_HEADER_SERVERS = 10; // how many servers follow
export const IN_HEADER_TASKS = 11; // how many tasks follow
export const IN_HEADER_WINDOWS = 12; // how many of the windows are the table's
export const IN_HEADER_RELEASE_COST = 13;
export const IN_HEADER_REPLENISH_COST = 14;
export const IN_HEADER_FAIR_ALGORITHM = 15; // of the best-effort class, with what it asks for; ABSENT: there is no such class
export const IN_HEADER_FAIR_QUANTUM = 16;
export const IN_HEADER_FAIR_LATENCY = 17;
export const IN_HEADER_FAIR_MIN_GRANULARITY = 18;
export const IN_HEADER_FAIR_WAKEUP_GRANULARITY = 19;
export const IN_HEADER_FAIR_SLEEPER_CREDIT = 20;
export const IN_HEADER_FAIR_TICK = 21;
export const IN_HEADER_FAIR_SLICE = 22;
export const IN_HEADER_BANDWIDTH_MAX = 23; // a fraction: its numerator, and in the next slot its denominator
export const IN_HEADER_BANDWIDTH_RESERVED = 25; // likewise
export const IN_HEADER_EXTRA_QUANTUM = 27;
export const IN_HEADER_SLICE = 28;
export const IN_HEADER_TICK = 29;
export const IN_HEADER_RATELIMIT = 30;
export const IN_HEADER_CREDITS = 31;
export const IN_HEADER_ACCOUNTING = 32;
export const IN_HEADER_CPUS = 33;
export const IN_HEADER_HOST_MIGRATION = 34;
export const IN_HEADER_GUEST_MIGRATION = 35;
export const IN_HEADER_WARMUP = 36; // ABSENT: there is none
export const IN_HEADER_SIZE = 37;

export const IN_SERVER_POLICY = 0;
export const IN_SERVER_PERIOD = 1;
export const IN_SERVER_BUDGET = 2;
export const IN_SERVER_OFFSET = 3;
export const IN_SERVER_PRIORITY = 4;
export const IN_SERVER_SCHEDULER = 5;
export const IN_SERVER_PRIORITIES = 6;
export const IN_SERVER_PERIOD_MAX = 7;
export const IN_SERVER_BUDGET_MIN = 8;
export const IN_SERVER_MAX_REPLENISHMENTS = 9;
export const IN_SERVER_TASKS = 10; // how many of the tasks are this server's; they follow those of the servers before it
export const IN_SERVER_WINDOWS = 11; // how many of the windows are this server's; they follow those of the servers before it
export const IN_SERVER_FEATURES = 12; // from here on: what few servers have, see features.ts
export const IN_SERVER_BACKGROUND_PRIORITY = 12;
export const IN_SERVER_BACKGROUND_WEIGHT = 13;
export const IN_SERVER_LEND = 14; // 1: true
export const IN_SERVER_ENFORCE_EVERY = 15;
export const IN_SERVER_ENFORCE_PHASE = 16;
export const IN_SERVER_OVERRUN = 17;
export const IN_SERVER_ENFORCE_COST = 18;
export const IN_SERVER_DEADLINE = 19; // relative, of a cbs server
export const IN_SERVER_DEADLINE_GUEST = 20; // 1: that of its guest's jobs
export const IN_SERVER_RECLAIM = 21; // 1: true
export const IN_SERVER_FEEDBACK_EVERY = 22;
export const IN_SERVER_FEEDBACK_GAIN = 23; // a fraction: its numerator, and in the next slot its denominator
export const IN_SERVER_FEEDBACK_LOWEST = 25;
export const IN_SERVER_FEEDBACK_HIGHEST = 26;
export const IN_SERVER_CLOCK = 27;
export const IN_SERVER_LATENCY_WAKE = 28; // the least, and in the next slot the greatest
export const IN_SERVER_LATENCY_REPLENISH = 30; // likewise
export const IN_SERVER_WEIGHT = 32;
export const IN_SERVER_EXTRATIME = 33; // 1: true
export const IN_SERVER_EXTRAWEIGHT = 34;
export const IN_SERVER_CAP = 35;
export const IN_SERVER_REALTIME = 36; // 1: true
export const IN_SERVER_LAXITY = 37;
export const IN_SERVER_UTILIZATION = 38; // a fraction: its numerator, and in the next slot its denominator
export const IN_SERVER_FEATURES_END = 40;
// Of the first VCPU of a VM: how many it has. The others are the servers after it; they have 0 here, and no tasks: scheduler,
// priorities, assignment, separation and all tasks are those of the first. ABSENT: not listed as a VCPU.
export const IN_SERVER_VCPUS = 40;
export const IN_SERVER_ASSIGNMENT = 41;
export const IN_SERVER_SEPARATION = 42;
export const IN_SERVER_AFFINITY_LOW = 43; // CPUs 0 to 31, one bit each; both ABSENT: all CPUs
export const IN_SERVER_AFFINITY_HIGH = 44; // CPUs 32 to 63
export const IN_SERVER_PARENT = 45; // number of the server that it is in; its scheduler chooses this one, fp or edf
export const IN_SERVER_SIZE = 46;

export const IN_TASK_PERIOD = 0; // ABSENT: with jobs as given, or a think time
export const IN_TASK_WCET = 1;
export const IN_TASK_DEADLINE = 2;
export const IN_TASK_OFFSET = 3;
export const IN_TASK_PRIORITY = 4;
export const IN_TASK_BCET = 5;
export const IN_TASK_JITTER = 6;
export const IN_TASK_PERIOD_MAX = 7;
export const IN_TASK_ON_MISS = 8;
export const IN_TASK_THINK = 9;
export const IN_TASK_THINK_MAX = 10;
export const IN_TASK_JOBS = 11; // how many of the jobs are this task's; they follow those of the tasks before it
export const IN_TASK_VCPU = 12; // number of the server that is its VCPU, under partitioned assignment
export const IN_TASK_PARTS = 13; // how many of the parts are this task's; they follow those of the tasks before it
export const IN_TASK_AFTER = 14; // number of the task that it follows; its period is then ABSENT
export const IN_TASK_DELAY = 15; // likewise: from the completion there to the release here
export const IN_TASK_DEFER_WHILE = 16; // number of the server
export const IN_TASK_HOST_PRIORITY = 17;
export const IN_TASK_WINDOW = 18; // of weakly hard tasks: misses, and in the next slot the jobs that follow each other
export const IN_TASK_EXECUTION = 20; // how execution times are drawn, a TIMES_ number; ABSENT: uniform
export const IN_TASK_EXECUTION_MEAN = 21; // from here on: what some of them ask for
export const IN_TASK_EXECUTION_DEVIATION = 22;
export const IN_TASK_EXECUTION_SHAPE = 23; // a fraction: its numerator, and in the next slot its denominator
export const IN_TASK_EXECUTION_SCALE = 25;
export const IN_TASK_EXECUTION_SHARE = 26; // likewise
export const IN_TASK_EXECUTION_SHORT = 28;
export const IN_TASK_EXECUTION_LONG = 29;
export const IN_TASK_SPACING = 30; // how the times between arrivals are drawn, a SPACING_ number; ABSENT: uniform
export const IN_TASK_SPACING_MEAN = 31;
export const IN_TASK_OBSERVED = 32; // how many of the observed times are this task's; they follow those of the tasks before it
export const IN_TASK_SIZE = 33;

export const IN_WINDOW_SERVER = 0; // number of the server
export const IN_WINDOW_START = 1;
export const IN_WINDOW_DURATION = 2;
export const IN_WINDOW_CPU = 3; // of a table; ABSENT: 0
export const IN_WINDOW_SIZE = 4;

export const IN_JOB_AT = 0;
export const IN_JOB_WORK = 1;
export const IN_JOB_SIZE = 2;

export const IN_OBSERVED_TIME = 0;
export const IN_OBSERVED_SIZE = 1;

export const IN_PART_VCPU = 0; // number of the server
export const IN_PART_BUDGET = 1;
export const IN_PART_DEADLINE = 2; // relative to the arrival; under guest edf
export const IN_PART_SIZE = 3;

// Ids of the named choices.
export const STOP_HORIZON = 0;
export const STOP_FIRST_MISS = 1;

export const HOST_FP = 0;
export const HOST_EDF = 1;
export const HOST_TABLE = 2;
export const HOST_SEDF = 3;
export const HOST_CREDIT = 4;

export const POLICY_DEDICATED = 0;
export const POLICY_IDLING = 1;
export const POLICY_POLLING = 2;
export const POLICY_DEFERRABLE = 3;
export const POLICY_SPORADIC = 4;
export const POLICY_CBS = 5;
export const POLICY_CBS_SOFT = 6;
export const POLICY_RECORDED = 7;
export const POLICY_FAIR = 8;
export const POLICY_SPORADIC_POSIX = 9;
export const POLICY_RTDS = 10;
export const POLICY_TBS = 11;
export const POLICY_CUS = 12;
export const POLICY_SEDF = 13;
export const POLICY_CREDIT = 14;

export const GUEST_FP = 0;
export const GUEST_EDF = 1;
export const GUEST_FIFO = 2;

export const PRIORITIES_RM = 0;
export const PRIORITIES_DM = 1;
export const PRIORITIES_EXPLICIT = 2;

export const ON_MISS_CONTINUE = 0;
export const ON_MISS_ABORT = 1;
export const ON_MISS_SKIP = 2;
export const ON_MISS_SHIFT = 3;

export const TIMES_UNIFORM = 0;
export const TIMES_CONSTANT = 1;
export const TIMES_NORMAL = 2;
export const TIMES_EXPONENTIAL = 3;
export const TIMES_WEIBULL = 4;
export const TIMES_BIMODAL = 5;

export const SPACING_UNIFORM = 0;
export const SPACING_EXPONENTIAL = 1;

export const FAIR_SFQ = 0;
export const FAIR_CFS = 1;
export const FAIR_EEVDF = 2;

export const OVERRUN_CARRY = 0;
export const OVERRUN_FORGIVE = 1;

export const CLOCK_HOST = 0;
export const CLOCK_VIRTUAL = 1;
export const CLOCK_EXECUTION = 2;

export const ASSIGNMENT_PARTITIONED = 0;
export const ASSIGNMENT_GLOBAL_AWARE = 1;
export const ASSIGNMENT_GLOBAL_BLIND = 2;

export const SEPARATION_NONE = 0;
export const SEPARATION_US = 1;

export const ACCOUNTING_EXACT = 0;
export const ACCOUNTING_SAMPLED = 1;

// A result is one flat array of float64: host, then servers (as they went in), then tasks, in file order, then CPUs. NaN
// stands for null. OUT_ slots are offsets within a record that comes out. A VM has the sums of its VCPUs.
export const OUT_HOST_BUSY = 0;
export const OUT_HOST_IDLE = 1;
export const OUT_HOST_SWITCHES = 2;
export const OUT_HOST_OVERHEAD = 3;
export const OUT_HOST_END = 4;
export const OUT_HOST_MIGRATIONS = 5;
export const OUT_HOST_COUNTED = 6; // time in which is counted: from the warm-up's end to that of the run
export const OUT_HOST_SIZE = 7;

// Of a server and of a task: first the counters that add up from cycle to cycle, then the extremes, then what is
// computed at the end. The record counts in this order, see counters.ts.
export const OUT_SERVER_SUPPLY = 0;
export const OUT_SERVER_IDLED = 1;
export const OUT_SERVER_REPLENISHMENTS = 2;
export const OUT_SERVER_DEPLETIONS = 3;
export const OUT_SERVER_PREEMPTIONS = 4;
export const OUT_SERVER_SWITCHES = 5;
export const OUT_SERVER_GUEST_SWITCHES = 6;
export const OUT_SERVER_SUPPLY_BACKGROUND = 7;
export const OUT_SERVER_ADAPTATIONS = 8;
export const OUT_SERVER_SUMS = 9;
export const OUT_SERVER_BLACKOUT_MAX = 9;
export const OUT_SERVER_COUNTED = 10;
export const OUT_SERVER_BUDGET_LAST = 10;
export const OUT_SERVER_GUEST_TIME = 11;
export const OUT_SERVER_MIGRATIONS = 12;
export const OUT_SERVER_BLACKOUT_MAX_VM = 13; // of the first VCPU of a VM: the longest stretch in which none of them ran
export const OUT_SERVER_SIZE = 14;

export const OUT_TASK_RELEASED = 0;
export const OUT_TASK_MISSED = 1;
export const OUT_TASK_SKIPPED = 2;
export const OUT_TASK_PREEMPTIONS = 3;
export const OUT_TASK_RESPONSE_SUM = 4; // low 32 bits: the sum may pass 2^53
export const OUT_TASK_GUEST_RESPONSE_SUM = 5; // low 32 bits, likewise
export const OUT_TASK_SUMS = 6;
export const OUT_TASK_RESPONSE_MIN = 6;
export const OUT_TASK_RESPONSE_MAX = 7;
export const OUT_TASK_START_MAX = 8;
export const OUT_TASK_GAP_MAX = 9;
export const OUT_TASK_TARDINESS_MAX = 10;
export const OUT_TASK_GUEST_RESPONSE_MAX = 11;
export const OUT_TASK_COUNTED = 12;
export const OUT_TASK_COMPLETED = 12;
export const OUT_TASK_RESPONSE_SUM_HIGH = 13; // the sum divided by 2^32, rounded down
export const OUT_TASK_GUEST_RESPONSE_SUM_HIGH = 14; // likewise
export const OUT_TASK_RESPONSE_P50 = 15;
export const OUT_TASK_RESPONSE_P90 = 16;
export const OUT_TASK_RESPONSE_P99 = 17;
export const OUT_TASK_RESPONSE_P999 = 18;
export const OUT_TASK_JUDGED = 19; // released jobs, and missed ones still to come, whose deadline lies within the run
export const OUT_TASK_MIGRATIONS = 20;
export const OUT_TASK_MISSES_IN_WINDOW = 21;
export const OUT_TASK_SIZE = 22;

export const OUT_CPU_BUSY = 0;
export const OUT_CPU_IDLE = 1;
export const OUT_CPU_SWITCHES = 2;
export const OUT_CPU_SIZE = 3;

// What a run returns.
export const STATUS_DONE = 0;
export const STATUS_MORE = 1; // the slice of instants was used up; call again
export const STATUS_OVERFLOW = 2; // a counter or an absolute time left the range in which it is exact
export const STATUS_REFILLS_FULL = 3; // a sporadic server needed more than REPLENISHMENTS_MAX pending refills
export const STATUS_BACKLOG_FULL = 4; // more than BACKLOG_MAX released, unfinished jobs of a task, or BACKLOGS_MAX of all;
// or more than CHAINED_MAX jobs of tasks that follow others

// The event log of a traced run: rows of float64. ROW_ slots are offsets within a row.
export const EVENTS_MAX = 131072;
export const ROW_TIME = 0;
export const ROW_KIND = 1;
export const ROW_SERVER = 2; // number, or -1
export const ROW_TASK = 3; // number across all servers, or -1
export const ROW_JOB = 4; // number of the job within its task, or -1
export const ROW_VALUE = 5; // a budget is in whole ticks, rounded down; below 0 it is a debt
export const ROW_CLASS = 6; // as what the CPU is had from now on (dispatch, service): a SERVICE_ number
export const ROW_LEVEL = 7; // likewise: the level of who runs, or -1
export const ROW_PAYER = 8; // likewise: number of the server whose budget is used, or -1
export const ROW_CPU = 9; // of a dispatch, service or stop: number of the CPU; else -1
export const ROW_SIZE = 10;

export const SERVICE_RESERVED = 0; // real-time: by its budget, or without one by its priority or deadline
export const SERVICE_EXTRA = 1; // more than its budget, as its host or policy gives away what is left
export const SERVICE_BACKGROUND = 2;
export const SERVICE_BEST_EFFORT = 3;
export const SERVICE_IDLE = 4; // nobody has the CPU

export const EVENT_RELEASE = 0; // value: absolute deadline, NaN without one
export const EVENT_SKIP = 1; // released and dropped at once; value likewise
export const EVENT_COMPLETE = 2; // value: response time
export const EVENT_ABORT = 3; // value: work that was left
export const EVENT_DISPATCH = 4; // server, the last of its path in a tree, has the CPU (-1: nobody), task's job runs on it (-1: none); value: budget left
export const EVENT_STOP = 5; // the server loses the CPU; value: budget left
export const EVENT_REPLENISH = 6; // value: budget now
export const EVENT_DEPLETE = 7; // value: 0, or the new budget of a server that may go on at once
export const EVENT_DISCARD = 8; // the server lost its budget: without a job (polling), or at the end of a window (recorded)
export const EVENT_END = 9; // the effective horizon
export const EVENT_SERVICE = 10; // who runs goes on, in another class, at another level, or paid by another; value: budget left
export const EVENT_MISS = 11; // value: absolute deadline; written only where it is by a guest's clock that stands still at times
