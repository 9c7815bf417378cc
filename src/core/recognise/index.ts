/** Keeps a project's readings up to date with its models. */
export { recogniseFields } from './fields'
