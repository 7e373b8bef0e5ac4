// What other tools and papers call the fields of a sweep: an answer for who writes one of their words.

/** A record of a sweep or scenario whose keys have other names elsewhere. */
export type WordRecord = "sweep" | "host" | "server" | "task";

/** Our word: theirs, in lower case and without "-" and "_". */
type Words = Readonly<Record<string, string>>;

const TIMES: Words = {
  period:
    "t p pi dlperiod schedperiod interval replenishmentperiod cpuperiod rtperiod rtperiodus cfsperiodus interarrival mininterarrival mit",
  deadline: "d dldeadline scheddeadline relativedeadline reldeadline",
  priority: "prio schedpriority rtpriority",
  offset: "o phi phase initialphase start starttime release releasetime firstrelease activationoffset",
};

const WORDS: Readonly<Record<WordRecord, Words>> = {
  sweep: {
    horizon: "duration length runtime simulationtime simtime end",
    replicates: "runs repetitions iterations",
    system: "servers vms tasks taskset",
    where: "constraints filter",
  },
  host: {
    scheduler: "policy algorithm sched scheduling",
    host_switch: "switch switchcost contextswitch contextswitchcost overhead",
  },
  server: {
    ...TIMES,
    budget:
      "runtime capacity slice execution executiontime c q theta cost wcet quota cpuquota dlruntime schedruntime deadlineruntime rtruntime rtruntimeus cfsquotaus maxbudget",
  },
  task: {
    ...TIMES,
    wcet: "runtime capacity slice executiontime exec c cost computation computationtime et wcec run worstcase load",
    bcet: "bestcase bestcaseexecution minexecution mincost",
    jitter: "j releasejitter activationjitter",
    period_max: "maxinterarrival maxperiod",
  },
};

/** What a word that we have elsewhere, or have as a result, is told. */
const ELSEWHERE: Readonly<Record<"server" | "task", Words>> = {
  server: { 'belongs to a task, where it is called "jitter"': "j jitter releasejitter activationjitter" },
  task: { 'belongs to the server of the task, where it is called "budget"': "budget q theta quota" },
};
const RESULTS =
  'is a result: "response_max" in tasks.arrow is what was simulated, with "analysis: true" "bound" what is guaranteed';
const RESULT_WORDS = "wcrt bcrt r response responsetime worstcaseresponsetime wcresponsetime";

const MEANINGS: Readonly<Record<string, string>> = {
  "server budget": "the CPU time of a server in a period",
  "task wcet": "the worst-case execution time of a task",
};

const OWNERS: Readonly<Record<WordRecord, string>> = {
  sweep: "a sweep",
  host: "the host",
  server: "a server",
  task: "a task",
};

/**
 * What to say of a key that another tool has: `; a server's budget is called "budget"`.
 * @param keys all keys of the record
 * @returns "" for a word that no neighbour is known to have
 */
export function neighbourRemark(record: WordRecord, key: string, keys: readonly string[]): string {
  const word = key.toLowerCase().replace(/[-_ .]/g, "");
  const has = (words: string) => words.split(" ").includes(word);
  const own = Object.entries(WORDS[record]).find(([name, theirs]) => keys.includes(name) && has(theirs))?.[0];
  const list = `; the keys of ${OWNERS[record]} are ${keys.join(", ")}`;
  if (own !== undefined) {
    const meaning = MEANINGS[`${record} ${own}`] ?? `this of ${OWNERS[record]}`;
    return `; ${meaning} is called ${JSON.stringify(own)}${list}`;
  }
  if (record !== "server" && record !== "task") return "";
  if (has(RESULT_WORDS)) return `; it ${RESULTS}`;
  const elsewhere = Object.entries(ELSEWHERE[record]).find(([, theirs]) => has(theirs))?.[0];
  return elsewhere === undefined ? "" : `; it ${elsewhere}`;
}

/** What to say where one of our maps has a single value, as the word has elsewhere; "" where no neighbour has it so. */
export function neighbourScalar(word: string): string {
  return word === "execution" ? `; ${MEANINGS["task wcet"]} is called "wcet"` : "";
}

/** A value that other tools have: their words, lower case and without "-", "_" and spaces, and what it is here. */
type ValueWords = readonly (readonly [words: string, remark: string])[];

const POLICY_WORDS: ValueWords = [
  ["ds deferrableserver", "a deferrable server is deferrable"],
  ["ps pollingserver", "a polling server is polling"],
  ["ss sporadicserver", "a sporadic server is sporadic"],
  ["schedsporadic posixsporadic", "SCHED_SPORADIC is sporadic-posix"],
  ["periodic periodicserver", "a periodic server, whose budget is used up with or without a job, is idling"],
  ["constantbandwidth constantbandwidthserver hcbs", "a constant bandwidth server is cbs"],
  ["totalbandwidth totalbandwidthserver", "a total bandwidth server is tbs"],
  ["scheddeadline deadline dl", "SCHED_DEADLINE is policy cbs under host edf"],
  ["rtgroup rtgroups rtthrottling", "an RT group is policy deferrable under host fp"],
  [
    "schedfifo schedrr fifo rr rt",
    "SCHED_FIFO has no budget: it is dedicated under host fp, where a smaller priority goes first",
  ],
  ["cfs eevdf schedother schednormal besteffort", "what shares the CPU by weights is fair; host.fair says how"],
];

const HOST_WORDS: ValueWords = [
  ["rm rms ratemonotonic", "rate monotonic is host fp with priorities by period: the shortest has the smallest"],
  [
    "dm dms deadlinemonotonic",
    "deadline monotonic is host fp with priorities by deadline: the shortest has the smallest",
  ],
  [
    "fifo rr schedfifo schedrr rt fpps fixedpriority fixedpriorities",
    "SCHED_FIFO is host fp, where a smaller priority goes first",
  ],
  ["deadline scheddeadline dl earliestdeadlinefirst", "SCHED_DEADLINE is host edf with servers of policy cbs"],
  [
    "cfs eevdf sfq fair schedother schednormal",
    "fair sharing is host fp with servers of policy fair; host.fair says how",
  ],
  ["rtds", "RTDS is host edf with servers of policy rtds"],
  ["arinc653 arinc tdma cyclic timetriggered", "a cyclic table of windows is host table"],
];

/**
 * What to say of a policy or a host scheduler by the name that it has elsewhere: `; a deferrable server is deferrable`.
 * @param choices those that there are: they tell which field it is
 * @returns "" for any other field, and for a word that no neighbour is known to have
 */
export function neighbourValue(found: string, choices: readonly string[]): string {
  const word = found.toLowerCase().replace(/[-_ .]/g, "");
  const words = choices.includes("deferrable") ? POLICY_WORDS : choices.includes("table") ? HOST_WORDS : [];
  const remark = words.find(([theirs]) => theirs.split(" ").includes(word))?.[1];
  return remark === undefined ? "" : `; ${remark}`;
}
