// `replenish explore`: the page of a run over loopback, with the rows that are asked for. Who does not have the token from
// the address gets nothing, and nobody gets anything that is not an answer to one of the page's questions.

import { randomUUID, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BadFilter } from "../page/filter.js";
import { QUERIES, type QueryName, readRowParameters, toJson } from "../page/served.js";
import type { Explorer } from "./explorer.js";

const HOST = "127.0.0.1";

export interface Serving {
  /** Of the page, with its token. */
  readonly address: string;
  close(): Promise<void>;
}

/** Starts to serve. @param port 0 for a free one @throws Error when the port is not to be had */
export async function serve(explorer: Explorer, page: string, port: number): Promise<Serving> {
  const token = `${randomUUID()}${randomUUID()}`.replaceAll("-", "");
  const server = createServer((request, response) => void respond(explorer, page, token, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return { address: `http://${HOST}:${bound}/${token}/`, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** What goes back: a status, a type and a body. */
type Reply = readonly [status: number, type: string, body: string | Uint8Array];

async function respond(
  explorer: Explorer,
  page: string,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [status, type, body] = await replyTo(explorer, page, token, request);
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "content-security-policy": type.startsWith("text/html") ? "frame-ancestors 'none'" : "default-src 'none'",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    ...(status === 405 ? { allow: "GET, HEAD" } : {}),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

const TEXT = "text/plain; charset=utf-8";

async function replyTo(explorer: Explorer, page: string, token: string, request: IncomingMessage): Promise<Reply> {
  const { method, url = "", headers } = request;
  if (method !== "GET" && method !== "HEAD") return [405, TEXT, "only GET and HEAD"];
  // A name that was made to mean this machine is not this machine.
  if (!/^(127\.0\.0\.1|localhost):\d+$/.test(headers.host ?? "")) return [404, TEXT, "not found"];
  const found = /^\/([0-9a-f]+)\/(\w*)(?:\?(.*))?$/.exec(url);
  if (found === null || !isSame(found[1], token)) return [404, TEXT, "not found"];
  const [, , name, parameters = ""] = found;
  if (name === "") return [200, "text/html; charset=utf-8", page];
  if (!QUERIES.some((query) => query === name)) return [404, TEXT, "not found"];
  try {
    return await answerTo(explorer, name as QueryName, new URLSearchParams(parameters));
  } catch (error) {
    const isTheirs = error instanceof BadFilter || error instanceof RangeError || error instanceof SyntaxError;
    return [isTheirs ? 400 : 500, TEXT, (error as Error).message];
  }
}

function isSame(given: string, token: string): boolean {
  return given.length === token.length && timingSafeEqual(Buffer.from(given), Buffer.from(token));
}

async function answerTo(explorer: Explorer, name: QueryName, parameters: URLSearchParams): Promise<Reply> {
  const whole = (key: string) => {
    const text = parameters.get(key) ?? "";
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw new RangeError(`${key} is a whole number`);
  };
  const answers: Record<Exclude<QueryName, "map">, () => Promise<unknown>> = {
    axes: () => explorer.axisLists(),
    answer: () => explorer.answer(),
    curves: () => explorer.curves(parameters.get("axis") ?? ""),
    responses: () => explorer.responses(parameters),
    rows: () => explorer.rows(readRowParameters(parameters)),
    run: () => explorer.run(whole("cell"), whole("replicate")),
  };
  if (name === "map") return [200, "application/octet-stream", await explorer.map(parameters)];
  return [200, "application/json", JSON.stringify(await answers[name](), toJson)];
}
