import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DirectoryLock } from "../../src/files/lock.js";
import { DirectoryError } from "../../src/files/storage.js";

let directory: string;
let lock: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "replenish-lock-"));
  lock = join(directory, ".lock");
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const STARTED = "2026-01-02T03:04:05.678Z";

function mark(changes: object): string {
  return JSON.stringify({ host: hostname(), pid: process.pid, started: STARTED, instance: null, ...changes });
}

/** The number of a process that has ended. */
function goneProcess(): number {
  return spawnSync("true").pid;
}

async function takeOverNotices(text: string): Promise<string[]> {
  await writeFile(lock, text);
  const notices: string[] = [];
  const taken = await DirectoryLock.take(directory, { onNotice: (notice) => notices.push(notice) });
  await taken.release();
  return notices;
}

test("it names the host, the process and when it began; a second one is refused", async () => {
  const first = await DirectoryLock.take(join(directory, "new"));
  const holder = JSON.parse(await readFile(join(directory, "new", ".lock"), "utf8"));
  expect(holder).toMatchObject({ host: hostname(), pid: process.pid });
  expect(new Date(holder.started).toISOString()).toBe(holder.started);
  await expect(DirectoryLock.take(join(directory, "new"))).rejects.toThrow(
    `${join(directory, "new")}: in use by process ${process.pid} on ${hostname()} since ${holder.started}`,
  );
  await first.release();
  await (await DirectoryLock.take(join(directory, "new"))).release();
  expect(await readdir(join(directory, "new"))).toEqual([]);
});

test("one that a dead process left is taken over, and why is said", async () => {
  const pid = goneProcess();
  expect(await takeOverNotices(mark({ pid }))).toEqual([
    `${directory}: was left by process ${pid} on ${hostname()}, at work since ${STARTED}, which is gone; its lock is taken over`,
  ]);
  expect(await readdir(directory)).toEqual([]);
});

test("a process with the number of the holder is not the holder", async () => {
  const notices = await takeOverNotices(mark({ instance: "another boot 123" }));
  expect(notices).toEqual([
    expect.stringContaining("which is gone, and another process has its number; its lock is taken over"),
  ]);
});

test("an empty one is of a process that was killed while it took it", async () => {
  expect(await takeOverNotices("")).toEqual([
    expect.stringContaining("a process was killed while it locked it; its lock is taken over"),
  ]);
});

test("a link to nowhere in its place is refused at once", async () => {
  await symlink("nowhere", lock);
  for (const takeOver of [false, true])
    await expect(DirectoryLock.take(directory, { takeOver })).rejects.toThrow(
      `${directory}: has a .lock that is a link to nowhere; remove it`,
    );
  expect(await readdir(directory)).toEqual([".lock"]);
});

test("one of another host, or one that cannot be read, takes --take-over", async () => {
  for (const text of [mark({ host: "elsewhere", pid: 17 }), '{"host']) {
    await writeFile(lock, text);
    await expect(DirectoryLock.take(directory)).rejects.toThrow("if no process writes there any more: --take-over");
    const notices: string[] = [];
    const taken = await DirectoryLock.take(directory, { takeOver: true, onNotice: (notice) => notices.push(notice) });
    expect(notices).toEqual([expect.stringMatching(/ in use( by .*)?; its lock is taken over, as asked for$/)]);
    await taken.assertHeld();
    await taken.release();
  }
  await writeFile(lock, mark({ host: "elsewhere", pid: 17 }));
  await expect(DirectoryLock.take(directory)).rejects.toThrow(
    `in use by process 17 on elsewhere since ${STARTED}, which cannot be seen from this host`,
  );
});

test("whoever was taken over notices it, and leaves the new lock alone", async () => {
  const first = await DirectoryLock.take(directory);
  const second = await DirectoryLock.take(directory, { takeOver: true });
  await expect(first.assertHeld()).rejects.toThrow(DirectoryError);
  await first.release();
  await second.assertHeld();
  await second.release();
});

test("of many that find a stale one, one gets it", async () => {
  for (let round = 0; round < 20; round++) {
    await writeFile(lock, mark({ pid: goneProcess() }));
    const attempts = await Promise.allSettled([1, 2, 3, 4].map(() => DirectoryLock.take(directory)));
    const taken = attempts.filter((attempt) => attempt.status === "fulfilled");
    expect(taken.length).toBe(1);
    for (const attempt of taken) await attempt.value.release();
  }
});

test("what a process left that was killed while it removed a stale one is in nobody's way, whatever the clock says", async () => {
  const left = join(directory, ".lock.removing");
  const tomorrow = new Date(Date.now() + 86_400_000);
  for (const text of ["", mark({ pid: goneProcess() })]) {
    await writeFile(left, text);
    await utimes(left, tomorrow, tomorrow);
    await takeOverNotices(mark({ pid: goneProcess() }));
    expect(await readdir(directory)).toEqual([]);
  }
});

test("one of another container or boot takes --take-over, whatever number its process had", async () => {
  const pid = goneProcess();
  await writeFile(lock, mark({ pid, space: "another-boot pid:[1]" }));
  await expect(DirectoryLock.take(directory)).rejects.toThrow(
    `in use by process ${pid} on ${hostname()} since ${STARTED}, which cannot be seen from here: it was another container, or before a restart; if no process writes there any more: --take-over`,
  );
  const taken = await DirectoryLock.take(directory, { takeOver: true });
  await taken.assertHeld();
  await taken.release();
});

test("a process without file descriptors does not remove the lock of another", async () => {
  const held = await DirectoryLock.take(directory);
  const before = await readFile(lock, "utf8");
  const { stdout } = spawnSync("sh", ["-c", `ulimit -n 100; exec "${process.execPath}" --input-type=module`], {
    encoding: "utf8",
    input: WITHOUT_DESCRIPTORS.replace("DIRECTORY", JSON.stringify(directory)),
  });
  expect(stdout).toContain("EMFILE");
  expect(await readFile(lock, "utf8")).toBe(before);
  await held.assertHeld();
  await held.release();
});

/** A program that uses up its file descriptors, and then wants the lock. */
const WITHOUT_DESCRIPTORS = `
import { openSync } from "node:fs";
const { DirectoryLock } = await import(${JSON.stringify(new URL("../../build/src/files/lock.js", import.meta.url).href)});
const open = [];
try { for (;;) open.push(openSync("/dev/null")); } catch {}
await DirectoryLock.take(DIRECTORY).then(() => console.log("taken"), (error) => console.log(error.message));
`;

test("a stale one in a directory that is finished is cleared away; one that is held stays", async () => {
  await writeFile(lock, mark({ pid: goneProcess() }));
  await DirectoryLock.clear(directory);
  expect(await readdir(directory)).toEqual([]);
  const held = await DirectoryLock.take(directory);
  await DirectoryLock.clear(directory);
  await held.assertHeld();
  await held.release();
});
