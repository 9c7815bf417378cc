/** Boxes, lines to write on and tick squares that are printed on a page: proposals for a template's fields. */
export { proposeBoxes } from './propose'
export { straighten } from './straighten'
