/** Models: what a manifest may say, which ones are installed, and what names their readings. */
export { modelHash } from './hash'
export { classCount, parseManifest, type Manifest, type ModelInput, type ModelOutput } from './manifest'
export { allFilesOf, filesOf, loadModel, loadRegistry, preferredModel, type Model } from './registry'
