/** Handwriting of one field in lines. */
export { letterHeight, segmentLines, type Line } from './segment'
