// Files that are no trace as text: what they are, and what makes one of them.

const AS_TEXT = "which is what is read here";

/** With this byte every packet of a Perfetto trace begins. */
const PACKET = 0x0a;
/** After this line atrace writes its trace. */
const ATRACE = "TRACE:\n";

/** First bytes of a file. */
const MAGIC: readonly (readonly [bytes: string, what: string])[] = [
  ["\x17\x08\x44tracing", `a binary trace.dat: run \`trace-cmd report FILE\`, ${AS_TEXT}`],
  ["PERFILE2", `a binary perf.data: run \`perf script -i FILE -F comm,pid,tid,cpu,time,event,trace\`, ${AS_TEXT}`],
  ["\x1f\x8b", "packed by gzip: unpack it first, `gunzip -c FILE | replenish fit -`"],
  ["\x28\xb5\x2f\xfd", "packed by zstd: unpack it first, `zstd -dc FILE | replenish fit -`"],
  ["\xfd7zXZ", "packed by xz: unpack it first, `xz -dc FILE | replenish fit -`"],
  ["BZh", "packed by bzip2: unpack it first, `bzip2 -dc FILE | replenish fit -`"],
  ["\x04\x22\x4d\x18", "packed by lz4: unpack it first, `lz4 -dc FILE | replenish fit -`"],
  ["PK\x03\x04", "a zip archive: unpack it first, `unzip -p FILE | replenish fit -`"],
  ["\xff\xfe", "text in UTF-16: make UTF-8 of it, `iconv -f UTF-16 -t UTF-8 FILE | replenish fit -`"],
  ["\xfe\xff", "text in UTF-16: make UTF-8 of it, `iconv -f UTF-16 -t UTF-8 FILE | replenish fit -`"],
  ["\xc1\x1f\xfc\xc1", "a binary trace of LTTng (CTF): record the same with `trace-cmd` or `perf sched record`"],
  ["\x75\xd1\x1d\x57", "the metadata of an LTTng trace (CTF): record the same with `trace-cmd` or `perf sched record`"],
];

/** Lines near the beginning of a file. */
const LINES: readonly (readonly [form: RegExp, what: string])[] = [
  [
    /^\s*[[{].*"(?:traceEvents|ph|systemTraceEvents|displayTimeUnit)"/,
    "a JSON trace of Chrome or Perfetto: record with ftrace, or export the switches with `traceconv systrace`",
  ],
  [
    /^\s*(?:\S.*?)\s+\d+(?:\/\d+)?\s+\d+\.\d+:\s+(?:\d+\s+)?(?:sched:)?sched_switch:/,
    "perf script without the CPU: run it with `-F comm,pid,tid,cpu,time,event,trace`",
  ],
  [
    /^\s*(?:\S.*?)\s+\d+(?:\/\d+)?\s+\[\d+\]\s+(?:\d+\s+)?(?:sched:)?sched_switch:/,
    "perf script without the time: run it with `-F comm,pid,tid,cpu,time,event,trace`",
  ],
  [
    /^\s*(?:time\s+cpu\s+task name\s+wait time|Task\s+\|\s+Runtime ms|\*A0\s)/,
    "what `perf sched` makes of a recording: run `perf sched script`, which shows the switches themselves",
  ],
  [
    /^\s*(?:\d+\)\s+.*\|\s|CPU\s+DURATION\s+FUNCTION CALLS)/,
    "the function graph tracer: record the switches, `trace-cmd record -e sched:sched_switch`",
  ],
  [
    /^\[[\d:.]+\] \([+?][\d.?]*\) \S+ sched_switch: \{/,
    "an LTTng trace as babeltrace prints it: record the same with `trace-cmd` or `perf sched record`",
  ],
  [
    /^\s*\d+\.\d+ (?:\(.*?\)|).*\ssched:sched_switch\(/,
    "what `perf trace` prints: record with `perf sched record`, then run `perf script`",
  ],
  [/^Attaching \d+ probes?\.\.\./, "what bpftrace prints: record with `trace-cmd` or `perf sched record`"],
  [
    /^\s*\S.*\s\d+ +\d+ \d+ [0-9a-f]{8} \[[0-9a-f]{8,}\] +\d+\.\d+ms \(/,
    "the latency format in words: `echo noverbose > trace_options`, and read the trace again",
  ],
  [
    /^(?=.*\b(?:ts|time\w*)\b)(?=.*\bcpu\b)"?\w+"?(?:[,;\t]"?\w+"?){2,}$/i,
    "a table of columns, not the lines of a trace: of a Perfetto trace `traceconv systrace FILE` makes these",
  ],
  [/^\s*sched_switch: prev_comm=/, "switches without a time: `dmesg` and `tp_printk` do not say when and on which CPU"],
  [/^\s*(?:SchedTraceSegment|xentrace|CPU\d+ +\d+ \(\+ +\d+\))/, "a Xen trace: only Linux's switches are read here"],
];

/** So many bytes tell what a file is. */
export const BEGINNING = 512;

/** What the file is by its first bytes; undefined: text, as far as they tell. */
export function foreignFile(bytes: Buffer): string | undefined {
  const text = bytes.toString("latin1", 0, BEGINNING);
  const known = MAGIC.find(([magic]) => text.startsWith(magic));
  if (known !== undefined) return known[1];
  const atrace = text.indexOf(ATRACE);
  if (atrace >= 0 && text[atrace + ATRACE.length] === "x" && isBinary(text.slice(atrace + ATRACE.length)))
    return "packed by `atrace -z`: record without -z, or unpack what follows the line TRACE:, `zlib-flate -uncompress`";
  if (!isBinary(text)) return undefined;
  return bytes[0] === PACKET
    ? "a binary trace of Perfetto: run `traceconv systrace FILE`, which makes ftrace text of it"
    : "a binary file";
}

/** Whether there are control characters that no text has. */
function isBinary(text: string): boolean {
  return [...text].some((character) => character < " " && !"\t\n\v\f\r\x1b".includes(character));
}

/** What a line near the beginning shows the file to be. */
export function foreignLine(text: string): string | undefined {
  return LINES.find(([form]) => form.test(text))?.[1];
}
