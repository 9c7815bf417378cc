/** Reading: from files to texts. It knows no project, no database and no window. */
export { openReader, type FieldFile, type FieldRead, type PageRead, type Reader, type ReaderOptions } from './reader'
export { loadModel, loadRegistry, preferredModel, type Model } from './models'
