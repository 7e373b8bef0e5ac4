// A file that is written piece by piece under another name, and named when it is whole.

import type { FileHandle } from "node:fs/promises";
import { closePart, createPart, partOf, publish, removeAll, storing, writePieces } from "../files/storage.js";

export class PartFile {
  private isOpen = true;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** @throws StorageError */
  static async create(path: string): Promise<PartFile> {
    return new PartFile(path, await createPart(path));
  }

  /** @throws StorageError */
  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length > 0) await storing(this.path, () => writePieces(this.handle, [bytes]));
  }

  /** Makes it durable. @throws StorageError */
  async finish(): Promise<void> {
    this.isOpen = false;
    await closePart(this.path, this.handle);
    await publish([this.path]);
  }

  /** Gives up: nothing is left of it. */
  async discard(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    await this.handle.close().catch(() => {});
    await removeAll([partOf(this.path)]).catch(() => {});
  }
}
