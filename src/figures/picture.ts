// A picture as its SVG file has it, drawn on a canvas: groups that are moved, paths, rectangles and texts, by the rules of its style
// sheet for paper. Nothing else is in pictures of traces and fits, and what is not known is refused, not left out.

import { Path2D, type SKRSContext2D } from "@napi-rs/canvas";
import { childOf, type Element, readXml } from "../import/xml.js";

/** What a bitmap and a page of a document can both do. */
export type Context = Pick<
  SKRSContext2D,
  | ("save" | "restore" | "translate" | "scale" | "clip" | "beginPath" | "rect" | "fill" | "stroke" | "setLineDash")
  | ("fillText" | "strokeText" | "fillStyle" | "strokeStyle" | "lineWidth" | "globalAlpha" | "font" | "textAlign")
>;

/** A picture that is read, ready to be drawn. */
export interface Picture {
  readonly title: string;
  readonly caption: string;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  draw(context: Context): void;
}

/** Properties of an element, and where its path's lines repeat. */
type Style = Readonly<Record<string, string>>;

interface Rule {
  /** What an element and, before it, one around it must be: `text`, `.class`. */
  readonly selector: readonly string[];
  readonly style: Style;
}

/** @param svg text of a picture */
export function readPicture(svg: string): Picture {
  const root = readXml({ file: "picture", text: svg });
  const rules = rulesOf(textsOf(root, "style").join("\n"));
  const patterns = new Map(elementsOf(root, "pattern").map((pattern) => [`url(#${pattern.attributes.id})`, pattern]));
  return {
    title: childOf(root, "title")?.text ?? "",
    caption: childOf(root, "desc")?.text ?? "",
    width: Number(root.attributes.width),
    height: Number(root.attributes.height),
    draw: (context) => drawChildren(root, [], { context, rules, patterns }),
  };
}

interface Drawing {
  readonly context: Context;
  readonly rules: readonly Rule[];
  readonly patterns: ReadonlyMap<string, Element>;
}

function elementsOf(root: Element, name: string): Element[] {
  return root.children.flatMap((child) => [...(child.name === name ? [child] : []), ...elementsOf(child, name)]);
}

const textsOf = (root: Element, name: string) => elementsOf(root, name).map(({ text }) => text);

/** The rules of a style sheet that hold on paper: none of those for a kind of screen. */
function rulesOf(sheet: string): Rule[] {
  const onPaper = sheet.replace(/@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}/g, "");
  const rules = [...onPaper.matchAll(/([^{}]+)\{([^{}]*)\}/g)].flatMap(([, selectors, body]) => {
    const style = Object.fromEntries(body.split(";").map((line) => line.split(/:(.*)/s, 2).map((text) => text.trim())));
    return selectors.split(",").map((selector) => ({ selector: selector.trim().split(/\s+/), style }));
  });
  const weight = ({ selector }: Rule) => selector.filter((word) => word.startsWith(".")).length;
  return rules.sort((a, b) => weight(a) - weight(b));
}

const isOne = ({ name, attributes }: Element, word: string): boolean =>
  word.startsWith(".") ? (attributes.class ?? "").split(" ").includes(word.slice(1)) : name === word;

/** @param around the elements around it, the outermost first */
function styleOf(element: Element, around: readonly Element[], rules: readonly Rule[]): Style {
  const style: Record<string, string> = { ...element.attributes };
  for (const { selector, style: own } of rules) {
    const [last, before] = [selector.at(-1)!, selector.slice(0, -1)];
    if (isOne(element, last) && before.every((word) => around.some((outer) => isOne(outer, word))))
      Object.assign(style, own);
  }
  return style;
}

function drawChildren(element: Element, around: readonly Element[], drawing: Drawing): void {
  for (const child of element.children) draw(child, [...around, element], drawing);
}

/** What stands in a picture and is not drawn. */
const UNSEEN = new Set(["title", "desc", "style", "defs", "pattern"]);

function draw(element: Element, around: readonly Element[], drawing: Drawing): void {
  const { context } = drawing;
  if (UNSEEN.has(element.name)) return;
  if (element.name === "g") {
    const [, x, y] = /^translate\((\S+) (\S+)\)$/.exec(element.attributes.transform ?? "translate(0 0)")!;
    context.save();
    context.translate(Number(x), Number(y));
    drawChildren(element, around, drawing);
    context.restore();
    return;
  }
  const style = styleOf(element, around, drawing.rules);
  if (element.name === "text") drawText(element.text, style, context);
  else fillAndStroke(pathOf(element), style, drawing);
}

function pathOf({ name, attributes }: Element): Path2D {
  if (name === "path") return new Path2D(attributes.d);
  if (name !== "rect") throw new Error(`a picture with <${name}> cannot be drawn`);
  const path = new Path2D();
  path.rect(Number(attributes.x ?? 0), Number(attributes.y ?? 0), Number(attributes.width), Number(attributes.height));
  return path;
}

function fillAndStroke(path: Path2D, style: Style, drawing: Drawing): void {
  const { context, patterns } = drawing;
  const { fill = "#000", stroke = "none", opacity = "1" } = style;
  const pattern = patterns.get(fill);
  context.save();
  context.globalAlpha = Number(opacity) * Number(style["fill-opacity"] ?? 1);
  if (pattern !== undefined) drawPattern(path, pattern, drawing);
  else if (fill !== "none") {
    context.fillStyle = fill;
    context.fill(path);
  }
  context.globalAlpha = Number(opacity);
  if (stroke !== "none") {
    context.strokeStyle = stroke;
    context.lineWidth = Number.parseFloat(style["stroke-width"] ?? "1");
    context.setLineDash((style["stroke-dasharray"] ?? "").split(" ").filter(Boolean).map(Number));
    context.stroke(path);
  }
  context.restore();
}

/** A pattern's lines over all of a path: lines on paper too, where a bitmap would be coarse. */
function drawPattern(path: Path2D, pattern: Element, drawing: Drawing): void {
  const { context } = drawing;
  const [width, height] = [Number(pattern.attributes.width), Number(pattern.attributes.height)];
  const [left, top, right, bottom] = path.getBounds();
  context.save();
  context.clip(path);
  for (let y = Math.floor(top / height) * height; y < bottom; y += height) {
    for (let x = Math.floor(left / width) * width; x < right; x += width) {
      context.save();
      context.translate(x, y);
      context.beginPath();
      context.rect(0, 0, width, height);
      context.clip();
      drawChildren(pattern, [], drawing);
      context.restore();
    }
  }
  context.restore();
}

const ALIGNMENT = { start: "left", middle: "center", end: "right" } as const;

function drawText(text: string, style: Style, context: Context): void {
  context.font = `${style["font-weight"] ?? "400"} ${style["font-size"]} ${style["font-family"]}`;
  context.textAlign = ALIGNMENT[(style["text-anchor"] ?? "start") as keyof typeof ALIGNMENT];
  const [x, y] = [Number(style.x), Number(style.y)];
  if (style["paint-order"] === "stroke") {
    context.strokeStyle = style.stroke;
    context.lineWidth = Number.parseFloat(style["stroke-width"]);
    context.strokeText(text, x, y);
  }
  context.fillStyle = style.fill;
  context.fillText(text, x, y);
}
