/** Handwriting of one field in lines. */
export { segmentLines, type Line } from './segment'
