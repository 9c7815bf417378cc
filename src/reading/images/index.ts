/** Image files: what a file is, and why it can't be used. Their pixels are in `pixels.ts`, for processes of reading alone. */
export { decoder, pixelsHash } from './content'
export { cropPath, hashOfFile, isThere, thumbnailPath, writeCropFile, writeWhole } from './files'
export { readOrdinaryFile } from './ordinary'
export { imageFormats, sniff, sniffLength, type FileKind, type ImageFormat } from './format'
export type { ImageHeader, RawPixels } from './header'
export { pixelLimit, reasonOfKind, reasonOfSystemError } from './reasons'
