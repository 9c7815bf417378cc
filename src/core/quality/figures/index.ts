/** Figures of a project for its dataset page. */
export { errorsOf } from './errors'
export { overview } from './overview'
export { compareModels, scores } from './scores'
export { readRight } from './read-right'
