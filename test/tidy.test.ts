// House rules that a reader would otherwise have to check in every review, by reading the source.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { GUESTS } from "../src/model/guests.js";
import { HOSTS } from "../src/model/hosts.js";
import { POLICIES } from "../src/model/policies.js";
import { FORMAT_NAMES } from "../src/trace/formats.js";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Source {
  /** Path from the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

function sourcesIn(directory: string, endings: readonly string[] = [".ts"]): Source[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: "utf8" })
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .map((name) => join(root, directory, name))
    .map((file) => ({ path: relative(root, file).split(sep).join("/"), text: readFileSync(file, "utf8") }));
}

const src = sourcesIn("src");
const assembly = sourcesIn("assembly");

/** The code without comments. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$|\s\/\/ .*$/gm, "");
}

/** The folder of src that a file is in, or the file itself. */
function roomOf(path: string): string {
  return path.split("/").length > 2 ? path.split("/")[1] : path;
}

/** The files of src, and the packages, that a file imports; without `ofTypes` only what is there when it runs. */
function targetsOf({ path, text }: Source, ofTypes = true): string[] {
  const imports = codeOf(text).matchAll(/(import|export) (type )?[^;"]*from\s*"([^"]*)"|import(?:\(| )"([^"]*)"/g);
  return [...imports]
    .filter(([, , type]) => ofTypes || type === undefined)
    .map(([, , , from, loaded]) => from ?? loaded)
    .map((target) => (target.startsWith(".") ? inSource(join(path, "..", target)) : target));
}

/** The source of a module that is imported as .js. */
function inSource(module: string): string {
  return module.split(sep).join("/").replace(/\.js$/, ".ts");
}

/** Which rooms a file imports. */
function importsOf(source: Source): string[] {
  const rooms = targetsOf(source)
    .filter((target) => /^(src|assembly)\//.test(target))
    .map((target) => (target.startsWith("src/") ? roomOf(target) : "assembly"));
  return [...new Set(rooms)].filter((room) => room !== roomOf(source.path)).sort();
}

/** The floor plan of ARCHITECTURE.md: rooms from the bottom up, and which of their files need Node. */
const FLOOR_PLAN = [
  ...readFileSync(join(root, "ARCHITECTURE.md"), "utf8").matchAll(
    /^\| `([\w./]+)` +\|.*\| (Node|pure)( but .*)? +\|$/gm,
  ),
].map(([, room, node, but]) => ({
  room,
  pure: node === "pure",
  loaders: [...(but ?? "").matchAll(/`([\w./-]+)`/g)].map(([, file]) => `src/${room}/${file}`),
}));

// Every room sees only rooms above it.
const ORDER = FLOOR_PLAN.map(({ room }) => room);

/** Packages that a browser can run. */
const PURE_PACKAGES = [
  "@uwdata/flechette",
  "apache-arrow",
  "fastest-levenshtein",
  "fraction.js",
  "jsep",
  "lossless-json",
  "saxes",
  "string-width",
  "vega",
  "vega-lite",
  "yaml",
  "zod",
];

test("what ARCHITECTURE.md names is there, but for the NAME of what is added", () => {
  const page = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const named = [...page.matchAll(/`((?:assembly|src|test|docs|\.ci)\/[\w./-]+)`/g)].map(([, path]) => path);
  expect(named.length).toBeGreaterThan(0);
  for (const path of named) {
    const found = /\b(NAME|ROOM)\b/.test(path) ? join(path, "..") : path;
    expect(existsSync(join(root, found)), path).toBe(true);
  }
});

describe("imports go in one direction", () => {
  test.each(src)("$path", (source) => {
    const place = ORDER.indexOf(roomOf(source.path));
    expect(place, `${roomOf(source.path)} has no place in the order`).toBeGreaterThanOrEqual(0);
    const below = importsOf(source).filter((room) => !(ORDER.indexOf(room) >= 0 && ORDER.indexOf(room) < place));
    expect(below).toStrictEqual([]);
  });

  test("the floor plan names every room once, and no other", () => {
    const rooms = new Set(src.map(({ path }) => roomOf(path)));
    expect([...ORDER].sort()).toStrictEqual(["assembly", ...rooms].sort());
    const files = src.map(({ path }) => path);
    for (const { loaders } of FLOOR_PLAN) expect(files).toEqual(expect.arrayContaining(loaders));
  });

  test("analysis takes numbers and knows nothing else", () => {
    for (const source of src.filter(({ path }) => path.startsWith("src/analysis/"))) {
      for (const room of importsOf(source)) expect(["numbers", "model"], source.path).toContain(room);
    }
  });

  test("only src/arrow says Arrow", () => {
    const saying = src.filter(({ text }) => /from "apache-arrow"/.test(codeOf(text))).map(({ path }) => roomOf(path));
    expect([...new Set(saying)]).toStrictEqual(["arrow"]);
  });

  test("only one module touches WebAssembly", () => {
    const touching = src
      .filter(({ text }) => /WebAssembly\.(Instance|Memory)/.test(codeOf(text)))
      .map(({ path }) => path);
    expect(touching).toStrictEqual(["src/kernel/kernel.ts"]);
  });
});

describe("a browser can run what is pure", () => {
  const loaders = FLOOR_PLAN.flatMap(({ loaders }) => loaders);
  const isPure = (path: string): boolean =>
    path.startsWith("assembly/") ||
    (FLOOR_PLAN.find(({ room }) => room === roomOf(path))?.pure === true && !loaders.includes(path));

  test.each(src.filter(({ path }) => isPure(path)))("$path", (source) => {
    const impure = targetsOf(source, false).filter((target) =>
      /^(src|assembly)\//.test(target) ? !isPure(target) : !PURE_PACKAGES.includes(target),
    );
    expect(impure).toStrictEqual([]);
    expect(codeOf(source.text)).not.toMatch(/\b(process|Buffer)\.|\brequire\(/);
  });

  test.each(loaders.map((path) => ({ path })))("$path needs Node", ({ path }) => {
    const { text } = src.find((source) => source.path === path)!;
    expect(targetsOf({ path, text }, false).some((target) => !isPure(target) && !PURE_PACKAGES.includes(target))).toBe(
      true,
    );
  });
});

describe("nothing that differs between two runs reaches a table", () => {
  // Clocks belong to progress, logs and locks; the pool measures how long its chunks take.
  const CLOCKS = /^src\/(commands|run|pool|files\/lock\.ts|results\/(run-log|directory|journal\/writer)\.ts)/;

  test.each(src)("$path", ({ path, text }) => {
    const code = codeOf(text);
    expect(code).not.toMatch(/Math\.random|randomBytes/);
    // Flags of the engine come and go with its versions, and one that does not know them says so on stderr.
    expect(code).not.toMatch(/setFlagsFromString/);
    // Whose lock it is, whose file that is still being written, and who may see a page.
    if (!/^src\/(files\/(lock|storage)|show\/server)\.ts$/.test(path)) expect(code).not.toMatch(/randomUUID/);
    if (!CLOCKS.test(path)) expect(code).not.toMatch(/Date\.now|new Date|performance\.now|process\.hrtime/);
    // Engines may differ in the last bit of these.
    expect(code).not.toMatch(/Math\.(pow|exp|expm1|log|log2|log10|log1p|sin|cos|tan|cbrt|hypot)\(/);
  });
});

describe("the kernel", () => {
  test("has no floating point but at its boundary and in its draws", () => {
    const exact = assembly.filter(({ path }) => !path.startsWith("assembly/draws/"));
    const floating = exact.filter(({ text }) => /\bf64\b/.test(codeOf(text))).map(({ path }) => path);
    // Input, counters and events are float64 where they leave; sums are estimated to see whether they would overflow.
    expect(floating.sort()).toStrictEqual([
      "assembly/counters.ts",
      "assembly/events.ts",
      "assembly/input.ts",
      "assembly/leap.ts",
    ]);
  });

  test.each([
    ["policies", POLICIES],
    ["hosts", HOSTS],
    ["guests", GUESTS],
  ])(
    "has one file for each of its %s, which says where it comes from and is known to dispatch.ts alone",
    (folder, names) => {
      const dispatch = readFileSync(join(root, "assembly", folder, "dispatch.ts"), "utf8");
      for (const name of names) {
        const text = readFileSync(join(root, "assembly", folder, `${name}.ts`), "utf8");
        expect(dispatch).toContain(`"./${name}"`);
        expect(text.split("\n").slice(0, 3).join(" "), name).toMatch(
          /\b(19|20)\d\d\b|ARINC 653|first served|no paper to cite/,
        );
      }
    },
  );

  test.each(["simulation.ts", "leap.ts", "scenario.ts", "cores.ts", "jobs.ts"])(
    "names no policy or scheduler in %s",
    (file) => {
      const code = codeOf(readFileSync(join(root, "assembly", file), "utf8"));
      const folders = "(?:policies|hosts|guests)/(?!dispatch\\b)";
      const ids = "\\b(?:POLICY|HOST|GUEST)_[A-Z]";
      expect(code).not.toMatch(new RegExp(`${folders}|${ids}|sporadic|polling|deferrable|\\bcbs\\b|\\bedf\\b`, "i"));
    },
  );
});

test("README.md names every command, and docs/formats.md every trace format", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const list = /COMMANDS[^=]*= \[([^\]]*)\]/.exec(readFileSync(join(root, "src/commands/list.ts"), "utf8"))![1];
  const names = list.match(/\w+/g)!.map((name) => ({ importFiles: "import", exportTables: "export" })[name] ?? name); // words of the language
  expect(names).toContain("run");
  for (const name of names) expect(readme, name).toMatch(new RegExp(`\\| .*\`(replenish )?${name}\\b`));
  const formats = readFileSync(join(root, "docs/formats.md"), "utf8");
  for (const name of FORMAT_NAMES) expect(formats, name).toContain(`| \`${name}\``);
});

test("docs/policies.md links every policy, host and guest to its file", () => {
  const page = readFileSync(join(root, "docs/policies.md"), "utf8");
  for (const name of POLICIES) expect(page).toContain(`(../assembly/policies/${name}.ts)`);
  for (const name of HOSTS) expect(page).toContain(`(../assembly/hosts/${name}.ts)`);
  for (const name of GUESTS) expect(page).toContain(`(../assembly/guests/${name}.ts)`);
});

/** Pages of the root, of docs and beside the code. */
const pages: Source[] = [
  ...readdirSync(root)
    .filter((name) => name.endsWith(".md"))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") })),
  ...["docs", "assembly", "src", "test"].flatMap((directory) => sourcesIn(directory, [".md"])),
];

describe("pages link only to files that are there", () => {
  test.each(pages)("$path", ({ path, text }) => {
    for (const [, target] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      expect(existsSync(join(root, path, "..", target)), target).toBe(true);
    }
  });
});

test("the package has every file that a page of it links", () => {
  const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: string[] };
  const isShipped = (path: string) => path === "README.md" || files.some((file) => `${path}/`.startsWith(`${file}/`));
  for (const { path, text } of pages.filter(({ path }) => isShipped(path))) {
    for (const [, target] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      expect(isShipped(inSource(join(path, "..", target))), `${path}: ${target}`).toBe(true);
    }
  }
});

describe("what is cited is there", () => {
  // "semantics.md section 5", "analysis.md sections 1 and 3", also over the end of a comment's line.
  const CITATION = /([\w./-]*\w\.md)\b(?:[\s/*]+sections?[\s/*]+((?:[\d.]*\d(?:,| and| to)?[\s/*]+)*[\d.]*\d))?/g;

  /** The page that a name means: beside the file, in docs, or in the root. */
  function pageOf(path: string, name: string): Source | undefined {
    const meant = [join(path, "..", name), join("docs", name), name].map((file) => file.split(sep).join("/"));
    return pages.find((page) => meant.includes(page.path));
  }

  test.each([...pages, ...src, ...assembly, ...sourcesIn("test", [".ts", ".js"])])("$path", ({ path, text }) => {
    for (const [citation, name, numbers] of text.matchAll(CITATION)) {
      const page = pageOf(path, name);
      expect(page, citation).toBeDefined();
      for (const [number] of (numbers ?? "").matchAll(/\d+(?:\.\d+)*/g)) {
        expect(page!.text, citation).toMatch(new RegExp(`^#+ ${number.replaceAll(".", "\\.")}[. ]`, "m"));
      }
    }
  });
});

describe("functions fit one screen", () => {
  const MOST = 60;

  test.each([...src, ...assembly])("$path", ({ text }) => {
    const lines = text.split("\n");
    const long: string[] = [];
    for (let i = 0; i < lines.length; i++) {
      const found = /^(\s*)(?:export )?(?:async )?(?:(?:private|public|static|async) )*(?:function )?(\w+)\(.*\{$/.exec(
        lines[i],
      );
      if (found === null || /^\s*(if|for|while|switch|return|describe|test)\b/.test(lines[i])) continue;
      const end = lines.findIndex((line, at) => at > i && [`${found[1]}}`, `${found[1]}},`].includes(line));
      if (end - i + 1 > MOST) long.push(`${found[2]}: ${end - i + 1} lines`);
    }
    // The simulation loop is one screen and a half: its phases in one place are worth more than a split.
    expect(long.filter((name) => !name.startsWith("loop:"))).toStrictEqual([]);
  });
});

test("the slow reference and the random systems cover every policy, host and guest", () => {
  const reference = sourcesIn("test/reference")
    .map(({ text }) => codeOf(text))
    .join("\n");
  for (const name of [...POLICIES, ...HOSTS, ...GUESTS]) expect(reference.includes(`"${name}"`), name).toBe(true);
  // What has bounds is drawn by the soundness hunt, which takes its lists from the bounds.
  const systems = readFileSync(join(root, "test/soundness/systems.ts"), "utf8");
  expect(systems).toContain("BOUNDS[policy][host]");
});
