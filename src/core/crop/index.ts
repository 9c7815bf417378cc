/** The image of a field, as a browser shows it, and where a project keeps its crops. */
export { fieldFile, fieldImage, fieldPart, type FieldImage } from './field'
export { cropsFolder } from './folder'
