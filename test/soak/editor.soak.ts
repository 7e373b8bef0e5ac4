// What an editor shows of a sweep: the YAML language server that editors use, started as they start it, with the schema that
// `replenish schema` prints named in the sweep's first line as its page says.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { replenish } from "../run/process.js";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

/** The client's side of the Language Server Protocol 3.17, as much as these tests say. */
class Editor {
  private bytes = Buffer.alloc(0);
  private sent = 0;
  private readonly waiting: {
    readonly wants: (message: Message) => boolean;
    readonly take: (message: Message) => void;
  }[] = [];

  constructor(private readonly server: ChildProcess) {
    server.stdout!.on("data", (data: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, data]);
      for (let message = this.next(); message !== undefined; message = this.next()) this.receive(message);
    });
  }

  async request<T>(method: string, params: unknown): Promise<T> {
    const id = ++this.sent;
    const answer = this.until((message) => message.id === id && message.method === undefined);
    this.write({ id, method, params });
    return (await answer).result as T;
  }

  notify(method: string, params: unknown): void {
    this.write({ method, params });
  }

  /** The first message from now on that is wanted. */
  until(wants: (message: Message) => boolean): Promise<Message> {
    return new Promise((take) => this.waiting.push({ wants, take }));
  }

  private receive(message: Message): void {
    // Of its questions it needs only the one after settings; none is the answer that an editor without any gives.
    if (message.method !== undefined && message.id !== undefined) this.write({ id: message.id, result: null });
    const found = this.waiting.findIndex(({ wants }) => wants(message));
    if (found >= 0) this.waiting.splice(found, 1)[0].take(message);
  }

  private next(): Message | undefined {
    const head = this.bytes.indexOf("\r\n\r\n");
    if (head < 0) return undefined;
    const length = Number(/Content-Length: (\d+)/.exec(this.bytes.toString("latin1", 0, head))![1]);
    if (this.bytes.length < head + 4 + length) return undefined;
    const text = this.bytes.toString("utf8", head + 4, head + 4 + length);
    this.bytes = this.bytes.subarray(head + 4 + length);
    return JSON.parse(text);
  }

  private write(message: object): void {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.server.stdin!.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }
}

interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

const SWEEP = `# yaml-language-server: $schema=sweep.schema.json
horizon: 100
system:
  host:
    scheduler: fp
  servers:
    vm:
      policy: idling
      period: 10
      budget: =Q
      tasks: { t: { period: 20, wcet: 2 } }
axes: { Q: [1, 2] }
`;

let directory: string;
let server: ChildProcess;
let editor: Editor;
let opened = 0;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "replenish-editor-"));
  writeFileSync(join(directory, "sweep.schema.json"), (await replenish("schema")).stdout);
  const home = dirname(createRequire(import.meta.url).resolve("yaml-language-server/package.json"));
  server = spawn(process.execPath, [join(home, "bin/yaml-language-server"), "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  editor = new Editor(server);
  await editor.request("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(directory).href,
    capabilities: { textDocument: { completion: { completionItem: { snippetSupport: false } } } },
  });
  editor.notify("initialized", {});
});

afterAll(() => {
  server.kill();
  rmSync(directory, { recursive: true });
});

/** Opens a text as a file beside the schema. */
async function open(text: string): Promise<{ uri: string; diagnostics: readonly Diagnostic[] }> {
  const uri = pathToFileURL(join(directory, `sweep${++opened}.yaml`)).href;
  const published = editor.until(
    ({ method, params }) => method === "textDocument/publishDiagnostics" && (params as { uri: string }).uri === uri,
  );
  editor.notify("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version: 1, text } });
  const { diagnostics } = (await published).params as { diagnostics: Diagnostic[] };
  return { uri, diagnostics };
}

/** What is offered behind the first occurrence of a text. */
async function offered(text: string, behind: string): Promise<string[]> {
  const { uri } = await open(text);
  const before = text.slice(0, text.indexOf(behind) + behind.length).split("\n");
  const position = { line: before.length - 1, character: before.at(-1)!.length };
  const { items } = await editor.request<{ items: { label: string }[] }>("textDocument/completion", {
    textDocument: { uri },
    position,
  });
  return items.map(({ label }) => label);
}

describe("a sweep in an editor", () => {
  test("a valid one has no marks", async () => {
    expect((await open(SWEEP)).diagnostics).toStrictEqual([]);
  });

  test("a misspelt key is marked where it stands", async () => {
    const { diagnostics } = await open(SWEEP.replace("budget:", "bugdet:"));
    const at = diagnostics.map(({ range: { start }, message }) => `${start.line}:${start.character} ${message}`);
    expect(at).toContainEqual(expect.stringMatching(/^9:6 .*bugdet/));
  });

  test("an unknown policy is marked, and the known ones are named", async () => {
    const { diagnostics } = await open(SWEEP.replace("idling", "idle"));
    expect(diagnostics[0].range.start).toStrictEqual({ line: 7, character: 14 });
    expect(diagnostics[0].message).toContain("deferrable");
  });

  test("policies, schedulers and keys are offered", async () => {
    const policies = await offered(SWEEP.replace("policy: idling", "policy: "), "policy: ");
    expect(policies).toEqual(expect.arrayContaining(["idling", "polling", "deferrable", "sporadic", "cbs"]));
    const hosts = await offered(SWEEP.replace("scheduler: fp", "scheduler: "), "scheduler: ");
    expect(hosts).toEqual(expect.arrayContaining(["fp", "edf", "table"]));
    const keys = await offered(`${SWEEP}re`, "\nre");
    expect(keys).toEqual(expect.arrayContaining(["replicates", "resolution"]));
  });
});
