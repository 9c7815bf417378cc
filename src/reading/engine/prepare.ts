/** Files to a model's input pixels, as many at once as memory allows. */
import type { RawPixels } from '../images/header'
import { uprightPixels } from '../images/pixels'
import type { Model, ModelInput } from '../models'
import { prepare, toGrey, type Prepared } from '../preprocess'
import type { EngineItem } from './protocol'

/** Raw pixels that may be held while they are decoded. */
const MEMORY_BYTES = 192 * 1024 * 1024
/** Deep enough that decoding goes on in libuv's threads while onnxruntime holds this one. */
const MOST_AT_ONCE = 96
const LEAST_AT_ONCE = 2

/** Guesses how many images can be decoded at once from how large the recent ones were. */
export class Appetite {
  /** Nothing is known yet: as if they were pages of a scanner. */
  private typicalBytes = 16 * 1024 * 1024

  seen(bytes: number): void {
    this.typicalBytes = Math.max(bytes, this.typicalBytes * 0.8)
  }

  atOnce(): number {
    const fitting = Math.floor(MEMORY_BYTES / Math.max(1, this.typicalBytes))
    return Math.min(MOST_AT_ONCE, Math.max(LEAST_AT_ONCE, fitting))
  }
}

/** Grey pixels of at most this many bytes are kept to be read again: those of a batch are few megabytes then. */
const KEPT_BYTES = 128 * 1024

export interface PreparedFile extends Prepared {
  /** The file's upright pixels in grey; null: too many to be kept, or never wanted again. */
  kept: RawPixels | null
}

/** Structured clones are plain arrays of bytes. */
const bufferOf = (bytes: Uint8Array | undefined): Buffer | undefined =>
  bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/**
 * @param kept what an earlier call for this file kept: it is not decoded again
 * @throws NominaError `unreadable` with a reason for people
 */
export async function prepareFile(
  item: EngineItem,
  model: Model,
  appetite: Appetite,
  kept: RawPixels | null = null,
  input: ModelInput = model.manifest.input
): Promise<PreparedFile> {
  const grey = kept ?? (await greyOf(item, appetite))
  return {
    ...prepare(grey, input),
    kept: (model.second || model.manifest.views) && grey.data.length <= KEPT_BYTES ? grey : null
  }
}

async function greyOf({ path, page, rotation, content }: EngineItem, appetite: Appetite): Promise<RawPixels> {
  const pixels = await uprightPixels(path, page, rotation, bufferOf(content))
  appetite.seen(pixels.data.length)
  return { ...toGrey(pixels), channels: 1 }
}
