/** What a file says of its image, whatever decodes it. */
import type { ImageFormat } from './format'
import type { Dpi } from './exif'

export interface ImageHeader {
  format: ImageFormat
  /** As stored, before the orientation is applied; px. */
  width: number
  height: number
  /** 1 upright … 8, as in Exif. */
  orientation: number
  pages: number
  /** One channel of grey; else colour. */
  grey: boolean
  cmyk: boolean
  alpha: boolean
  /** Of one sample. */
  bits: number
  /** null where the file does not say. */
  dpi: Dpi | null
}

/** Pixels of one image in memory. */
export interface RawPixels {
  /** Row by row from the top left, channels interleaved: grey, or red, green, blue. */
  data: Uint8Array
  width: number
  height: number
  channels: 1 | 3
  /** What was done to them that a person should know of; absent mostly. */
  notes?: string[]
}

/** Size as it is shown. */
export const uprightSize = ({ width, height, orientation }: ImageHeader): { width: number; height: number } =>
  orientation >= 5 ? { width: height, height: width } : { width, height }
