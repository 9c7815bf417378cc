/** Image files: what a file is, and why it can't be used. Their pixels are in `pixels.ts`, for processes of reading alone. */
export { headOf } from './bytes'
export { pixelsHash } from './content'
export {
  clearHalfMade,
  cropPath,
  hashOfFile,
  isThere,
  makeWholeFolder,
  thumbnailPath,
  writeCropFile,
  writeThumbnailFile,
  writeWhole
} from './files'
export { readOrdinaryFile } from './ordinary'
export { sniff, sniffLength, type FileKind } from './format'
export { reasonOfKind, reasonOfSystemError } from './reasons'
