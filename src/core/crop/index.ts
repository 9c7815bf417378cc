/** Field images: from files to upright pixels, and to what a browser shows. */
export { cropPath, isThere, projectFolder, thumbnailPath, writeCropFile, writeWhole } from './derived'
export { fieldImage, type FieldImage } from './field'
export { imageFormats, sniff, sniffLength, type FileKind, type ImageFormat } from './format'
export { checkDecodes, readHeader, storedPixels, uprightPixels, type UprightPixels } from './pixels'
export { pixelLimit, reasonOfKind, reasonOfSystemError } from './reasons'
