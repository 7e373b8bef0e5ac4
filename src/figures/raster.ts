// A figure as PNG or PDF, drawn by Skia with a font that is installed beside it. No browser is needed.

import { createRequire } from "node:module";
import { crc32 } from "node:zlib";
import { createCanvas, GlobalFonts, PDFDocument } from "@napi-rs/canvas";
import type { FigureSpec } from "./index.js";
import { viewOf } from "./svg.js";

/** Dots of a PNG for each CSS pixel: 288 an inch. */
const SCALE = 3;
/** Points of a PDF, 1/72 inch, for each CSS pixel, 1/96 inch. */
const POINTS = 0.75;

/** @returns the bytes of a PNG file with title and caption as its texts */
export async function pngOf(figure: FigureSpec): Promise<Uint8Array> {
  const { view, width, height } = await laidOut(figure);
  const canvas = createCanvas(Math.ceil(width * SCALE), Math.ceil(height * SCALE));
  await view.toCanvas(SCALE, { externalContext: canvas.getContext("2d") });
  view.finalize();
  return withTexts(await canvas.encode("png"), { Title: figure.title, Description: figure.caption });
}

/** @returns the bytes of a PDF file: its texts are texts, in a font that is embedded */
export async function pdfOf(figure: FigureSpec): Promise<Uint8Array> {
  const { view, width, height } = await laidOut(figure);
  const document = new PDFDocument({ title: figure.title, subject: figure.caption, creator: "replenish" });
  const page = document.beginPage(width * POINTS, height * POINTS);
  await view.toCanvas(POINTS, { externalContext: page });
  view.finalize();
  document.endPage();
  return document.close();
}

/** The figure, and how large it is with its axes and legends. */
async function laidOut(figure: FigureSpec) {
  registerFont();
  const view = viewOf(figure);
  const [, width, height] = /^<svg [^>]*width="([\d.]+)" height="([\d.]+)"/.exec(await view.toSVG())!;
  return { view, width: Number(width), height: Number(height) };
}

let isRegistered = false;

/** Inter (SIL Open Font License); characters that it does not have come from the system's fonts. */
function registerFont(): void {
  if (isRegistered) return;
  isRegistered = true;
  const { resolve } = createRequire(import.meta.url);
  for (const script of ["latin", "latin-ext", "greek"]) {
    for (const weight of [400, 600])
      GlobalFonts.registerFromPath(resolve(`@fontsource/inter/files/inter-${script}-${weight}-normal.woff2`), "Inter");
  }
}

const SIGNATURE_BYTES = 8;
const HEADER_BYTES = 25;

/** A PNG file with texts after its header, as section 11.3.3 of its specification has them. */
function withTexts(png: Uint8Array, texts: Readonly<Record<string, string>>): Uint8Array {
  const chunks = Object.entries(texts).map(([key, text]) => {
    const body = Buffer.concat([Buffer.from(`iTXt${key}\0\0\0\0\0`, "latin1"), Buffer.from(text)]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length - 4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  });
  const at = SIGNATURE_BYTES + HEADER_BYTES;
  return Buffer.concat([png.subarray(0, at), ...chunks, png.subarray(at)]);
}
