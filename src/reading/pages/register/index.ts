/** Lays templates on pages: where each field is, what is written in it, and how sure that is. */
export { createRegistrar, registrationFromCorners } from './registrar'
export type {
  FieldCrop,
  Homography,
  Pixels,
  ProposedBox,
  Quad,
  Registrar,
  Registration,
  Template,
  TemplateField
} from './types'
