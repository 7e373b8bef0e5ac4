// A figure or a picture as PNG or PDF, drawn by Skia with a font that is installed beside it. No browser is needed.

import { createRequire } from "node:module";
import { crc32 } from "node:zlib";
import { createCanvas, GlobalFonts, PDFDocument } from "@napi-rs/canvas";
import type { FigureSpec } from "./index.js";
import { type Context, readPicture } from "./picture.js";
import { viewOf } from "./svg.js";

/** Dots of a PNG for each CSS pixel: 288 an inch. */
const SCALE = 3;
/** Points of a PDF, 1/72 inch, for each CSS pixel, 1/96 inch. */
const POINTS = 0.75;

/** What is drawn, in CSS pixels. */
interface Drawing {
  readonly title: string;
  readonly caption: string;
  readonly width: number;
  readonly height: number;
  /** @param scale units of the context for each CSS pixel */
  draw(context: Context, scale: number): Promise<void>;
}

/** A kind of file. @param drawing laid out @returns its bytes */
type Encode = (drawing: Drawing) => Promise<Uint8Array>;

/** A PNG file with title and caption as its texts. */
const png: Encode = async ({ title, caption, width, height, draw }) => {
  const canvas = createCanvas(Math.ceil(width * SCALE), Math.ceil(height * SCALE));
  await draw(canvas.getContext("2d"), SCALE);
  return withTexts(await canvas.encode("png"), { Title: title, Description: caption });
};

/** A PDF file: its texts are texts, in a font that is embedded. */
const pdf: Encode = async ({ title, caption, width, height, draw }) => {
  const document = new PDFDocument({ title, subject: caption, creator: "replenish" });
  await draw(document.beginPage(width * POINTS, height * POINTS), POINTS);
  document.endPage();
  return document.close();
};

/** How files are encoded, by the end of their names. */
const ENCODE = { ".png": png, ".pdf": pdf } as const;
export type RasterEnd = keyof typeof ENCODE;

/** @returns the bytes of a file with a figure of a run's tables */
export async function fileOfFigure(figure: FigureSpec, end: RasterEnd): Promise<Uint8Array> {
  registerFont();
  const view = viewOf(figure);
  const [, width, height] = /^<svg [^>]*width="([\d.]+)" height="([\d.]+)"/.exec(await view.toSVG())!;
  const { title, caption } = figure;
  const bytes = await ENCODE[end]({
    ...{ title, caption, width: Number(width), height: Number(height) },
    draw: async (context, scale) => {
      await view.toCanvas(scale, { externalContext: context });
    },
  });
  view.finalize();
  return bytes;
}

/** @param svg a picture of a trace or of a fit @returns the bytes of a file with it, as it is on paper */
export function fileOfPicture(svg: string, end: RasterEnd): Promise<Uint8Array> {
  registerFont();
  const picture = readPicture(svg);
  return ENCODE[end]({
    ...picture,
    draw: async (context, scale) => {
      context.scale(scale, scale);
      picture.draw(context);
    },
  });
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
