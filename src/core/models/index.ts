/** Models that are installed, and which of them reads a project. */
export { addModel } from './add'
export { chooseModel, selectModel, selectTriedModel, warmEngine } from './choose'
export { describeModels, refreshModels, tryModels } from './installed'
