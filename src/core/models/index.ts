/** Models that are installed, and which of them reads a project. */
export { addModel } from './add'
export { chooseModel, selectModel, warmEngine } from './choose'
export { describeModels, refreshModels, tryModels } from './installed'
