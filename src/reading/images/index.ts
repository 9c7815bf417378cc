/** Image files: what a file is, its upright 8-bit pixels, and why it can't be used. */
export { decoder, pixelsHash } from './content'
export { cropPath, hashOfFile, isThere, thumbnailPath, writeCropFile, writeWhole } from './files'
export { readOrdinaryFile } from './ordinary'
export { imageFormats, sniff, sniffLength, type FileKind, type ImageFormat } from './format'
export { checkDecodes, readHeader, storedPixels, uprightPixels, type UprightPixels } from './pixels'
export { pixelLimit, reasonOfKind, reasonOfSystemError } from './reasons'
