/** Lays templates on pages: where each field is, what is written in it, and how sure that is. */
export { createRegistrar, matchedFrom, registrationFromCorners } from './registrar'
export type {
  Box,
  FieldCrop,
  Homography,
  LineCrop,
  Pixels,
  ProposedBox,
  Quad,
  Registrar,
  Registration,
  Template,
  TemplateField
} from './types'
