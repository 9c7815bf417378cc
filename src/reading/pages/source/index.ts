/** From files to pages: PDFs, multi-page TIFFs and images, as they are stored. */
export { mostPages, mostPixels, refusePageCount } from './limits'
export { openSource, type PageOrigin, type PageSource, type StoredPage } from './source'
